package import Events

/// The place of every text that rows show in byte order of them all: found once for all tables, so that these compare numbers.
/// Texts that show alike have one place.
package final class SymbolRanks: Sendable {
    /// By symbol; 0 for those that no key has.
    private let ranks: [UInt32]

    /// The greatest.
    let most: UInt32

    /// Of the texts in keys of all these cells.
    package convenience init(_ cells: MetricCells, _ texts: SymbolTable) { self.init(cells.cells, texts) }

    init(_ tables: [CellTable], _ texts: SymbolTable) {
        var isShown = [Bool](repeating: false, count: texts.count + 1)
        for table in tables {
            let places = KeyPlaces.all.filter { table.shape.texts.contains($0) }
            guard !places.isEmpty else { continue }
            for cell in 0..<table.count {
                let key = table.key(of: cell)
                for place in places { isShown[Int(key[place])] = true }
            }
        }
        isShown[0] = false
        let symbols = (1..<UInt32(isShown.count)).filter { isShown[Int($0)] }
        // What has no bytes to show is shown otherwise, and has its place by that.
        let shown = Self.shownOtherwise(symbols, texts)
        // Texts such as paths begin alike: what tells them apart stands behind that.
        let common = shown.isEmpty ? Self.commonPrefix(symbols, texts) : 0
        func head(_ symbol: UInt32) -> UInt64 { shown[symbol].map { $0.head } ?? texts.head(of: symbol, from: common) }
        func compare(_ one: UInt32, _ other: UInt32) -> Bool {
            guard shown[one] != nil || shown[other] != nil else { return texts.precedes(one, other) }
            return bytes(one).lexicographicallyPrecedes(bytes(other))
        }
        func bytes(_ symbol: UInt32) -> [UInt8] { shown[symbol]?.bytes ?? Array(texts.bytes(of: symbol)) }
        var order = symbols.map { (head: head($0), symbol: $0) }
        order.sort { $0.head != $1.head ? $0.head < $1.head : compare($0.symbol, $1.symbol) }
        var ranks = [UInt32](repeating: 0, count: isShown.count)
        var rank: UInt32 = 0
        for (place, entry) in order.enumerated() {
            if place == 0 || shown.isEmpty || bytes(order[place - 1].symbol) != bytes(entry.symbol) { rank += 1 }
            ranks[Int(entry.symbol)] = rank
        }
        (self.ranks, most) = (ranks, rank)
    }

    private static func shownOtherwise(_ symbols: [UInt32], _ texts: SymbolTable) -> [UInt32: (head: UInt64, bytes: [UInt8])] {
        var shown: [UInt32: (head: UInt64, bytes: [UInt8])] = [:]
        for symbol in symbols where !texts.isExact(symbol) {
            let other = SymbolTable(capacity: 1)
            let text = other.intern(texts.string(symbol))
            shown[symbol] = (other.head(of: text, from: 0), Array(other.bytes(of: text)))
        }
        return shown
    }

    private static func commonPrefix(_ symbols: [UInt32], _ texts: SymbolTable) -> Int {
        guard let first = symbols.first else { return 0 }
        return symbols.reduce(Int.max) { min($0, texts.commonPrefix($1, first)) }
    }

    /// 0 for the symbol of no text, which comes first. Above 0 in the order of texts.
    @inline(__always)
    func rank(of symbol: UInt32) -> UInt32 { ranks[Int(symbol)] }
}
