public import Foundation

/// Compares the files of a run with the naive tables, column by column, by name: more columns, in any order, do no harm.
public enum NaiveComparison {
    /// One line of words for each difference, none when all agree. Rows, keys, texts and counts exactly; ratios within 1e-6, of
    /// themselves where they are over 1;
    /// quantiles within 0.5 % or 1.5 ms; learned thresholds within 4 %, and what hangs on them not at all.
    ///
    /// - Parameter frictions: whether to compare what the run says of them.
    public static func differences(naive: NaiveTables, csvFolder: URL, frictions: Bool = RandomCase.drawsFrictions) -> [String] {
        let frictionTables: [(name: String, keys: [String], rows: [[(String, Cell)]])] = [
            ("frictions", ["journey", "friction"], naive.frictions.map(\.cells)),
            ("friction_places", ["journey", "friction", "channel", "touchpoint", "step"], naive.frictionPlaces.map(\.cells)),
        ]
        let tables: [(name: String, keys: [String], rows: [[(String, Cell)]])] = [
            ("journeys", ["journey"], naive.journeys.map { $0.cells + (frictions ? $0.frictionCells : []) + $0.conversionCells }),
            ("funnel", ["journey", "step_index"], naive.funnel.map(\.cells)),
            ("stalls", ["journey", "step_index"], stallCells(naive.stalls)),
            ("transitions", ["journey", "scope", "from", "to"], naive.transitions.map(\.cells)),
            ("sessions", ["channel"], naive.sessions.map(\.cells)),
            ("touchpoints", ["channel", "touchpoint"], naive.touchpoints.map(\.cells)),
        ]
        func csv(_ name: String) throws -> CSVTable {
            try CSVTable(Array(try Data(contentsOf: csvFolder.appendingPathComponent("\(name).csv"))))
        }
        let found = (tables + (frictions ? frictionTables : [])).flatMap { name, keys, rows in
            do {
                return differences(name, keys, rows, try csv(name))
            } catch {
                return ["\(name): cannot read the file: \(error)"]
            }
        }
        return found
            + decisionTables(naive, frictions: frictions).flatMap { table in
                let path = csvFolder.appendingPathComponent("\(table.name).csv").path
                if table.isOptional, table.rows.isEmpty, !FileManager.default.fileExists(atPath: path) { return [String]() }
                do {
                    return differences(
                        table.name, table.keys, table.rows.map(\.cells), try csv(table.name), ignored: table.ignored,
                        inOrder: table.isInOrder)
                } catch {
                    return ["\(table.name): cannot read the file: \(error)"]
                }
            }
    }

    /// The same for the conservation numbers in `run.json`, found by their names: in `ledger`, or else wherever they stand.
    public static func ledgerDifferences(naive: NaiveTables, runFile: URL) -> [String] {
        guard let data = try? Data(contentsOf: runFile), let json = try? NaiveJSONParser.parse(Array(data)) else {
            return ["run.json: cannot be read"]
        }
        let expected = [
            ("lines", naive.ledger.lines), ("events", naive.ledger.events), ("quarantined", naive.ledger.quarantinedTotal),
            ("duplicates", naive.ledger.duplicates), ("filtered", naive.ledger.filtered), ("expanded", naive.ledger.expanded),
        ]
        let warnings = if case .array(let items)? = json.value(at: "warnings") { items } else { [NaiveJSON]() }
        let ahead = warnings.first { $0.value(at: "code")?.text == "ahead" }?.value(at: "text")?.text?.description
        let aheadCount = ahead.flatMap { Int($0.prefix { $0 != " " }) } ?? 0
        let difference = aheadCount == naive.ahead ? [] : ["run.json: warns of \(aheadCount) events ahead, should of \(naive.ahead)"]
        return difference
            + expected.compactMap { name, count in
                let found = firstNumber(ExactText(name), in: json.value(at: "ledger") ?? json)
                return found == String(count) ? nil : "run.json: \(name) is \(found ?? "not there"), should be \(count)"
            }
    }

    private static func firstNumber(_ key: ExactText, in json: NaiveJSON) -> String? {
        switch json {
        case .object(let members):
            if case .number(let text)? = members[key] { return text }
            return members.sorted { $0.key < $1.key }.lazy.compactMap { firstNumber(key, in: $0.value) }.first
        case .array(let items): return items.lazy.compactMap { firstNumber(key, in: $0) }.first
        default: return nil
        }
    }

    /// The same for `quarantine.ndjson`: the same lines with the same reasons, in any order. Of a file's path only the last part counts.
    public static func quarantineDifferences(naive: NaiveTables, quarantineFile: URL) -> [String] {
        guard let data = try? Data(contentsOf: quarantineFile) else {
            return naive.quarantine.isEmpty ? [] : ["quarantine.ndjson: is not there, should hold \(naive.quarantine.count) lines"]
        }
        func line(_ reason: String, _ source: String, _ file: String, _ line: String, _ offset: String) -> String {
            "\(reason) \(source) \(file.split(separator: "/").last ?? "") line \(line) offset \(offset)"
        }
        let expected = naive.quarantine.map { line($0.reason.rawValue, $0.source, $0.file, "\($0.line)", "\($0.offset)") }
        let found = data.split(separator: 0x0A).map { bytes in
            let json = try? NaiveJSONParser.parse(Array(bytes))
            func text(_ key: String) -> String { json?.value(at: key)?.text?.description ?? "" }
            return line(text("reason"), text("source"), text("file"), text("line"), text("offset"))
        }
        return Set(expected).subtracting(found).sorted().map { "quarantine.ndjson: missing \($0)" }
            + Set(found).subtracting(expected).sorted().map { "quarantine.ndjson: should not hold \($0)" }
            + (expected.count == found.count ? [] : ["quarantine.ndjson: \(found.count) lines, should be \(expected.count)"])
    }

