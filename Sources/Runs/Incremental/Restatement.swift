import Events
import Reports
import States
import Tables

/// What changed in the tables by day of what was published before, cell by cell, with the reason.
struct Restatement {
    /// Days after it were not published yet.
    let lastDay: Int32
    /// The days of which any cell changed.
    private let days: Set<Int32>
    /// By cause: the tables made from nothing but what it changed. A row there says that the cause changed this row.
    private let touched: [(cause: ChangeCause, keys: [String: Set<[UInt8]>])]

    init(lastDay: Int32, days: Set<Int32>, changes: [(cause: ChangeCause, tables: [ReportTable])]) {
        self.lastDay = lastDay
        self.days = days
        touched = changes.map { change in
            (change.cause, Dictionary(uniqueKeysWithValues: change.tables.map { ($0.name, Set(TableRows($0).keys)) }))
        }
    }

    /// In order of tables; both lists hold the same tables.
    func cells(before: [ReportTable], now: [ReportTable]) -> [RestatedCell] {
        zip(before, now).flatMap { compare($0, $1) }
    }

    private func compare(_ before: ReportTable, _ now: ReportTable) -> [RestatedCell] {
        let reasonForOtherDays = TableList.reasonForOtherDays(now.name)
        func isLooked(at row: [ReportTable.Cell]) -> Bool {
            row[0].day <= lastDay && (reasonForOtherDays != nil || days.contains(row[0].day))
        }
        let (old, new) = (TableRows(before, where: isLooked), TableRows(now, where: isLooked))
        var found: [RestatedCell] = []
        for (key, row) in old.rows {
            guard let other = new.rows[key] else {
                add(row, nil, key, now, to: &found)
                continue
            }
            if row != other { add(row, other, key, now, to: &found) }
        }
        for (key, row) in new.rows where old.rows[key] == nil { add(nil, row, key, now, to: &found) }
        return found
    }

    private func add(
        _ old: [ReportTable.Cell]?, _ new: [ReportTable.Cell]?, _ key: [UInt8], _ table: ReportTable, to found: inout [RestatedCell]
    ) {
        guard let row = new ?? old else { return }
        let reason = reason(key, table.name)
        let keys = Set(table.keyColumns)
        let others = table.columns.indices.filter { $0 > 0 && keys.contains(table.columns[$0].name) }
        let words = others.map { "\(table.columns[$0].name)=\(Self.text(row[$0]))" }.joined(separator: "; ")
        for index in table.columns.indices where !keys.contains(table.columns[index].name) {
            let (was, isNow) = (old.map { Self.text($0[index]) } ?? "", new.map { Self.text($0[index]) } ?? "")
            guard !was.utf8.elementsEqual(isNow.utf8) else { continue }
            found.append(
                RestatedCell(
                    table: table.name, day: Self.text(row[0]), key: words, column: table.columns[index].name, was: was, isNow: isNow,
                    reason: reason))
        }
    }

    /// Why a row changed: what changed its own cells, or else what the table says of other days.
    private func reason(_ key: [UInt8], _ table: String) -> String {
        var causes = touched.filter { $0.keys[table]?.contains(key) ?? false }.map(\.cause)
        if causes.isEmpty, let reason = TableList.reasonForOtherDays(table) { return reason }
        // Shares of frictions change with the journeys of their day too.
        if causes.isEmpty { causes = touched.map(\.cause) }
        return causes.map(\.words).joined(separator: ", ")
    }

    private static func text(_ cell: ReportTable.Cell) -> String {
        if case .text(let text) = cell { return text }
        var bytes: [UInt8] = []
        CSVFile.append(cell, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    static func table(_ cells: [RestatedCell]) -> ReportTable {
        ReportTable(
            name: "restated", title: "Published cells of earlier days that this run changed",
            columns: [
                .init("table", .text, "Table of metrics.sqlite"), .init("day", .text, "Day of the row"),
                .init("key", .text, "The row's other key columns"),
                .init("column", .text, "Column that changed"), .init("from", .text, "What was published"),
                .init("to", .text, "What is published now"),
                .init("reason", .text, "Why: late events, new identity links, new events of journeys that went on, time passed, …"),
            ],
            rows: cells.map {
                [.text($0.table), .text($0.day), .text($0.key), .text($0.column), .text($0.was), .text($0.isNow), .text($0.reason)]
            },
            keyColumns: ["table", "day", "key", "column"])
    }
}

/// The rows of a table by their keys.
private struct TableRows {
    let rows: [[UInt8]: [ReportTable.Cell]]
    var keys: Dictionary<[UInt8], [ReportTable.Cell]>.Keys { rows.keys }

    init(_ table: ReportTable, where isWanted: ([ReportTable.Cell]) -> Bool = { _ in true }) {
        let places = table.keyColumns.compactMap { name in table.columns.firstIndex { $0.name == name } }
        rows = Dictionary(
            table.rows.lazy.filter(isWanted).map { row in
                var key: [UInt8] = []
                for place in places {
                    CSVFile.append(row[place], to: &key)
                    key.append(UInt8(ascii: ","))
                }
                return (key, row)
            }
        ) { first, _ in first }
    }
}

extension ReportTable.Cell {
    fileprivate var day: Int32 { if case .day(let day) = self { day } else { .max } }
}
