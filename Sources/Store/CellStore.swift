import Reports
package import Tables

/// The summed cells, part by part, and the persons that are examples of frictions.
package struct CellStore {
    private let connection: SQLiteConnection

    package init(_ file: StateFile) { connection = file.connection }

    /// Adds what is stored to cells that are empty yet.
    /// - Parameters:
    ///   - symbol: of a text's number in the state.
    ///   - isWanted: whether a part of a table is to be loaded.
    package func load(
        into cells: MetricCells, symbol: (UInt64) throws -> UInt32, isWanted: (_ table: String, _ part: UInt32) -> Bool = { _, _ in true }
    ) throws {
        let tables = Dictionary(uniqueKeysWithValues: cells.tables.map { ($0.name, $0.table) })
        let statement = try connection.prepare("SELECT name, part, bytes FROM cell ORDER BY name, part")
        while try statement.next() {
            guard let table = tables[statement.text(0)], let part = UInt32(exactly: statement.integer(1)) else {
                throw StateError.damaged(path: connection.path, reason: "unknown cells")
            }
            guard isWanted(statement.text(0), part) else { continue }
            try table.decode(part: part, statement.bytes(2), symbol: symbol)
        }
    }

    /// Stores the given parts of a table anew; those without cells are removed.
    package func store(_ name: String, _ table: CellTable, parts: Set<UInt32>, text: (UInt32) -> UInt64) throws {
        let coded = table.encode(parts: parts, text: text)
        let store = try connection.prepare("INSERT INTO cell VALUES (?, ?, ?) ON CONFLICT (name, part) DO UPDATE SET bytes = excluded.bytes")
        let delete = try connection.prepare("DELETE FROM cell WHERE name = ? AND part = ?")
        for part in parts.sorted() {
            let statement = coded[part] == nil ? delete : store
            try statement.bind(name, at: 1)
            try statement.bind(Int64(part), at: 2)
            if let bytes = coded[part] { try statement.bind(bytes: bytes, at: 3) }
            try statement.run()
        }
    }
}

/// A person that has a friction in a journey of a type; both by their numbers in the pipeline.
package struct ExamplePerson: Hashable, Sendable {
    package var type: UInt32
    package var friction: UInt32
    /// UTF-8: as a `String` a name would equal its other spelling.
    package var name: [UInt8]

    package init(type: UInt32, friction: UInt32, name: [UInt8]) {
        self.type = type
        self.friction = friction
        self.name = name
    }
}

package struct ExampleStore {
    private let connection: SQLiteConnection

    package init(_ file: StateFile) { connection = file.connection }

    package func add(_ examples: [ExamplePerson]) throws { try change(examples, "INSERT OR IGNORE INTO example VALUES (?, ?, ?)") }

    package func remove(_ examples: [ExamplePerson]) throws {
        try change(examples, "DELETE FROM example WHERE type = ? AND friction = ? AND name = ?")
    }

    /// A person of this name, whatever it is an example of.
    package func remove(_ name: [UInt8]) throws {
        let statement = try connection.prepare("DELETE FROM example WHERE name = ?")
        try statement.bind(bytes: name, at: 1)
        try statement.run()
    }

    private func change(_ examples: [ExamplePerson], _ sql: String) throws {
        let statement = try connection.prepare(sql)
        for example in examples {
            try statement.bind(Int64(example.type), at: 1)
            try statement.bind(Int64(example.friction), at: 2)
            try statement.bind(bytes: example.name, at: 3)
            try statement.run()
        }
    }

    /// The names that come first in byte order.
    package func first(_ count: Int, type: UInt32, friction: UInt32) throws -> [String] {
        let statement = try connection.prepare("SELECT name FROM example WHERE type = ? AND friction = ? ORDER BY name LIMIT ?")
        try statement.bind(Int64(type), at: 1)
        try statement.bind(Int64(friction), at: 2)
        try statement.bind(Int64(count), at: 3)
        var names: [String] = []
        while try statement.next() { names.append(statement.text(0)) }
        return names
    }
}
