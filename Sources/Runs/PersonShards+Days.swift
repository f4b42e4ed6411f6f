import Events
import Ingest

extension PersonShards {
    /// The days of all rows, and each source's first and last time. One pass over memory with little work for each row: neighbours
    /// are of one day mostly, and a person is noted once for every change of day.
    func countDays(_ sources: KindSources, threads: Int, cancellation: Cancellation) throws -> (days: EventDays, spans: SourceSpans) {
        let none = Array(repeating: SourceSpans.Span.empty, count: sources.symbols.count)
        let counted = try Parallel.run(
            count: count, threads: threads, cancellation: cancellation,
            state: { _ in (days: EventDays(), spans: none, scratch: RowScratch()) }
        ) { state, shard in
            let rows = try rows(ofShard: shard, state.scratch)
            count(rows, first: first(ofShard: shard), end: first(ofShard: shard + 1), sources, into: &state.days, &state.spans)
        }
        var (days, spans) = (EventDays(), SourceSpans())
        for (more, found, _) in counted {
            days.absorb(more)
            for (number, span) in found.enumerated() where !span.isEmpty { spans.add(sources.symbols[number], span) }
        }
        return (days, spans)
    }

    /// - Parameters:
    ///   - first, end: of the persons that the rows belong to.
    ///   - spans: by number of a source.
    private func count(
        _ rows: PackedRows, first: Int, end: Int, _ sources: KindSources, into days: inout EventDays, _ spans: inout [SourceSpans.Span]
    ) {
        // By person: the day noted last. And person and day of each note, as one number.
        var noted = [Int32](repeating: .min, count: end - first)
        var notes: [UInt64] = []
        var (day, dayStart, dayEnd) = (Int32.min, EventTime.max, EventTime.min)
        var (events, latest) = (Int64(0), EventTime.min)
        func flush() { if events > 0 { days.add(day, .init(persons: 0, events: events, latest: latest)) } }
        rows.forEach { row, _ in
            let event = EventRow(row)
            let time = event.time
            spans[sources.ofKind[Int(event.kind)]].add(time)
            if time < dayStart || time >= dayEnd {
                flush()
                day = EventDays.day(of: time)
                dayStart = EventDays.start(of: day)
                dayEnd = dayStart + CivilDate.microsecondsPerDay
                (events, latest) = (0, .min)
            }
            events += 1
            if time > latest { latest = time }
            let person = Int(event.identity) - first
            if noted[person] != day {
                noted[person] = day
                notes.append(UInt64(person) << 32 | UInt64(UInt32(bitPattern: day)))
            }
        }
        flush()
        notes.sort()
        for (place, note) in notes.enumerated() where place == 0 || notes[place - 1] != note {
            days.add(Int32(truncatingIfNeeded: note), .init(persons: 1, events: 0, latest: .min))
        }
    }
}
