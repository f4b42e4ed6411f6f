import Events

/// One of the texts that a row's key shows, as it is found in a cell's key.
struct KeyText: Sendable {
    /// Stands for the text: equal ids have equal texts.
    fileprivate let id: @Sendable (CellKey) -> UInt64
    fileprivate let text: @Sendable (CellKey, TableNames) -> String
    /// Where in the key the text's symbol stands, if it is one.
    fileprivate var symbol: Int?

    /// The name of the journey type.
    static var journey: KeyText { KeyText(id: { UInt64($0.type) }, text: { $1.journeys[Int($0.type)].name }) }

    /// The text whose symbol stands at a place of the table's own four, from 0.
    static func symbol(_ place: Int) -> KeyText {
        KeyText(id: { UInt64($0[place]) }, text: { $1.text($0[place]) }, symbol: place)
    }

    /// What the number there is called.
    static func number(_ place: Int, _ name: @escaping @Sendable (UInt32, TableNames) -> String) -> KeyText {
        KeyText(id: { UInt64($0[place]) }, text: { name($0[place], $1) })
    }

    /// What the segment is called.
    static func slice(_ name: @escaping @Sendable (UInt32, TableNames) -> String) -> KeyText {
        KeyText(id: { UInt64($0.slice) }, text: { name($0.slice, $1) })
    }

    /// The number itself, in order of numbers.
    static func count(_ place: Int) -> KeyText {
        KeyText(
            id: { UInt64($0[place]) },
            text: { key, _ in
                let digits = "\(key[place])"
                return String(repeating: "0", count: 10 - digits.utf8.count) + digits
            })
    }

    /// What the number there is called in the journey type.
    static func numberOfType(_ place: Int, _ name: @escaping @Sendable (UInt32, TableNames.Journey) -> String) -> KeyText {
        KeyText(id: { UInt64($0.type) << 32 | UInt64($0[place]) }, text: { name($0[place], $1.journeys[Int($0.type)]) })
    }
}

/// The texts of a row's key: made when they are asked for, where rows may be many.
struct KeyTexts: Sendable {
    private enum Source {
        case made([String])
        case rows(NamedRows, Int)
    }

    private let source: Source

    init(_ texts: [String]) { source = .made(texts) }
    fileprivate init(_ rows: NamedRows, _ row: Int) { source = .rows(rows, row) }

    subscript(place: Int) -> String {
        switch source {
        case .made(let texts): texts[place]
        case .rows(let rows, let row): rows.text(place, of: row)
        }
    }
}

/// Cells of one key with the texts that their row shows.
struct NamedGroup {
    let key: CellKey
    let texts: KeyTexts
    let group: CellGroup
}

/// What rows of grouped cells are named by. All names together are not held here: they would be copied for each text.
private final class NamedRows: Sendable {
    enum Column: Sendable {
        case symbol(place: Int)
        case few(FewTexts)
    }

    let cells: GroupedCells
    private let columns: [Column]
    private let texts: SymbolTable

    init(_ cells: GroupedCells, _ columns: [Column], _ texts: SymbolTable) {
        (self.cells, self.columns, self.texts) = (cells, columns, texts)
    }

    func text(_ column: Int, of row: Int) -> String {
        let key = cells.key(of: row)
        switch columns[column] {
        case .symbol(let place): return texts.string(key[place])
        case .few(let texts): return texts.text(key)
        }
    }
}

extension TableSums {
    /// The cells of a shape by key, in byte order of the keys' texts, by day first of the days.
    func named(_ shape: CellShape, _ parts: [KeyText]) -> some RandomAccessCollection<NamedGroup> {
        let table = cells[shape]
        let symbols = names.symbolRanks ?? SymbolRanks([table], names.texts)
        let columns = parts.map { part in
            part.symbol.map { NamedRows.Column.symbol(place: $0) } ?? .few(FewTexts(part, of: table, names))
        }
        let rankings = columns.map { column -> GroupedCells.Ranking in
            switch column {
            case .symbol(let place): .init(most: symbols.most) { symbols.rank(of: $0[place]) }
            case .few(let texts): .init(most: texts.most, rank: texts.rank)
            }
        }
        let rows = NamedRows(GroupedCells(table, granularity, rankings), columns, names.texts)
        return (0..<rows.cells.count).lazy.map { row in
            NamedGroup(key: rows.cells.key(of: row), texts: KeyTexts(rows, row), group: CellGroup(rows.cells, row: row))
        }
    }

    /// The same of cells by key, which are few. Each text is made and compared with the others once, however many keys have it.
    func named(_ groups: [CellKey: CellGroup], _ parts: [KeyText]) -> [NamedGroup] {
        let groups = Array(groups)
        let columns = parts.map { part in RankedTexts(groups.lazy.map { (part.id($0.key), $0.key) }) { part.text($0, names) } }
        let order = groups.indices.sorted { one, other in
            for column in columns where column.ranks[one] != column.ranks[other] { return column.ranks[one] < column.ranks[other] }
            return groups[one].key.day < groups[other].key.day
        }
        return order.map { row in
            NamedGroup(
                key: groups[row].key, texts: KeyTexts(columns.map { $0.texts[Int($0.ranks[row])] }), group: groups[row].value)
        }
    }
}

/// A few texts in byte order, such as names of journey types, found by keys.
private struct FewTexts: Sendable {
    private let texts: [String]
    private var ranks: [UInt64: UInt32] = [:]
    private let id: @Sendable (CellKey) -> UInt64

    init(_ part: KeyText, of table: CellTable, _ names: TableNames) {
        id = part.id
        var keys: [UInt64: CellKey] = [:]
        for cell in 0..<table.count {
            let key = table.key(of: cell)
            if key.slice == 0 { keys[part.id(key)] = key }
        }
        let all = Array(keys)
        let ranked = RankedTexts(all.lazy.map { ($0.key, $0.value) }) { part.text($0, names) }
        texts = ranked.texts
        for (place, entry) in all.enumerated() { ranks[entry.key] = ranked.ranks[place] }
    }

    var most: UInt32 { UInt32(ranks.count) }

    /// Of a key of the table.
    func rank(_ key: CellKey) -> UInt32 { ranks[id(key)]! }

    func text(_ key: CellKey) -> String { texts[Int(rank(key))] }
}

/// One text of each key: which it is in byte order.
private struct RankedTexts {
    /// Ascending.
    var texts: [String] = []
    /// By key.
    var ranks: [UInt32] = []

    init(_ keys: some Sequence<(id: UInt64, key: CellKey)>, text: (CellKey) -> String) {
        var numbers: [UInt64: UInt32] = [:]
        var unsorted: [String] = []
        ranks = keys.map { id, key in
            if let number = numbers[id] { return number }
            let number = UInt32(unsorted.count)
            numbers[id] = number
            unsorted.append(text(key))
            return number
        }
        let order = unsorted.indices.sorted { TableNames.precedes(unsorted[$0], unsorted[$1]) }
        var rankOf = [UInt32](repeating: 0, count: order.count)
        for number in order {
            // The same text by another number has the same rank.
            if texts.last.map({ $0.utf8.elementsEqual(unsorted[number].utf8) }) != true { texts.append(unsorted[number]) }
            rankOf[number] = UInt32(texts.count - 1)
        }
        for key in ranks.indices { ranks[key] = rankOf[Int(ranks[key])] }
    }
}
