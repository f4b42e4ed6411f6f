package import Events
import Tables

extension ComponentRows {
    /// The given rows as sealed bytes, with what they need of identifiers and texts, and what is kept of others.
    /// - Parameters:
    ///   - bare: tuples without rows.
    ///   - texts: of the symbols in rows; takes in the names of the cells that facts speak of.
    package func encode(_ rows: [Int], bare: [Int] = [], texts: SymbolTable, kinds: TupleTable) -> [UInt8] {
        let rows = rows.sorted { time($0) < time($1) }
        let used = UsedTuples(rows.map { tuple($0) }, bare: bare, tuples)
        var (numbers, kindPlaces, usedKinds) = (TextNumbers(), [UInt32: Int](), [UInt32]())
        var body = ByteEncoder()
        body.put(signed: rows.isEmpty ? lastSeen : rows.reduce(EventTime.min) { max($0, time($1)) })
        var (before, file) = (Int64(0), Int64(0))
        for index in rows {
            let row = row(index)
            body.put(signed: time(index) &- before)
            before = time(index)
            let kind = row.load(fromByteOffset: RowLayout.kindOffset, as: UInt32.self)
            if kindPlaces[kind] == nil {
                kindPlaces[kind] = usedKinds.count
                usedKinds.append(kind)
            }
            body.put(kindPlaces[kind]!)
            body.put(used.places[tuple(index)]!)
            let position = position(index)
            body.put(signed: Int64(RowPosition.file(position)) - file)
            file = Int64(RowPosition.file(position))
            body.put(UInt64(RowPosition.line(position)))
            if layout.recordOffset != nil { body.put(UInt64(record(index))) }
            if let offset = layout.eventIDOffset {
                let id = row.load(fromByteOffset: offset, as: UInt64.self)
                body.put(id == 0 ? 0 : 1)
                if id != 0 { body.put(whole: id) }
            }
            if let offset = layout.sequenceOffset { body.put(signed: row.load(fromByteOffset: offset, as: Int64.self)) }
            if layout.fieldSetOffset != nil { body.put(numbers.number(of: fieldSet(index))) }
            for column in 0..<layout.scalarCount {
                let scalar = scalar(index, column)
                body.put(scalar.isAbsent ? 0 : UInt64(numbers.number(of: scalar.symbol)) << 2 | UInt64(scalar.type.rawValue))
            }
        }
        body.put(bare.count)
        for tuple in bare { body.put(used.places[tuple]!) }
        let known = facts.filter { used.identifierPlaces[$0.key] != nil }
        body.put(known.count)
        for (identifier, facts) in known {
            body.put(used.identifierPlaces[identifier]! - 1)
            body.put(facts.count)
            for fact in facts { fact.put(to: &body, &numbers, texts) }
        }
        var ofKinds = ByteEncoder()
        ofKinds.put(usedKinds.count)
        for kind in usedKinds {
            for symbol in kinds[Int(kind)] { ofKinds.put(numbers.number(of: symbol)) }
        }
        var coder = SealedBytes.begin(.rows, version: Self.version)
        used.put(to: &coder, tuples, identifiers)
        numbers.put(to: &coder, texts)
        coder.put(ofKinds)
        coder.put(body)
        return SealedBytes.seal(coder, count: rows.count)
    }

    private func scalar(_ index: Int, _ column: Int) -> Scalar {
        Scalar(bits: row(index).load(fromByteOffset: layout.scalarOffset + 4 * column, as: UInt32.self))
    }
}

/// The tuples that are written, and their identifiers, numbered in the order in which they are met.
private struct UsedTuples {
    /// By tuple, from 0.
    private(set) var places: [Int: Int] = [:]
    /// By identifier, from 1.
    private(set) var identifierPlaces: [UInt32: Int] = [:]
    private var tuples: [Int] = []
    private var identifiers: [UInt32] = []

    init(_ ofRows: [Int], bare: [Int], _ table: TupleTable) {
        for tuple in bare + ofRows where places[tuple] == nil {
            places[tuple] = tuples.count
            tuples.append(tuple)
            for symbol in table[tuple] where symbol != 0 && identifierPlaces[symbol] == nil {
                identifiers.append(symbol)
                identifierPlaces[symbol] = identifiers.count
            }
        }
    }

    func put(to coder: inout ByteEncoder, _ table: TupleTable, _ texts: SymbolTable) {
        coder.put(identifiers.count)
        for symbol in identifiers {
            coder.put(UInt64(texts.tag(of: symbol)))
            coder.put(text: texts.bytes(of: symbol))
        }
        coder.put(tuples.count)
        for tuple in tuples {
            for symbol in table[tuple] { coder.put(symbol == 0 ? 0 : identifierPlaces[symbol]!) }
        }
    }
}
