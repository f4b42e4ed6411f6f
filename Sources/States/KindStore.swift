import Disk
package import Events

/// The kinds of events that a state has met, with their texts. There are few enough of them to be read whole at the start
/// of a run: expressions are compiled for all of them before the first event is loaded.
package struct KindStore {
    private let connection: SQLiteConnection

    package init(_ file: StateFile) { connection = file.connection }

    /// Adds the state's kinds to a run's tables, and what is new in these to the state.
    package func exchange(texts: SymbolTable, kinds: TupleTable) throws {
        var known: Set<UInt32> = []
        let stored = try connection.prepare("SELECT texts FROM kind ORDER BY id")
        while try stored.next() {
            var decoder = ByteDecoder(stored.bytes(0))
            let tuple = try (0..<kinds.width).map { _ in try decoder.number(below: 2) == 0 ? 0 : texts.intern(try decoder.text()) }
            guard decoder.isAtEnd else { throw DamagedBytes() }
            known.insert(tuple.withUnsafeBufferPointer { kinds.intern($0.baseAddress!) })
        }
        let insert = try connection.prepare("INSERT INTO kind (texts) VALUES (?)")
        for kind in 0..<UInt32(kinds.count) where !known.contains(kind) {
            var coder = ByteEncoder()
            for symbol in kinds[Int(kind)] {
                coder.put(symbol == 0 ? 0 : 1)
                if symbol != 0 { coder.put(text: texts.bytes(of: symbol)) }
            }
            try insert.bind(bytes: coder.bytes, at: 1)
            try insert.run()
        }
    }
}
