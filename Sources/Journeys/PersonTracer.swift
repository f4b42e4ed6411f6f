package import Events
import Expressions

/// Makes traces: the walk over a person that keeps what it meets instead of counting it. For a few persons; a fold never
/// comes here.
package struct PersonTracer {
    private let plan: FoldPlan

    package init(plan: FoldPlan) { self.plan = plan }

    /// - Parameter rows: all events of the person, in input order.
    package func trace(rows: Span<EventRow>) -> PersonTrace {
        let walk = PersonWalk(plan: plan)
        var found: [Found] = []
        var givenUp: Set<PersonTrace.GivenUp> = []
        walk.run(person: 0, rows: rows) { journey in
            found.append(Found(journey: self.journey(journey, walk), matches: walk.frictionsFound.map { match($0, walk) }))
            for rule in walk.rulesGivenUp { givenUp.insert(.init(type: journey.type, rule: rule)) }
        }
        var trace = PersonTrace()
        trace.duplicates = walk.events.duplicates
        trace.events = events(walk.events, walk.sessionizer)
        trace.sessions = walk.sessions.map { session in
            .init(channel: "", start: session.start, last: session.last, events: Int(session.events), isConcurrent: session.isConcurrent)
        }
        for event in trace.events { if let session = event.session { trace.sessions[session].channel = event.channel } }
        trace.givenUp = givenUp.sorted { ($0.type, $0.rule) < ($1.type, $1.rule) }
        add(found, to: &trace)
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
            let kind = plan.symbols.kind(Int(person.kinds[index]))
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
                    let scalar = Scalar(bits: person.rows[index].load(offset, as: UInt32.self))
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

    private func match(_ found: FrictionFound, _ walk: PersonWalk) -> PersonTrace.Match {
        .init(rule: found.rule, bound: walk.bound(found).map { .init(event: Int($0.event), variable: Int($0.variable)) })
    }

    private func journey(_ context: JourneyContext, _ walk: PersonWalk) -> PersonTrace.Journey {
        let (person, rule) = (walk.events, plan.journeys[context.type])
        let first = Int(context.events.first!)
        let key = rule.keyText(kind: Int(person.kinds[first]), row: person.rows[first])
        return PersonTrace.Journey(
            type: context.type, number: 0, key: key == 0 ? nil : plan.symbols.texts.string(key), status: context.status,
            events: context.events.map { Int($0) },
            steps: context.events.map { event in
                let step = person.facts[Int(event)].step
                return step < 0 ? nil : Int(step)
            }, visits: walk.visits.map { .init(step: $0.step, event: Int($0.event), end: $0.end) }, matches: [])
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
