package import Events
import Tables

extension ComponentRows {
    /// Of so many columns each row says in one number which of them are filled.
    static let maskedColumnsMax = 48

    /// Times are written as multiples of this where all of them are: most logs know milliseconds.
    static let coarseUnit: Microseconds = 1000

    /// The given rows as sealed bytes, with what they need of identifiers and texts, and what is kept of others. What components
    /// share stands in them as the state's numbers.
    /// - Parameters:
    ///   - bare: tuples without rows.
    ///   - texts: of the symbols in rows; takes in the names of the cells that facts speak of.
    package func encode(_ rows: [Int], bare: [Int] = [], texts: SymbolTable, words: SharedWords) -> [UInt8] {
        let rows = rows.sorted { time($0) < time($1) }
        let used = UsedTuples(rows.lazy.map { self.tuple($0) }, bare: bare, tuples, identifiers: identifiers.count)
        var numbers = TextNumbers()
        var body = ByteEncoder()
        let isCoarse = rows.allSatisfy { time($0) % Self.coarseUnit == 0 }
        body.put(isCoarse ? 1 : 0)
        body.put(signed: rows.first.map { time($0) } ?? lastSeen)
        var last = (time: rows.first.map { time($0) } ?? 0, tuple: -1, file: Int64(0))
        for index in rows {
            put(index, after: last, unit: isCoarse ? Self.coarseUnit : 1, used, words, &numbers, to: &body)
            last = (time(index), tuple(index), Int64(RowPosition.file(position(index))))
        }
        body.put(bare.count)
        for tuple in bare { body.put(used.places[tuple]) }
        let known = facts.filter { used.identifierPlaces[Int($0.key)] != 0 }
        body.put(known.count)
        for (identifier, facts) in known {
            body.put(used.identifierPlaces[Int(identifier)] - 1)
            body.put(facts.count)
            for fact in facts { fact.put(to: &body, &numbers, texts) }
        }
        var coder = SealedBytes.begin(.rows, version: Self.version)
        used.put(to: &coder, tuples, identifiers)
        numbers.put(to: &coder, texts)
        coder.put(body)
        return SealedBytes.seal(coder, count: rows.count)
    }

    /// One row, without what it has in common with the last one.
    private func put(
        _ index: Int, after last: (time: EventTime, tuple: Int, file: Int64), unit: Microseconds, _ used: UsedTuples, _ words: SharedWords,
        _ numbers: inout TextNumbers, to body: inout ByteEncoder
    ) {
        let (row, position) = (row(index), position(index))
        let file = Int64(RowPosition.file(position))
        let id = layout.eventIDOffset.map { row.load(fromByteOffset: $0, as: UInt64.self) } ?? 0
        var heading = RowHeading(hasID: id != 0, isSameTuple: tuple(index) == last.tuple, isSameFile: file == last.file)
        for column in 0..<min(layout.scalarCount, Self.maskedColumnsMax) where !scalar(index, column).isAbsent { heading.fill(column) }
        body.put(heading.bits)
        body.put(UInt64(bitPattern: (time(index) &- last.time) / unit))
        body.put(words.number(ofKind: kind(index)))
        if !heading.isSameTuple { body.put(used.places[tuple(index)]) }
        if !heading.isSameFile { body.put(signed: file - last.file) }
        body.put(UInt64(RowPosition.line(position)))
        if layout.recordOffset != nil { body.put(UInt64(record(index))) }
        if heading.hasID { body.put(whole: id) }
        if let offset = layout.sequenceOffset { body.put(signed: row.load(fromByteOffset: offset, as: Int64.self)) }
        if layout.fieldSetOffset != nil { body.put(words.number(ofFieldSet: fieldSet(index))) }
        for column in 0..<layout.scalarCount where column >= Self.maskedColumnsMax || heading.isFilled(column) {
            let scalar = scalar(index, column)
            body.put(scalar.isAbsent ? 0 : UInt64(numbers.number(of: scalar.symbol)) << 2 | UInt64(scalar.type.rawValue))
        }
    }

    private func scalar(_ index: Int, _ column: Int) -> Scalar {
        Scalar(bits: row(index).load(fromByteOffset: layout.scalarOffset + 4 * column, as: UInt32.self))
    }
}

/// What a stored row begins with.
struct RowHeading {
    private(set) var bits: UInt64

    init(hasID: Bool, isSameTuple: Bool, isSameFile: Bool) {
        bits = (hasID ? 1 : 0) | (isSameTuple ? 2 : 0) | (isSameFile ? 4 : 0)
    }

    init(bits: UInt64) { self.bits = bits }

    var hasID: Bool { bits & 1 != 0 }
    var isSameTuple: Bool { bits & 2 != 0 }
    var isSameFile: Bool { bits & 4 != 0 }

    /// Of the first columns of dynamic type.
    func isFilled(_ column: Int) -> Bool { bits >> UInt64(3 + column) & 1 != 0 }
    mutating func fill(_ column: Int) { bits |= 1 << UInt64(3 + column) }
}

/// The tuples that are written, and their identifiers, numbered in the order in which they are met.
private struct UsedTuples {
    /// By tuple, from 0; of those that are not written -1.
    private(set) var places: [Int]
    /// By identifier, from 1; of those that are not written 0.
    private(set) var identifierPlaces: [Int]
    private var tuples: [Int] = []
    private var identifiers: [UInt32] = []

    init(_ ofRows: some Sequence<Int>, bare: [Int], _ table: TupleTable, identifiers count: Int) {
        places = Array(repeating: -1, count: table.count)
        identifierPlaces = Array(repeating: 0, count: count + 1)
        for tuple in bare { take(tuple, table) }
        for tuple in ofRows { take(tuple, table) }
    }

    private mutating func take(_ tuple: Int, _ table: TupleTable) {
        guard places[tuple] < 0 else { return }
        places[tuple] = tuples.count
        tuples.append(tuple)
        for symbol in table[tuple] where symbol != 0 && identifierPlaces[Int(symbol)] == 0 {
            identifiers.append(symbol)
            identifierPlaces[Int(symbol)] = identifiers.count
        }
    }

    func put(to coder: inout ByteEncoder, _ table: TupleTable, _ texts: SymbolTable) {
        coder.put(identifiers.count)
        for symbol in identifiers { IdentifierText.put(texts.bytes(of: symbol), type: texts.tag(of: symbol), to: &coder) }
        coder.put(tuples.count)
        for tuple in tuples {
            for symbol in table[tuple] { coder.put(symbol == 0 ? 0 : identifierPlaces[Int(symbol)]) }
        }
    }
}
