import Events
import Tables

/// Facts of persons as the state keeps them: with texts as the state numbers them.
enum StoredFacts {
    private static let cells = MetricCells()

    static func encode(_ fact: PersonFact, _ coder: inout ByteEncoder, _ symbols: StateSymbols) {
        let texts = cells.shape(ofFactsIn: fact.table)?.textColumns ?? []
        coder.put(fact.table)
        for (column, number) in fact.key.enumerated() { coder.put(texts.contains(column) ? symbols.number(of: number) : UInt64(number)) }
    }

    /// Throws `DamagedBytes`.
    static func decode(_ decoder: inout ByteDecoder, _ symbols: StateSymbols) throws -> PersonFact {
        let table = try decoder.number(below: 64)
        guard let (width, texts) = cells.shape(ofFactsIn: table) else { throw DamagedBytes() }
        let key = try (0..<width).map { column -> UInt32 in
            let number = try decoder.number()
            guard number <= UInt32.max else { throw DamagedBytes() }
            return texts.contains(column) ? try symbols.symbol(ofState: number) : UInt32(number)
        }
        return PersonFact(table: table, key: key)
    }
}
