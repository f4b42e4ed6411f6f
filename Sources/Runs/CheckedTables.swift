import Definitions
import Events
import Tables

/// What checks are held against: what a run publishes, by the names that checks use (pipelines/rules.md, 14).
package struct CheckedTables {
    private let byName: [String: ReportTable]
    /// The day of as-of in the pipeline's zone, since 1970-01-01; nil where there is no event.
    let lastDay: Int64?
    /// Tables by day have rows of few persons too, so where `min_count` is set no message shows their rows.
    let hidesDays: Bool

    /// - Parameter ledger: of this run.
    init(
        _ definition: PipelineDefinition, _ tables: [ReportTable], daily: [ReportTable], _ ledger: Ledger, persons: Int, asOf: EventTime?
    ) {
        let run = Self.run(ledger, persons: persons)
        let named = (tables + [run]).map { ($0.name, $0) } + daily.map { (PipelineDefinition.dailyPrefix + $0.name, $0) }
        let zone = ZoneOffsets.named(definition.timezone) ?? .utc
        self.init(
            Dictionary(uniqueKeysWithValues: named), lastDay: asOf.map { Int64(zone.day(of: $0)) },
            hidesDays: definition.privacy.minCount != nil)
    }

    init(_ byName: [String: ReportTable], lastDay: Int64?, hidesDays: Bool = false) {
        (self.byName, self.lastDay, self.hidesDays) = (byName, lastDay, hidesDays)
    }

    subscript(name: String) -> ReportTable? { byName[name] }

    func hidesRows(of name: String) -> Bool { hidesDays && name.hasPrefix(PipelineDefinition.dailyPrefix) }

    /// One row without a key.
    private static func run(_ ledger: Ledger, persons: Int) -> ReportTable {
        let counts = Dictionary(uniqueKeysWithValues: ledger.counts.map { ($0.name, $0.value) } + [("persons", Int64(persons))])
        return ReportTable(
            name: PipelineDefinition.runTable, title: "", columns: PipelineDefinition.runColumns.map { .init($0, .integer, "") },
            rows: [PipelineDefinition.runColumns.map { counts[$0].map { .integer($0) } ?? .unknown }], keyColumns: [])
    }
}
