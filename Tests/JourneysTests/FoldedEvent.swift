import Events
import Expressions

@testable import Journeys
@testable import Tables
@testable import TestSupport

/// One event, as the fold and as the naive reference take it.
struct FoldedEvent {
    var person = "ann"
    var time: Int64
    var channel = "web"
    var touchpoint = "x"
    var action: String?
    var outcome: String?
    var initiator: String?
    /// JSON texts of one token.
    var value: String?
    var order: String?
    var sequence: Int64 = 0
    var id: String?

    /// One person's events drawn as touchpoints of one character, a minute apart; a blank is a minute without any.
    static func drawn(_ touchpoints: String) -> [FoldedEvent] {
        touchpoints.enumerated().filter { $0.element != " " }.map {
            FoldedEvent(time: Int64($0.offset) * 60_000_000, touchpoint: String($0.element))
        }
    }

    func naive(_ position: Int, _ channels: [ChannelDefinition]) -> NaiveEvent {
        func json(_ text: String?) -> NaiveJSON? {
            text.flatMap { try? NaiveJSONParser.parse(Array($0.utf8)) }.flatMap { $0 == .null ? nil : $0 }
        }
        return NaiveEvent(
            time: time, sequence: sequence, position: position, source: "s", eventID: id.map { ExactText($0) },
            ids: ["customer": ExactText(person)],
            channel: ExactText(channel), touchpoint: ExactText(touchpoint), action: action.map { ExactText($0) },
            outcome: outcome.map { ExactText($0) },
            initiator: ExactText(initiator ?? "customer"), value: json(value).map(NaiveValue.init) ?? .absent,
            attributes: json(order).map { ["order": $0] } ?? [:], channelKind: channels.first { $0.name == channel }?.kind?.rawValue,
            session: nil)
    }

    /// The same as a line, for the reference's whole route.
    var line: String {
        var members = ["\"t\":\(time)", "\"who\":\"\(person)\"", "\"ch\":\"\(channel)\"", "\"tp\":\"\(touchpoint)\"", "\"n\":\(sequence)"]
        for (name, text) in [("ac", action), ("out", outcome), ("by", initiator), ("id", id)] {
            if let text { members.append("\"\(name)\":\"\(text)\"") }
        }
        for (name, json) in [("v", value), ("o", order)] { if let json { members.append("\"\(name)\":\(json)") } }
        return "{" + members.joined(separator: ",") + "}"
    }
}

/// What a pipeline says, and the tables that come of events: by rows and fold as in a run, without files.
struct FoldedLog {
    var channels: [ChannelDefinition] = []
    var sessions = SessionDefinition()
    var journeys: [JourneyDefinition] = []
    var zone = ZoneOffsets.utc
    /// nil: the latest event.
    var asOf: Int64?

    /// Rows in memory, and the symbols they use; kept as long as they are needed.
    final class Rows {
        let layout: RowLayout
        let texts = SymbolTable()
        let kinds = TupleTable(width: EventKind.width)
        let scalars: [EventField]
        private(set) var all: [EventRow] = []
        private var memory: [UnsafeMutableRawPointer] = []

        init(_ events: [FoldedEvent], scalars: [EventField]) {
            self.scalars = scalars
            layout = RowLayout(hasEventID: true, hasSequence: true, scalarCount: scalars.count)
            for event in events { append(event) }
        }

        deinit { for row in memory { row.deallocate() } }

        private func append(_ event: FoldedEvent) {
            let row = UnsafeMutableRawPointer.allocate(byteCount: layout.stride, alignment: 16)
            func symbol(_ text: String?) -> UInt32 { text.map { texts.intern($0) } ?? 0 }
            let kind = kinds.intern([
                symbol(event.channel), symbol(event.touchpoint), symbol(event.action), symbol(event.outcome), symbol(event.initiator), 0,
            ])
            row.storeBytes(of: event.time, as: Int64.self)
            row.storeBytes(of: kind, toByteOffset: RowLayout.kindOffset, as: UInt32.self)
            row.storeBytes(of: 0, toByteOffset: RowLayout.identityOffset, as: UInt32.self)
            let id = event.id.map { EventID.word(UInt64(texts.intern("id " + $0)) << 2, keepsLast: false) } ?? 0
            row.storeBytes(of: id, toByteOffset: layout.eventIDOffset!, as: UInt64.self)
            row.storeBytes(of: event.sequence, toByteOffset: layout.sequenceOffset!, as: Int64.self)
            for (column, field) in scalars.enumerated() {
                let bits = scalar(field == .value ? event.value : event.order).bits
                row.storeBytes(of: bits, toByteOffset: layout.scalarOffset + 4 * column, as: UInt32.self)
            }
            memory.append(row)
            all.append(EventRow(row))
        }

