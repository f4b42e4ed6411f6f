import Events
import Expressions
import Tables

/// Makes traces: the same walk as `PersonFold`, by the same parts, that keeps what it meets instead of counting it. For a
/// few persons; a fold never comes here.
package struct PersonTracer {
    private let plan: FoldPlan

    package init(plan: FoldPlan) { self.plan = plan }

    /// - Parameter rows: all events of the person, in input order.
    package func trace(rows: UnsafeBufferPointer<UnsafeRawPointer>) -> PersonTrace {
        let person = PersonEvents(layout: plan.layout)
        person.load(rows)
        var sessionizer = Sessionizer(plan: plan)
        sessionizer.run(person, plan: plan)
        var trace = PersonTrace()
        trace.duplicates = person.duplicates
        trace.events = events(person, sessionizer)
        trace.sessions = sessionizer.sessions.map { session in
            .init(channel: "", start: session.start, last: session.last, events: Int(session.events), isConcurrent: session.isConcurrent)
        }
        for event in trace.events { if let session = event.session { trace.sessions[session].channel = event.channel } }
        let found = journeys(person, sessionizer)
        trace.givenUp = found.givenUp
        add(found.journeys, to: &trace)
        return trace
    }

    // MARK: Events

    private func events(_ person: PersonEvents, _ sessionizer: Sessionizer) -> [PersonTrace.Event] {
        // The same few texts come again and again.
        var texts: [UInt32: String] = [:]
        func text(_ symbol: UInt32) -> String {
            if let known = texts[symbol] { return known }
            let text = plan.symbols.texts.string(symbol)
            texts[symbol] = text
            return text
        }
        let scalars = plan.symbols.scalarOffsets.sorted { $0.value < $1.value }
        return (0..<person.count).map { index in
            let kind = plan.symbols.kinds[Int(person.kinds[index])].baseAddress!
            func optional(_ field: KindField) -> String? {
                let symbol = plan.symbols.symbol(field, of: kind)
                return symbol == 0 ? nil : text(symbol)
            }
            let session = sessionizer.sessionOfEvent[index]
            return PersonTrace.Event(
                time: person.times[index], channel: optional(.channel) ?? "", touchpoint: optional(.touchpoint) ?? "",
                action: optional(.action),
                outcome: optional(.outcome), initiator: optional(.initiator) ?? "",
                scalars: scalars.compactMap { field, offset in
                    let scalar = Scalar(bits: person.rows[index].load(fromByteOffset: offset, as: UInt32.self))
                    guard !scalar.isAbsent else { return nil }
                    return .init(field: field, text: scalar.type == .composite ? "…" : text(scalar.symbol))
                },
                session: session < 0 ? nil : Int(session), sessionGap: plan.sessions.gaps[Int(plan.kinds[Int(person.kinds[index])].channel)]
            )
        }
    }

    // MARK: Journeys

    private struct Found {
        var journey: PersonTrace.Journey
        var matches: [PersonTrace.Match] = []
    }

    private func journeys(_ person: PersonEvents, _ sessionizer: Sessionizer) -> (journeys: [Found], givenUp: [PersonTrace.GivenUp]) {
        // Frictions are counted while they are found; these cells are thrown away, but for what was given up.
        let cells = MetricCells()
        let asOf = AsOf(plan.asOf)
        let frictions = FrictionFold(plan: plan, cells: cells, asOf: asOf)
        frictions?.begin(person, sessionizer, owner: 1)
        var finder = JourneyFinder()
        var found: [Found] = []
        for (type, rule) in plan.journeys.enumerated() {
            for index in 0..<person.count { person.facts[index] = rule.facts(kind: Int(person.kinds[index]), row: person.rows[index]) }
            frictions?.begin(type: type, person, sessionizer)
            finder.run(person, rule: rule, asOf: asOf) { events, status in
                let context = JourneyContext(events: events, status: status, day: 0, owner: 1, journey: UInt32(found.count + 1))
                found.append(Found(journey: journey(context, type: type, rule, person)))
                frictions?.add(context, type: type, person) { match, bound in
                    let bound = bound.map { PersonTrace.Bound(event: Int($0.event), variable: Int($0.variable)) }
                    found[found.count - 1].matches.append(.init(rule: match.rule, bound: bound))
                }
            }
        }
        return (found, givenUp(cells.frictions))
    }

    private func journey(_ context: JourneyContext, type: Int, _ rule: JourneyRule, _ person: PersonEvents) -> PersonTrace.Journey {
        let first = Int(context.events.first!)
        let key = rule.keyText(kind: Int(person.kinds[first]), row: person.rows[first])
        var visits: [PersonTrace.Visit] = []
        context.forEachVisit(person) { visits.append(.init(step: $0.step, event: Int($0.event), end: $0.end)) }
        return PersonTrace.Journey(
            type: type, number: 0, key: key == 0 ? nil : plan.symbols.texts.string(key), status: context.status,
            events: context.events.map { Int($0) },
            steps: context.events.map { event in
                let step = person.facts[Int(event)].step
                return step < 0 ? nil : Int(step)
            }, visits: visits, matches: [])
    }

    private func givenUp(_ table: CellTable) -> [PersonTrace.GivenUp] {
        let cells = (0..<table.keys.count).filter { table.counter(FrictionCounter.gaveUp.rawValue, of: $0) > 0 }
        return cells.map { .init(type: Int(table.keys[$0][0]), rule: Int(table.keys[$0][1])) }.sorted {
            ($0.type, $0.rule) < ($1.type, $1.rule)
        }
    }

    /// Brings journeys into the order of their beginnings, which keys and types do not keep, and gives each match once
    /// however many journeys it counts for.
    private func add(_ found: [Found], to trace: inout PersonTrace) {
        let ordered = found.sorted { ($0.journey.events[0], $0.journey.type) < ($1.journey.events[0], $1.journey.type) }
        trace.matches = Set(ordered.flatMap(\.matches)).sorted(by: PersonTrace.Match.isBefore)
        let places = Dictionary(uniqueKeysWithValues: trace.matches.enumerated().map { ($0.element, $0.offset) })
        var counts: [Int: Int] = [:]
        trace.journeys = ordered.map { found in
            var journey = found.journey
            counts[journey.type, default: 0] += 1
            journey.number = counts[journey.type]!
            journey.matches = found.matches.compactMap { places[$0] }.sorted()
            return journey
        }
    }
}

extension PersonTrace.Match {
    /// By first event, then rule, then all events with their variables: no two are alike in all of these.
    fileprivate static func isBefore(_ left: Self, _ right: Self) -> Bool {
        func numbers(_ match: Self) -> [Int] { [match.bound[0].event, match.rule] + match.bound.flatMap { [$0.event, $0.variable] } }
        return numbers(left).lexicographicallyPrecedes(numbers(right))
    }
}
