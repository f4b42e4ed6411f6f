import Events

/// One of the texts that a row's key shows, as it is found in a cell's key.
struct KeyText {
    /// Stands for the text: equal ids have equal texts.
    fileprivate let id: (CellKey) -> UInt64
    fileprivate let text: (CellKey, TableNames) -> String

    /// The name of the journey type.
    static var journey: KeyText { KeyText(id: { UInt64($0.type) }, text: { $1.journeys[Int($0.type)].name }) }

    /// The text whose symbol stands there.
    static func symbol(_ place: WritableKeyPath<CellKey, UInt32>) -> KeyText {
        KeyText(id: { UInt64($0[keyPath: place]) }, text: { $1.text($0[keyPath: place]) })
    }

    /// What the number there is called.
    static func number(_ place: WritableKeyPath<CellKey, UInt32>, _ name: @escaping (UInt32, TableNames) -> String) -> KeyText {
        KeyText(id: { UInt64($0[keyPath: place]) }, text: { name($0[keyPath: place], $1) })
    }

    /// The number itself, in order of numbers.
    static func count(_ place: WritableKeyPath<CellKey, UInt32>) -> KeyText {
        KeyText(
            id: { UInt64($0[keyPath: place]) },
            text: { key, _ in
                let digits = "\(key[keyPath: place])"
                return String(repeating: "0", count: 10 - digits.utf8.count) + digits
            })
    }

    /// What the number there is called in the journey type.
    static func numberOfType(_ place: WritableKeyPath<CellKey, UInt32>, _ name: @escaping (UInt32, TableNames.Journey) -> String) -> KeyText
    {
        KeyText(
            id: { UInt64($0.type) << 32 | UInt64($0[keyPath: place]) },
            text: { name($0[keyPath: place], $1.journeys[Int($0.type)]) })
    }
}

/// Cells of one key with the texts that their row shows.
struct NamedGroup {
    let key: CellKey
    let texts: [String]
    let group: CellGroup
}

extension TableSums {
    /// The cells of a shape by key, in byte order of the keys' texts, one after the other.
    func named(_ shape: CellShape, _ parts: [KeyText]) -> [NamedGroup] { named(groups(shape), parts) }

    /// The same of cells by key. Each text is made and compared with the others once, however many keys have it.
    func named(_ groups: [CellKey: CellGroup], _ parts: [KeyText]) -> [NamedGroup] {
        let groups = Array(groups)
        let columns = parts.map { part in RankedTexts(groups.lazy.map { (part.id($0.key), $0.key) }) { part.text($0, names) } }
        let order = groups.indices.sorted { one, other in
            for column in columns where column.ranks[one] != column.ranks[other] { return column.ranks[one] < column.ranks[other] }
            return groups[one].key.day < groups[other].key.day
        }
        return order.map { row in
            NamedGroup(key: groups[row].key, texts: columns.map { $0.texts[Int($0.ranks[row])] }, group: groups[row].value)
        }
    }
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
