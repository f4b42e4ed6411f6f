import Events
import Expressions

/// Runs a rule on the few events of an example, by the same matching as a run's: as one journey, one person, and the
/// sessions that the events make.
package struct ExampleRun {
    private let friction: FrictionDefinition
    private let channels: [ChannelDefinition]
    private let sessions: SessionDefinition
    /// Say the step of each event that does not have one of its own.
    private let journeys: [JourneyDefinition]

    package init(_ friction: FrictionDefinition, channels: [ChannelDefinition], sessions: SessionDefinition, journeys: [JourneyDefinition])
    {
        self.friction = friction
        self.channels = channels
        self.sessions = sessions
        self.journeys = friction.usesStep ? journeys : []
    }

    /// The events of the first match with the variables they stand for; nil where the rule does not match. A rule that asks
    /// for steps matches when it does for some journey type.
    package func match(_ example: FrictionExample) throws -> [(event: Int, variable: String)]? {
        let types: [JourneyDefinition?] = journeys.isEmpty ? [nil] : journeys
        for type in types {
            if let found = try match(example, type) { return found }
        }
        return nil
    }

    private func match(_ example: FrictionExample, _ type: JourneyDefinition?) throws -> [(event: Int, variable: String)]? {
        let rows = ExampleRows(example.events, scalars: FoldPlan.scalars(of: type.map { [$0] } ?? [], [friction]))
        let symbols = EventSymbols(texts: rows.texts, kinds: rows.kinds, channels: channels, scalars: rows.scalars, layout: rows.layout)
        let last = example.events.last?.time ?? 0
        let plan = try FoldPlan(
            channels: channels, sessions: sessions, journeys: type.map { [$0] } ?? [], frictions: [], errorOutcomes: [], symbols: symbols,
            layout: rows.layout, zone: .utc, asOf: last + (example.endsAfter ?? Self.longEnough))
        let set = FrictionSet([try FrictionRule(friction, number: 0, symbols: symbols, stepOfKind: nil)], kindCount: rows.kinds.count)
        let person = PersonEvents(layout: rows.layout)
        let all = rows.all
        person.load(all.span)
        person.makeContexts(symbols)
        addSteps(example, person, plan, rows)
        let asOf = AsOf(plan.asOf)
        let matcher = PatternMatcher(plan: plan, asOf: asOf, anyRule: set.rules.objects[0])
        let everything = SlotList(0..<Int32(person.count))
        if friction.scope == .session {
            let sessionizer = Sessionizer(plan: plan)
            sessionizer.run(person, plan: plan)
            for (number, session) in sessionizer.sessions.enumerated() {
                let list = SlotList(everything.all.lazy.filter { sessionizer.sessionOfEvent[Int($0)] == Int32(number) })
                withExtendedLifetime(list) { _ = matcher.match(0, of: set, in: $0.all, person, isClosed: plan.isOver(session, asOf)) }
            }
        } else {
            let isClosed = friction.scope == .person || example.endsAfter == nil
            withExtendedLifetime(everything) { _ = matcher.match(0, of: set, in: $0.all, person, isClosed: isClosed) }
        }
        let match = matcher.matches.first { !$0.holdsForClosed || example.endsAfter == nil }
        return match.map { match in
            matcher.bound(match).map { (Int($0.event), friction.variables[Int($0.variable)].name) }
        }
    }

    /// After this every deadline has passed.
    private static let longEnough: Microseconds = 2 * 36_500 * 86_400_000_000

    /// Gives each event its step: its own, or else that of the journey type.
    private func addSteps(_ example: FrictionExample, _ person: PersonEvents, _ plan: FoldPlan, _ rows: ExampleRows) {
        if let type = plan.journeys.first { person.setSteps(of: type) }
        for (index, event) in example.events.enumerated() {
            if let step = event.step { person.contexts[index].step = rows.texts.intern(step) }
        }
    }
}

/// An example's events as rows in memory, with symbols of their own.
///
/// Unsafe code: the memory is that of one row for each event, and lives as long as this object.
final class ExampleRows {
    let texts = SymbolTable()
    let kinds = TupleTable(width: EventKind.width)
    let scalars: [EventField]
    let layout: RowLayout
    private(set) var all: [EventRow] = []
    private let memory: UnsafeMutableRawPointer

    init(_ events: [FrictionExample.Event], scalars: [EventField]) {
        self.scalars = scalars
        layout = RowLayout(hasEventID: false, hasSequence: false, scalarCount: scalars.count)
        memory = .allocate(byteCount: max(1, events.count * layout.stride), alignment: 16)
        let rows = RowBlock(memory, count: events.count, stride: layout.stride)
        for (index, event) in events.enumerated() {
            write(event, index, rows)
            all.append(rows[index])
        }
    }

    deinit { memory.deallocate() }

    private func write(_ event: FrictionExample.Event, _ row: Int, _ rows: RowBlock) {
        func symbol(_ text: String?) -> UInt32 { text.map { texts.intern($0) } ?? 0 }
        let kind = kinds.intern([
            symbol(event.channel), symbol(event.touchpoint), symbol(event.action), symbol(event.outcome), symbol(event.initiator), 0,
        ])
        rows.store(event.time, at: RowLayout.timeOffset, of: row)
        rows.store(kind, at: RowLayout.kindOffset, of: row)
        rows.store(UInt32(0), at: RowLayout.identityOffset, of: row)
        for (column, field) in scalars.enumerated() {
            let given = event.scalars.last { $0.field == field }
            let bits = given.map { Scalar(symbol: texts.intern($0.text), type: $0.type).bits } ?? 0
            rows.store(bits, at: layout.scalarOffset + 4 * column, of: row)
        }
    }
}
