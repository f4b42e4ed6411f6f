public import Events

/// That a person was counted once and for all in a cell that counts different persons over all days: remembered where the
/// events that say so are no longer kept.
public struct PersonFact: Sendable, Hashable {
    /// Of the cells' shape.
    var cells: String
    var key: CellKey
}

/// Facts as bytes: with the name of the cells, which stays when tables come and go.
extension PersonFact {
    private static let none = MetricCells()

    /// - Parameter texts: takes in the name.
    public func put(to coder: inout ByteEncoder, _ numbers: inout TextNumbers, _ texts: SymbolTable) {
        coder.put(numbers.number(of: texts.intern(cells)))
        key.put(to: &coder, &numbers, texts: Self.none.cells(named: cells)?.shape.texts ?? [])
    }

    /// - Parameter symbols: by number, of the texts that were written beside it.
    /// Throws `DamagedBytes`.
    public init(_ decoder: inout ByteDecoder, _ symbols: [UInt32], _ texts: SymbolTable) throws {
        cells = texts.string(symbols[try decoder.number(below: symbols.count)])
        guard let shape = Self.none.cells(named: cells)?.shape, shape.persons != nil else { throw DamagedBytes() }
        key = try CellKey(&decoder, symbols, texts: shape.texts, day: CellKey.allDays)
    }
}

extension MetricCells {
    /// What a person is counted for by these cells, of that person alone, and by events before them.
    /// - Parameter known: what it was counted for by those.
    public func personFacts(after known: Set<PersonFact>) -> Set<PersonFact> {
        var facts = known
        for table in cells {
            guard let counter = table.shape.persons else { continue }
            for cell in 0..<table.count where table.counter(counter, of: cell) != 0 {
                let key = table.key(of: cell)
                guard key.day == CellKey.allDays else { continue }
                let fact = PersonFact(cells: table.shape.name, key: key)
                // What earlier events left open may be taken back.
                if table.counter(counter, of: cell) > 0 { facts.insert(fact) } else { facts.remove(fact) }
            }
        }
        return facts
    }

    /// Lets a person pass for counted already. Before the person is added.
    /// - Parameter owner: number of the person, not 0.
    func mark(_ facts: some Sequence<PersonFact>, owner: UInt32) {
        for fact in facts {
            guard let table = cells(named: fact.cells) else { continue }
            table.mark(owner, of: table.cell(fact.key))
        }
    }
}