        private func scalar(_ json: String?) -> Scalar {
            switch json?.first {
            case nil, "n": .absent
            case "\"": Scalar(symbol: texts.intern(String(json!.dropFirst().dropLast())), type: .string)
            case "t", "f": Scalar(symbol: texts.intern(json!), type: .boolean)
            case "{", "[": Scalar(symbol: texts.intern(String(json!.prefix(1))), type: .composite)
            default: Scalar(symbol: texts.intern(json!), type: .number)
            }
        }
    }

    /// The cells of all persons, folded by `workers` in turns and then summed.
    func fold(_ events: [FoldedEvent], workers: Int = 1) throws -> (cells: MetricCells, names: TableNames, duplicates: Int64) {
        let scalars = FoldPlan.scalars(of: journeys, [])
        let rows = Rows(events, scalars: scalars)
        let symbols = EventSymbols(texts: rows.texts, kinds: rows.kinds, channels: channels, scalars: scalars, layout: rows.layout)
        let plan = try FoldPlan(
            channels: channels, sessions: sessions, journeys: journeys, frictions: [], errorOutcomes: ["error"], symbols: symbols,
            layout: rows.layout,
            zone: zone,
            asOf: asOf ?? events.map(\.time).max() ?? 0)
        let folds = (0..<workers).map { _ in PersonFold(plan: plan) }
        var persons: [String: UInt32] = [:]
        for event in events where persons[event.person] == nil { persons[event.person] = UInt32(persons.count) }
        for (name, number) in persons.sorted(by: { $0.value < $1.value }) {
            let mine = events.indices.filter { events[$0].person == name }.map { rows.all[$0] }
            folds[Int(number) % workers].add(person: number, rows: mine.span)
        }
        let cells = folds[0].cells
        for other in folds.dropFirst() { cells.absorb(other.cells) }
        cells.finish()
        withExtendedLifetime(rows) {}
        let names = TableNames(
            journeys: journeys.map { journey in
                .init(
                    name: journey.name,
                    steps: journey.steps.map {
                        .init(name: $0.name, owner: $0.owner, sla: $0.sla, judgedAge: $0.sla ?? journey.inactivity, inFunnel: $0.inFunnel)
                    })
            }, channelOwners: [:], texts: rows.texts, asOf: plan.asOf)
        return (cells, names, folds.reduce(0) { $0 + $1.duplicates })
    }
}

extension ReportTable {
    /// A row's cells as one line, texts and integers only, of the columns named.
    func lines(_ columns: [String]) -> [String] {
        let places = columns.map { name in self.columns.firstIndex { $0.name == name }! }
        return rows.map { row in
            places.map { place in
                switch row[place] {
                case .text(let text): text
                case .integer(let number): "\(number)"
                case .duration(let length): "\(length)"
                default: "?"
                }
            }.joined(separator: " ")
        }
    }
}

extension Expression {
    /// A good expression over all fields.
    static func of(_ text: String) -> Expression { try! Expression.parse(text, fields: FieldScope(attributes: nil)) }
}

extension JourneyDefinition {
    /// Steps named like the touchpoints they match.
    static func steps(_ touchpoints: String, _ change: (inout JourneyDefinition) -> Void = { _ in }) -> JourneyDefinition {
        var journey = JourneyDefinition(name: "j")
        journey.steps = touchpoints.map { StepDefinition(name: String($0), match: .of("touchpoint == \"\($0)\"")) }
        change(&journey)
        return journey
    }
}
