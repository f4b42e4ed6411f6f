/// That a person was counted once and for all in a cell that counts different persons over all days: remembered where the
/// events that say so are no longer kept.
public struct PersonFact: Sendable, Hashable {
    /// Place of the table among `MetricCells.tables`.
    public var table: Int
    public var key: [UInt32]

    public init(table: Int, key: [UInt32]) {
        self.table = table
        self.key = key
    }
}

extension MetricCells {
    /// By table: the counter of different persons, nil where there is none.
    private static let personCounters: [String: Int] = [
        "journeys": JourneyCounter.customers.rawValue, "sessions": SessionCounter.customers.rawValue,
        "touchpoints": TouchpointCounter.customers.rawValue, "frictions": FrictionCounter.customers.rawValue,
        "friction_places": PlaceCounter.customers.rawValue, "needs": 0, "row_persons": 0,
    ]

    /// What these cells, of one person alone, count once over all days.
    public var personFacts: Set<PersonFact> {
        var facts: Set<PersonFact> = []
        for (place, entry) in tables.enumerated() {
            guard let counter = Self.personCounters[entry.name] else { continue }
            let table = entry.table
            for cell in 0..<table.keys.count where table.counter(counter, of: cell) > 0 {
                let key = Array(table.keys[cell])
                if key.last == Self.allDays || entry.name == "needs" { facts.insert(PersonFact(table: place, key: key)) }
            }
        }
        return facts
    }

    /// Lets a person pass for counted already. Before the person is added.
    /// - Parameter owner: number of the person, not 0.
    public func mark(_ facts: some Sequence<PersonFact>, owner: UInt32) {
        let tables = tables
        for fact in facts {
            let (name, table) = tables[fact.table]
            guard let counter = Self.personCounters[name], fact.key.count == table.width else { continue }
            table.mark(owner, counter: counter, of: fact.key.withUnsafeBufferPointer { table.cell($0.baseAddress!) })
        }
    }

    /// How many numbers a fact of a table has, and which of them are symbols of texts. nil where there are no facts.
    public func shape(ofFactsIn table: Int) -> (width: Int, textColumns: Set<Int>)? {
        guard tables.indices.contains(table), Self.personCounters[tables[table].name] != nil else { return nil }
        return (tables[table].table.width, tables[table].table.textColumns)
    }

    /// Whether nothing is counted.
    public var isZero: Bool { tables.allSatisfy { $0.table.parts.isEmpty } }
}
