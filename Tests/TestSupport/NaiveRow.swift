/// A row of a decision table: what each column holds, in the order of the file.
struct NaiveRow: Sendable, Equatable, ExpressibleByDictionaryLiteral {
    private(set) var columns: [String]
    private var contents: [NaiveComparison.Cell]

    init(dictionaryLiteral elements: (String, NaiveComparison.Cell)...) {
        columns = elements.map(\.0)
        contents = elements.map(\.1)
    }

    /// What a column holds; one that is not there is put at the end.
    subscript(column: String) -> NaiveComparison.Cell? {
        get { columns.firstIndex(of: column).map { contents[$0] } }
        set {
            guard let newValue else { return }
            if let place = columns.firstIndex(of: column) {
                contents[place] = newValue
            } else {
                columns.append(column)
                contents.append(newValue)
            }
        }
    }

    var cells: [(String, NaiveComparison.Cell)] { Array(zip(columns, contents)) }

    /// The number of a column of ratios.
    func ratio(_ column: String) -> Double? {
        guard case .ratio(let ratio)? = self[column] else { return nil }
        return ratio
    }

    func text(_ column: String) -> ExactText {
        guard case .text(let text)? = self[column] else { return "" }
        return ExactText(text ?? "")
    }

    static func + (left: Self, right: Self) -> Self {
        right.cells.reduce(into: left) { $0[$1.0] = $1.1 }
    }

    /// The rate of a part under a name, and its interval under the names with `_low` and `_high`.
    static func rate(_ name: String, _ part: Int, of whole: Int) -> Self {
        let interval = NaiveStatistics.wilson95(part, of: whole)
        return [
            name: .ratio(NaiveStatistics.ratio(part, whole)), "\(name)_low": .ratio(interval?.low), "\(name)_high": .ratio(interval?.high),
        ]
    }
}

extension [NaiveRow] {
    /// With `q_value`s: Benjamini and Hochberg's over the rows that have the same texts in some columns.
    func withQValues(over columns: [String]) -> Self {
        var rows = self
        for family in Dictionary(grouping: indices, by: { row in columns.map { self[row].text($0) } }).values {
            let qValues = NaiveStatistics.qValues(family.map { self[$0].ratio("p_value") })
            for (row, qValue) in zip(family, qValues) { rows[row]["q_value"] = .ratio(qValue) }
        }
        return rows
    }
}
