import Disk

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
