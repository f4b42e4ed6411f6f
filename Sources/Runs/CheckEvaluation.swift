import Expressions
import Reports
import Tables

/// Evaluates checks on the rows of one table. Ratios and lengths of time are compared as they were computed, before they
/// are rounded for publication.
struct CheckEvaluation {
    private let places: [String: Int]
    /// Days since 1970-01-01 at as-of; nil where nothing is known of any time.
    private let lastDay: Int64?

    init(_ table: ReportTable, lastDay: Int64?) {
        self.lastDay = lastDay
        places = Dictionary(table.columns.enumerated().map { ($0.element.name, $0.offset) }) { first, _ in first }
    }

    func cell(_ column: String, _ row: [ReportTable.Cell]) -> ReportTable.Cell { places[column].map { row[$0] } ?? .unknown }

    /// Whether the condition holds; nil where an unknown value decides it, whatever the operator.
    func holds(_ condition: TableCheck.Node, _ row: [ReportTable.Cell]) -> Bool? { truth(condition, row) { _ in nil } }

    /// Whether `where` means the row. An unknown value is unequal to everything and neither less nor greater, as in
    /// expressions.
    func selects(_ row: [ReportTable.Cell], _ selection: TableCheck.Node) -> Bool {
        truth(selection, row) { $0 == .notEqual } == true
    }

    /// - Parameter unknown: what an unknown value comes to under a comparison; `in` asks as `==`.
    /// - Returns: nil where unknown values leave it open (Kleene's logic).
    private func truth(_ node: TableCheck.Node, _ row: [ReportTable.Cell], _ unknown: (Expression.Comparison) -> Bool?) -> Bool? {
        switch node {
        case .column(let name): return Self.order(cell(name, row), .boolean(true)).map { $0 == 0 } ?? unknown(.equal)
        case .compare(let name, let comparison, let literal):
            return Self.order(cell(name, row), literal).map { comparison.holds($0) } ?? unknown(comparison)
        case .compareLastDay(let name, let comparison, let daysBefore):
            guard case .day(let day) = cell(name, row), let lastDay else { return unknown(comparison) }
            return comparison.holds(Self.order(Int64(day), lastDay - daysBefore, by: <))
        case .isIn(let name, let list):
            let cell = cell(name, row)
            return cell == .unknown ? unknown(.equal) : list.contains { Self.order(cell, $0) == 0 }
        case .not(let inner): return truth(inner, row, unknown).map { !$0 }
        case .all(let parts):
            let truths = parts.map { truth($0, row, unknown) }
            return truths.contains(false) ? false : truths.contains(nil) ? nil : true
        case .any(let parts):
            let truths = parts.map { truth($0, row, unknown) }
            return truths.contains(true) ? true : truths.contains(nil) ? nil : false
        }
    }

    /// Less than 0, 0 or more, as the value is before, equal to or after the literal; nil where it is unknown. Texts by bytes.
    private static func order(_ cell: ReportTable.Cell, _ literal: Expression.Literal) -> Int? {
        switch (cell, literal) {
        case (.text(let text), .string(let other)): order(Array(text.utf8), Array(other.utf8)) { $0.lexicographicallyPrecedes($1) }
        case (.day(let day), .string(let other)): TableCheck.day(other).map { order(Int64(day), $0, by: <) }
        case (.boolean(let truth), .boolean(let other)): truth == other ? 0 : 1
        case (.integer(let number), .integer(let other)): order(number, other, by: <)
        default:
            if let value = number(cell), let other = number(literal) { order(value, other, by: <) } else { nil }
        }
    }

    private static func order<Value>(_ value: Value, _ other: Value, by precedes: (Value, Value) -> Bool) -> Int {
        precedes(value, other) ? -1 : precedes(other, value) ? 1 : 0
    }

    /// Lengths of time in seconds; nil for what is published as unknown.
    private static func number(_ cell: ReportTable.Cell) -> Double? {
        switch cell {
        case .integer(let number): Double(number)
        case .ratio(let number), .seconds(let number): number.isFinite ? number : nil
        case .duration(let microseconds): Double(microseconds) / 1_000_000
        case .text, .boolean, .day, .unknown: nil
        }
    }

    private static func number(_ literal: Expression.Literal) -> Double? {
        switch literal {
        case .integer(let number): Double(number)
        case .number(let number): number
        case .duration(let microseconds): Double(microseconds) / 1_000_000
        case .string, .boolean: nil
        }
    }
}

extension ReportTable.Cell {
    /// As csv/ shows it; empty where unknown.
    var published: String {
        var bytes: [UInt8] = []
        CSVFile.append(self, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension Expression.Comparison {
    /// - Parameter order: less than 0, 0 or more, as the left side is less, equal or greater.
    fileprivate func holds(_ order: Int) -> Bool {
        switch self {
        case .equal: order == 0
        case .notEqual: order != 0
        case .less: order < 0
        case .lessOrEqual: order <= 0
        case .greater: order > 0
        case .greaterOrEqual: order >= 0
        }
    }
}
