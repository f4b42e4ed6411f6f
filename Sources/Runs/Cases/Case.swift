import Definitions
import Events
import Journeys
import Tables

/// One of those that a published number counts.
struct Case: Sendable, Equatable {
    /// How a visit ends, as stalls.csv counts it.
    enum End: String, Sendable, BitwiseCopyable { case progressed, goal, stopped, open }

    var person: String
    var type: Int
    var started: EventTime
    var status: JourneyStatus
    var isMature: Bool
    var channel: String
    var touchpoint: String
    var step: Int?
    var time: EventTime
    var end: End?
    var lasted: Microseconds?
    var isStalled: Bool?
    var endsHere: Bool
    var last: EventTime
}

/// Cases as a table: by person in byte order, then by time.
enum CaseTable {
    static let columns: [ReportTable.Column] = [
        .init("person", .text, "Identity type and id that stand for the person"),
        .init("journey", .text, "Journey type"),
        .init("started", .text, "Time of the journey's first event, UTC"),
        .init("status", .text, "completed, failed, abandoned or open"),
        .init("mature", .boolean, "Whether the journey began at least the type's horizon before as-of"),
        .init("channel", .text, "Channel of the event at time"),
        .init("touchpoint", .text, "Touchpoint of the event at time"),
        .init("step", .text, "Step of the event at time; empty without one"),
        .init("time", .text, "UTC: of the friction's first event; of the event that begins the visit"),
        .init("end", .text, "How the visit ended: progressed, goal, stopped, open; empty for a friction"),
        .init(
            "lasted_seconds", .seconds,
            "Of a friction from its first to its last event; of a visit its dwell, up to as-of where it is open, empty where it stopped"),
        .init(
            "stalled", .boolean,
            "Whether the visit counts as stalled in stalls.csv; empty where it is too young to be judged. With --open as in open_journeys.csv"
        ),
        .init(
            "stopped_here", .text,
            "lost, open or elsewhere, as funnel.csv counts it, where the journey is mature and got no further than this step"),
        .init("idle_seconds", .seconds, "As-of − the journey's last event; 0 where that lies after as-of"),
    ]

    static func table(_ cases: [Case], _ definition: PipelineDefinition, asOf: EventTime) -> ReportTable {
        let journeys = definition.journeys
        let rows = cases.map { found -> [ReportTable.Cell] in
            [
                .text(found.person), .text(journeys[found.type].name), .text(TimeFormat.utc(found.started)), .text(found.status.rawValue),
                .boolean(found.isMature), .text(found.channel), .text(found.touchpoint),
                ReportTable.text(found.step.map { journeys[found.type].steps[$0].name }), .text(TimeFormat.utc(found.time)),
                ReportTable.text(found.end?.rawValue), found.lasted.map { .duration($0) } ?? .unknown,
                found.isStalled.map { .boolean($0) } ?? .unknown,
                ReportTable.text(found.endsHere && found.isMature ? found.status.wordWhenStopped : nil),
                .duration(max(0, asOf.subtractingReportingOverflow(found.last).partialValue)),
            ]
        }
        return ReportTable(name: "cases", title: "The cases behind a number", columns: columns, rows: rows, keyColumns: [])
    }

    /// By all that a row shows of order, so that neither threads nor the order of files can change a byte.
    static func isBefore(_ one: Case, _ other: Case, _ definition: PipelineDefinition) -> Bool {
        if one.person != other.person { return TableNames.precedes(one.person, other.person) }
        if one.type != other.type { return TableNames.precedes(definition.journeys[one.type].name, definition.journeys[other.type].name) }
        let (left, right) = (
            (one.started, one.time, one.last, one.lasted ?? -1), (other.started, other.time, other.last, other.lasted ?? -1)
        )
        if left != right { return left < right }
        func texts(_ found: Case) -> [String] { [found.status.rawValue, found.channel, found.touchpoint, String(found.step ?? -1)] }
        return texts(one).lexicographicallyPrecedes(texts(other)) { TableNames.precedes($0, $1) }
    }
}
