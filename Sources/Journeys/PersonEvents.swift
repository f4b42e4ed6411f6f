package import Events

/// One person's events in order, without duplicates. One object is used for person after person.
package final class PersonEvents {
    package private(set) var count = 0
    package private(set) var times: Slots<EventTime>
    /// The days of `times` in the pipeline's time zone; filled by `setDays`.
    package private(set) var days: Slots<Int32>
    /// Numbers of kinds in the merged table.
    package private(set) var kinds: Slots<UInt32>
    private(set) var rows: Slots<EventRow>
    /// What the journey type at hand says of each event.
    package private(set) var facts: Slots<EventFacts>
    /// What expressions ask of each event; filled by `makeContexts` where rules are matched.
    private(set) var contexts: Slots<EventContext>
    /// Events left out because their id came before.
    package var duplicates: Int { dropped.count }
    /// These events.
    package private(set) var dropped: [EventRow] = []
    /// Events of which a later copy counts.
    private var replaced: [Int32] = []

    private let layout: RowLayout
    private var capacity = 256
    private var order: [Place] = []
    /// Open addressing over `rows`, by event id; -1 where free.
    private var seen: [Int32] = []
    private let seed = HashSeed.ofProcess

    /// Sorting key of pipelines/rules.md, 5; `position` is the place in the input order.
    private struct Place {
        var time: EventTime
        var sequence: Int64
        var position: Int

        static func precedes(_ left: Place, _ right: Place) -> Bool {
            if left.time != right.time { return left.time < right.time }
            return left.sequence != right.sequence ? left.sequence < right.sequence : left.position < right.position
        }
    }

    init(layout: RowLayout) {
        self.layout = layout
        (times, days, kinds) = (Slots(count: capacity), Slots(count: capacity), Slots(count: capacity))
        (rows, facts, contexts) = (Slots(count: capacity), Slots(count: capacity), Slots(count: capacity))
    }

    deinit { release() }

    private func release() {
        times.release()
        days.release()
        kinds.release()
        rows.release()
        facts.release()
        contexts.release()
    }

    private func makeRoom(_ needed: Int) {
        guard needed > capacity else { return }
        release()
        while capacity < needed { capacity *= 2 }
        (times, days, kinds) = (Slots(count: capacity), Slots(count: capacity), Slots(count: capacity))
        (rows, facts, contexts) = (Slots(count: capacity), Slots(count: capacity), Slots(count: capacity))
    }

    /// Takes in a person's rows, given in input order. O(n) where they are in order of time, else O(n log n).
    func load(_ input: Span<EventRow>) {
        makeRoom(input.count)
        count = 0
        dropped.removeAll(keepingCapacity: true)
        if layout.eventIDOffset != nil { prepareSeen(input.count) }
        if isSorted(input) {
            for place in input.indices { append(input[place]) }
        } else {
            sort(input)
            for place in order { append(input[place.position]) }
        }
        if !replaced.isEmpty { dropReplaced() }
    }

    /// Closes the gaps that copies left which a later one stands for.
    private func dropReplaced() {
        let gone = Set(replaced)
        replaced.removeAll(keepingCapacity: true)
        var kept = 0
        for event in 0..<count where !gone.contains(Int32(event)) {
            times[kept] = times[event]
            kinds[kept] = kinds[event]
            rows[kept] = rows[event]
            kept += 1
        }
        count = kept
    }

    func setDays(_ calendar: inout DayCalendar) {
        for event in 0..<count { days[event] = calendar.day(of: times[event]) }
    }

    var columns: PersonColumns { PersonColumns(times: times, kinds: kinds, contexts: contexts) }

    /// Before rules are matched that ask for no step.
    func makeContexts(_ symbols: EventSymbols) {
        let (kinds, rows, contexts) = (kinds, rows, contexts)
        for event in 0..<count {
            contexts[event] = EventContext(kind: symbols.kind(Int(kinds[event])), row: rows[event])
        }
    }

    /// Before rules are matched for a journey type: by its facts, each event has a step of these names or none.
    func setSteps(_ names: [UInt32]) {
        let (facts, contexts) = (facts, contexts)
        for event in 0..<count {
            let step = Int(facts[event].step)
            contexts[event].step = step < 0 ? 0 : names[step]
        }
    }

    private func isSorted(_ input: Span<EventRow>) -> Bool {
        var last = Place(time: Int64.min, sequence: Int64.min, position: 0)
        for position in input.indices {
            let place = place(input[position], 0)
            if Place.precedes(place, last) { return false }
            last = place
        }
        return true
    }

    private func sort(_ input: Span<EventRow>) {
        order.removeAll(keepingCapacity: true)
        for position in input.indices { order.append(place(input[position], position)) }
        order.sort(by: Place.precedes)
    }

    @inline(__always)
    private func place(_ row: EventRow, _ position: Int) -> Place {
        Place(
            time: row.time, sequence: layout.sequenceOffset.map { row.load($0, as: Int64.self) } ?? 0, position: position)
    }

    @inline(__always)
    private func append(_ row: EventRow) {
        if let offset = layout.eventIDOffset, isDuplicate(row, offset) {
            dropped.append(row)
            return
        }
        times[count] = row.time
        kinds[count] = row.kind
        rows[count] = row
        count += 1
    }

    /// Room for twice as many ids as rows, so that a search always ends.
    private func prepareSeen(_ count: Int) {
        var size = 16
        while size < count * 2 { size *= 2 }
        seen.removeAll(keepingCapacity: true)
        seen.append(contentsOf: repeatElement(-1, count: size))
    }

    /// Whether an event kept before has the same source and event id, by their fingerprint. Where the last copy counts,
    /// the earlier one is noted as replaced instead.
    @inline(__always)
    private func isDuplicate(_ row: EventRow, _ offset: Int) -> Bool {
        let id = row.load(offset, as: UInt64.self)
        guard id != 0 else { return false }
        let mask = seen.count - 1
        var slot = Int(truncatingIfNeeded: seed.hash(id, 0)) & mask
        while seen[slot] >= 0 {
            let other = rows[Int(seen[slot])]
            if other.load(offset, as: UInt64.self) == id {
                guard EventID.keepsLast(id) else { return true }
                replaced.append(seen[slot])
                dropped.append(other)
                seen[slot] = Int32(count)
                return false
            }
            slot = (slot + 1) & mask
        }
        seen[slot] = Int32(count)
        return false
    }
}

/// What matching asks of a person's events, without a reference count.
struct PersonColumns {
    let times: Slots<EventTime>
    let kinds: Slots<UInt32>
    let contexts: Slots<EventContext>
}

/// Lists of a person's events ascend, so places in them are found by halving.
extension SlotRange<Int32> {
    /// Where the first event stands that comes after `event`; the end of the list if there is none. O(log n).
    func firstPlace(after event: Int32) -> Int { partitioningIndex { $0 > event } }

    /// Whether the event is one of the list. O(log n).
    func containsAscending(_ event: Int32) -> Bool {
        let place = firstPlace(after: event)
        return place > startIndex && self[place - 1] == event
    }
}

extension RandomAccessCollection where Index == Int {
    /// Where the first element stands that satisfies a condition which all behind it satisfy too; the end without one. O(log n).
    @inline(__always)
    func partitioningIndex(where isBehind: (Element) -> Bool) -> Int {
        var (low, high) = (startIndex, endIndex)
        while low < high {
            let middle = (low + high) / 2
            if isBehind(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