    // MARK: One table

    /// What a field should hold; nil is an empty field.
    enum Cell: Sendable, Equatable {
        case text(String?)
        case integer(Int?)
        case ratio(Double?)
        /// Exact microseconds against seconds in the file.
        case duration(Int64?)
        /// The same to the last digit of the file.
        case exact(Int64?)
        /// Seconds of a learned threshold.
        case learned(Double)
        case flag(Bool)
        /// Some words, or none.
        case filled(Bool)
        /// Of what is not there at all: 0 or empty.
        case nothing
        /// Hangs on a learned threshold, which is only near.
        case any

        func agrees(with field: String) -> Bool {
            switch self {
            case .text(let text): return ExactText(field) == ExactText(text ?? "")
            case .integer(let number): return field == number.map(String.init) ?? ""
            case .ratio(nil), .duration(nil), .exact(nil): return field.isEmpty
            case .ratio(let ratio?): return Double(field).map { abs($0 - ratio) <= 1.000001e-6 * max(1, abs(ratio)) } ?? false
            case .exact(let length?): return Double(field).map { abs($0 - Double(length) / 1e6) <= 0.000501 } ?? false
            case .duration(let length?):
                let seconds = Double(length) / 1e6
                return Double(field).map { abs($0 - seconds) <= max(0.0015, 0.005 * seconds) } ?? false
            case .learned(let seconds): return Double(field).map { abs($0 - seconds) <= max(0.0015, 0.04 * seconds) } ?? false
            case .flag(let flag): return (flag ? ["true", "1"] : ["false", "0"]).contains(field)
            case .filled(let isFilled): return field.isEmpty != isFilled
            case .nothing: return field.isEmpty || Double(field) == 0
            case .any: return true
            }
        }

        var words: String {
            switch self {
            case .text(let text): "\"\(text ?? "")\""
            case .integer(let number): number.map(String.init) ?? "empty"
            case .ratio(let ratio): ratio.map { "\($0)" } ?? "empty"
            case .duration(let length), .exact(let length): length.map { "\(Double($0) / 1e6)" } ?? "empty"
            case .learned(let seconds): "about \(seconds)"
            case .flag(let flag): "\(flag)"
            case .filled(let isFilled): isFilled ? "some words" : "empty"
            case .nothing: "0 or empty"
            case .any: "anything"
            }
        }
    }

    private static func differences(
        _ table: String, _ keys: [String], _ rows: [[(String, Cell)]], _ csv: CSVTable, ignored: Set<[ExactText]> = [],
        inOrder: Bool = false
    ) -> [String] {
        let keyIndices = keys.compactMap { csv.header.firstIndex(of: $0) }
        guard keyIndices.count == keys.count else { return ["\(table): key columns \(keys) are not all there"] }
        var found: [[ExactText]: [String]] = [:]
        var result: [String] = []
        for row in csv.rows {
            let key = keyIndices.map { ExactText(row[$0]) }
            if ignored.contains(key) { continue }
            if found.updateValue(row, forKey: key) != nil { result.append("\(table) \(key): more than one row") }
        }
        var order: [[ExactText]] = []
        for row in rows {
            let cells = Dictionary(uniqueKeysWithValues: row)
            let key = keys.map { key in
                switch cells[key] {
                case .text(let text)?: ExactText(text ?? "")
                case .integer(let number)?: ExactText(number.map(String.init) ?? "")
                // Lengths that are keys are whole milliseconds.
                case .exact(let length)?: ExactText(length.map { "\($0 / 1_000_000).\(String($0 / 1000 % 1000 + 1000).dropFirst())" } ?? "")
                default: preconditionFailure("\(key) is no key")
                }
            }
            order.append(key)
            guard let fields = found.removeValue(forKey: key) else {
                result.append("\(table) \(key): row missing")
                continue
            }
            for (column, cell) in row {
                guard let index = csv.header.firstIndex(of: column) else {
                    result.append("\(table): column \(column) missing")
                    continue
                }
                if !cell.agrees(with: fields[index]) {
                    result.append(
                        "\(table) \(key) \(column): is \(fields[index].isEmpty ? "empty" : fields[index]), should be \(cell.words)")
                }
            }
        }
        result += found.keys.map { "\(table) \($0): should not be there" }.sorted()
        if inOrder, result.isEmpty, csv.rows.map({ row in keyIndices.map { ExactText(row[$0]) } }) != order {
            result.append("\(table): the rows are in another order")
        }
        return result
    }

    /// A learned threshold comes from a histogram: its own step's counts hang on it, and through the test all of the type's p-values.
    private static func stallCells(_ rows: [NaiveTables.StallRow]) -> [[(String, Cell)]] {
        let learning = Set(rows.filter { $0.thresholdSource == "learned" }.map(\.journey))
        return rows.map { row in
            let isLearned = row.thresholdSource == "learned"
            return row.cells.map { column, cell in
                switch column {
                case "slow", "idle", "stalled", "stall_rate": (column, isLearned ? .any : cell)
                case "is_stall_point", "p_value": (column, learning.contains(row.journey) ? .any : cell)
                default: (column, cell)
                }
            }
        }
    }
}
