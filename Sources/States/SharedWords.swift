import Disk
package import Events

/// What the events of all components share, under the numbers that a state has for it: their kinds, and which fields their records have
/// (`FieldSet`). There is little of it, and nothing of it is anybody's, so it stands once in the state and is read whole at the start of
/// a run: expressions are compiled for all kinds before the first event is loaded.
package struct SharedWords: Sendable {
    /// Those of the run, and those of the state, over the run's texts.
    package let kinds: TupleTable
    /// By number in the state: the kind's number in `kinds`; and the other way round.
    private var kindOfNumber: [UInt32] = []
    private var numberOfKind: [Int] = []
    /// By number in the state: the symbol of a set's text, which is 0 for none; and the other way round.
    private var setOfNumber: [UInt32] = [0]
    private var numberOfSet: [UInt32: Int] = [0: 0]

    func number(ofKind kind: UInt32) -> Int { numberOfKind[Int(kind)] }

    /// Throws `DamagedBytes` where the state has no such kind.
    func kind(_ number: UInt64) throws -> UInt32 {
        guard number < UInt64(kindOfNumber.count) else { throw DamagedBytes() }
        return kindOfNumber[Int(number)]
    }

    func number(ofFieldSet set: UInt32) -> Int {
        guard let number = numberOfSet[set] else { preconditionFailure("a set of fields that the state was not told of") }
        return number
    }

    /// Throws `DamagedBytes` where the state has no such set.
    func fieldSet(_ number: UInt64) throws -> UInt32 {
        guard number < UInt64(setOfNumber.count) else { throw DamagedBytes() }
        return setOfNumber[Int(number)]
    }
}

extension SharedWords {
    /// Adds the state's kinds to a run's tables, and what is new in these to the state.
    package init(exchanging kinds: TupleTable, texts: SymbolTable, _ file: StateFile) throws {
        self.kinds = kinds
        let stored = try file.connection.prepare("SELECT id, texts FROM kind ORDER BY id")
        while try stored.next() {
            var decoder = ByteDecoder(stored.bytes(1))
            let tuple = try (0..<kinds.width).map { _ in try decoder.number(below: 2) == 0 ? 0 : texts.intern(try decoder.text()) }
            guard decoder.isAtEnd, stored.integer(0) == Int64(kindOfNumber.count) else { throw DamagedBytes() }
            kindOfNumber.append(tuple.withUnsafeBufferPointer { kinds.intern($0.baseAddress!) })
        }
        numberOfKind = Array(repeating: -1, count: kinds.count)
        for (number, kind) in kindOfNumber.enumerated() { numberOfKind[Int(kind)] = number }
        let insert = try file.connection.prepare("INSERT INTO kind VALUES (?, ?)")
        for kind in 0..<UInt32(kinds.count) where numberOfKind[Int(kind)] < 0 {
            var coder = ByteEncoder()
            for symbol in kinds[Int(kind)] {
                coder.put(symbol == 0 ? 0 : 1)
                if symbol != 0 { coder.put(text: texts.bytes(of: symbol)) }
            }
            numberOfKind[Int(kind)] = kindOfNumber.count
            try insert.bind(Int64(kindOfNumber.count), at: 1)
            try insert.bind(bytes: coder.bytes, at: 2)
            try insert.run()
            kindOfNumber.append(kind)
        }
        let sets = try file.connection.prepare("SELECT id, bytes FROM field_set ORDER BY id")
        while try sets.next() {
            guard sets.integer(0) == Int64(setOfNumber.count) else { throw DamagedBytes() }
            let symbol = texts.intern(sets.bytes(1))
            numberOfSet[symbol] = setOfNumber.count
            setOfNumber.append(symbol)
        }
    }

    /// Adds what is new among sets of fields to the state.
    package mutating func add(fieldSets: Set<UInt32>, texts: SymbolTable, _ file: StateFile) throws {
        let insert = try file.connection.prepare("INSERT INTO field_set VALUES (?, ?)")
        for set in fieldSets.sorted() where numberOfSet[set] == nil {
            try insert.bind(Int64(setOfNumber.count), at: 1)
            try insert.bind(bytes: Array(texts.bytes(of: set)), at: 2)
            try insert.run()
            numberOfSet[set] = setOfNumber.count
            setOfNumber.append(set)
        }
    }
}
