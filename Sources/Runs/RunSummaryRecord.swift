package import Definitions
import Events
import Reports
import Tables

/// What `run --json` prints: the summary as one object, for programs that start runs. pipelines/summary.schema.json describes it;
/// members are added, and none changes its meaning without another `summary_version`.
package enum RunSummaryRecord {
    private static let version: Int64 = 1
    /// Of priorities.csv.
    private static let problemsMax = 20

    /// - Parameters:
    ///   - published: nil where nothing was.
    ///   - errors: what was said of why, or of what went wrong afterwards.
    package static func line(
        _ published: (outcome: PipelineRun.Outcome, definition: PipelineDefinition)?, errors: [String], exitStatus: Int32
    ) -> [UInt8] {
        let breached = exitStatus == PipelineRun.Outcome.breachedStatus
        let status: JSONValue = published == nil ? "failed" : breached ? "breached" : "published"
        var members: [JSONValue.Member] = [
            .init("summary_version", .integer(version)), .init("version", .text(SojournVersion.current)), .init("status", status),
            .init("exit_status", .integer(Int64(exitStatus))), .init("errors", .array(errors.map { .text($0) })),
        ]
        if let (outcome, definition) = published { members += self.members(outcome, definition) }
        return JSONText.line(.object(members))
    }

    private static func members(_ outcome: PipelineRun.Outcome, _ definition: PipelineDefinition) -> [JSONValue.Member] {
        func rows(_ name: String, _ columns: [String], where holds: (NamedCells) -> Bool = { _ in true }, most: Int = .max) -> JSONValue {
            guard let table = outcome.tables.first(where: { $0.name == name }) else { return .array([]) }
            let found = table.rows.lazy.map { NamedCells(table, $0) }.filter(holds).prefix(most)
            return .array(found.map { row in .object(columns.map { .init($0, JSONValue(row[$0])) }) })
        }
        return [
            .init("pipeline", .text(definition.name)), .init("output", .text(outcome.folder)),
            .init("as_of", outcome.asOf.map { .text(TimeFormat.utc($0)) } ?? .null), .init("persons", .integer(Int64(outcome.persons))),
            .init("ledger", .object(outcome.ledger.counts.map { .init($0.name, .integer($0.value)) })),
            .init("quarantined_by_reason", .object(outcome.reasons.map { .init($0.reason.rawValue, .integer($0.count)) })),
            .init(
                "commit",
                outcome.commit.map { .object([.init("number", .integer($0.number)), .init("lines_behind", .integer($0.linesBehind))]) }
                    ?? .null),
            .init(
                "journeys",
                rows(
                    "journeys",
                    [
                        "journey", "started", "completed", "failed", "abandoned", "open", "customers", "mature", "converted",
                        "conversion_rate", "conversion_rate_low", "conversion_rate_high",
                    ])),
            .init("trends", .array(outcome.outlook.trends.map(trend))),
            .init(
                "stall_points",
                rows("stalls", ["journey", "step", "owner", "judged", "stalled", "stall_rate"]) { $0["is_stall_point"] == .boolean(true) }),
            .init(
                "problems",
                rows(
                    "priorities",
                    [
                        "rank", "journey", "kind", "problem", "owner", "verdict", "journeys", "lost", "lost_low", "lost_high",
                        "lost_per_30_days", "q_value",
                    ], most: problemsMax)),
            .init(
                "answers",
                rows("responses", ["channel", "owner", "judged", "within_sla", "within_rate", "within_rate_low", "within_rate_high"])),
            .init("checks", .array(outcome.checks.map(\.json))), .init("warnings", .array(outcome.warnings.map(\.json))),
            .init("rows_left_out", .integer(Int64(outcome.tables.reduce(0) { $0 + $1.rowsLeftOut }))),
        ]
    }

    /// The last 28 days of which all journeys are mature, against the 28 before.
    private static func trend(_ trend: ConversionTrend) -> JSONValue {
        func share(_ share: Share) -> JSONValue {
            .object([.init("mature", .integer(share.whole)), .init("converted", .integer(share.part))])
        }
        func ratio(_ value: Double?) -> JSONValue { value.map { JSONValue(ReportTable.Cell.ratio($0)) } ?? .null }
        return .object([
            .init("journey", .text(trend.journey)), .init("recent", share(trend.recent)), .init("before", share(trend.before)),
            .init("difference", ratio(trend.difference?.difference)), .init("difference_low", ratio(trend.difference?.low)),
            .init("difference_high", ratio(trend.difference?.high)),
        ])
    }

    /// A row by the names of its columns; unknown where the table lacks one.
    private struct NamedCells {
        private let table: ReportTable
        private let cells: [ReportTable.Cell]

        init(_ table: ReportTable, _ cells: [ReportTable.Cell]) { (self.table, self.cells) = (table, cells) }

        subscript(name: String) -> ReportTable.Cell { table.columns.firstIndex { $0.name == name }.map { cells[$0] } ?? .unknown }
    }
}
