import Disk
package import Pages
import Tables

/// One of the two that are compared: what an output folder says of its whole time, or what a database says of a period.
package struct ComparedSide: Sendable {
    /// As it was asked for: the folder, or the period.
    package let label: String
    package let facts: PageFacts
    /// The days on which its journeys began, or the period; nil: there is no journey.
    package let span: Period?
    let isPeriod: Bool
    private let tables: PageTables
    /// funnel, by day; nil: only that of the whole time may be told.
    private let funnelDays: PageTable?

    /// - Parameters:
    ///   - tables: rows of the same figure are added up.
    ///   - period: what they are of; nil: of the whole time of a run.
    ///   - funnelDays: funnel by day; nil: as in the tables.
    package init(label: String, _ tables: PageTables, period: Period? = nil, funnelDays: PageTable? = nil) {
        (self.label, self.tables, facts, isPeriod) = (label, tables, tables.facts, period != nil)
        self.funnelDays = period == nil ? funnelDays : tables["funnel"]
        let began = tables.days.rows.compactMap { Period.day($0.text("day")) }
        span = period ?? began.min().map { Period(first: $0, last: began.max()!) }  // there is a largest where there is a least
    }

    /// What a run wrote. Throws `OutputError` where the folder is none of a run.
    package init(folder: String) throws {
        let tables = try PageTables(folder: folder)
        // By day there are rows of few persons too.
        let days =
            tables.facts.minCount == nil
            ? try PageTable(DayTables(path: FilePaths.join(folder, "metrics.sqlite")).table(FigureKind.stepLoss.table, days: nil)) : nil
        self.init(label: folder, tables, funnelDays: days)
    }

    /// A period of a database: what it has by day and can be added up.
    package init(_ database: DayTables, _ period: Period, facts: PageFacts) throws {
        let tables = try FigureKind.tables.map { try database.table($0, days: (period.firstDay, period.lastDay)) }
        let days = tables.first { $0.name == FigureKind.conversion.table }
        self.init(label: "\(period)", PageTables(facts, tables, days: days), period: period)
    }

    /// By type, of a period by type and day.
    var journeys: [PageRow] { Array(tables["journeys"].rows) }

    /// Whether there is such a table at all.
    func has(_ kind: FigureKind) -> Bool { tables[kind.table].hasColumns }

    // MARK: Figures

    /// What is counted of one figure on this side.
    struct Entry {
        let name: FigureName
        /// Among those of its journey type; 0 where there is no order.
        let place: Int64
        /// nil: the table has a row, and its counts are empty.
        var share: Share?
    }

    /// By type, in the table's order; of several rows the sums. Rows whose counts are empty count nowhere.
    func entries(_ kind: FigureKind) -> [FigureName.Key: Entry] {
        let began = kind.whole == nil ? started : [:]
        var entries: [FigureName.Key: Entry] = [:]
        for row in rows(kind) {
            let name = FigureName(kind, row)
            var entry = entries[name.key] ?? Entry(name: name, place: row.count("step_index"), share: nil)
            if !row.text(kind.part).isEmpty {
                if let whole = kind.whole {
                    if !row.text(whole).isEmpty {
                        entry.share = (entry.share ?? Share(0, of: 0)) + Share(row.count(kind.part), of: row.count(whole))
                    }
                } else {
                    // The whole is the type's, not the row's.
                    entry.share = Share((entry.share?.part ?? 0) + row.count(kind.part), of: 0)
                }
            }
            entries[name.key] = entry
        }
        guard kind.whole == nil else { return entries }
        return entries.mapValues { entry in
            var entry = entry
            entry.share = entry.share.flatMap { share in
                began[FigureName(type: entry.name.journey).key].map { Share(min(share.part, $0.count), of: $0.count) }
            }
            return entry
        }
    }

    /// Losses are those of days on which every mature journey has come to its end: a journey is mature after its horizon and lost only
    /// after a long silence, so that of the newest mature ones fewer seem to be lost than will be.
    private func rows(_ kind: FigureKind) -> [PageRow] {
        guard kind == .stepLoss, let funnelDays else { return Array(tables[kind.table].rows) }
        func key(_ row: PageRow) -> [String] { [row.text("journey"), row.text("day")] }
        let unsettled = Set(funnelDays.rows.filter { $0.count("open") > 0 }.map(key))
        return funnelDays.rows.filter { !unsettled.contains(key($0)) }
    }

    /// How many journeys of each type began.
    var started: [FigureName.Key: (journey: String, count: Int64)] {
        var counts: [FigureName.Key: (journey: String, count: Int64)] = [:]
        for row in tables["journeys"].rows where !row.text("started").isEmpty {
            let journey = row.text("journey")
            counts[FigureName(type: journey).key, default: (journey, 0)].count += row.count("started")
        }
        return counts
    }

    /// By step, the time beyond which its visits count as stalled, where there is one.
    var thresholds: [FigureName.Key: Double] {
        var thresholds: [FigureName.Key: Double] = [:]
        for row in tables["stalls"].rows { thresholds[FigureName(.stall, row).key] = row.value("threshold_seconds") }
        return thresholds
    }
}
