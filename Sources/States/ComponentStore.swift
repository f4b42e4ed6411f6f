import Disk
package import Events

/// Components and the identifiers that lead to them.
package final class ComponentStore {
    private let find: SQLiteStatement
    private let assign: SQLiteStatement
    private let unassign: SQLiteStatement
    private let load: SQLiteStatement
    private let store: SQLiteStatement
    private let delete: SQLiteStatement
    private let due: SQLiteStatement
    private let later: SQLiteStatement
    private let connection: SQLiteConnection

    package init(_ file: StateFile) throws {
        connection = file.connection
        find = try connection.prepare("SELECT component FROM identifier WHERE key = ?")
        assign = try connection.prepare(
            "INSERT INTO identifier VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET component = excluded.component")
        unassign = try connection.prepare("DELETE FROM identifier WHERE key = ? AND component = ?")
        load = try connection.prepare("SELECT bytes FROM component WHERE id = ?")
        store = try connection.prepare(
            "INSERT INTO component VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET "
                + "deadline = excluded.deadline, latest = excluded.latest, bytes = excluded.bytes")
        delete = try connection.prepare("DELETE FROM component WHERE id = ?")
        due = try connection.prepare("SELECT id FROM component INDEXED BY component_deadline WHERE deadline < ?")
        later = try connection.prepare("SELECT id FROM component INDEXED BY component_latest WHERE latest > ?")
    }

    /// The component of an identifier's fingerprint; nil where there is none.
    package func component(ofKey key: UInt64) throws -> Int64? {
        try find.bind(Int64(bitPattern: key), at: 1)
        guard try find.next() else { return nil }
        defer { find.finish() }
        return find.integer(0)
    }

    package func assign(key: UInt64, to component: Int64) throws {
        try assign.bind(Int64(bitPattern: key), at: 1)
        try assign.bind(component, at: 2)
        try assign.run()
    }

    /// Takes the fingerprint out where it still leads to that component.
    package func unassign(key: UInt64, from component: Int64) throws {
        try unassign.bind(Int64(bitPattern: key), at: 1)
        try unassign.bind(component, at: 2)
        try unassign.run()
    }

    /// Throws `StateError.damaged` where something leads to a component that is not there.
    package func load(_ id: Int64) throws -> [UInt8] {
        try load.bind(id, at: 1)
        guard try load.next() else { throw StateError.damaged(path: connection.path, reason: "component \(id) is missing") }
        defer { load.finish() }
        return Array(load.bytes(0))
    }

    /// - Parameters:
    ///   - deadline: up to and including this as-of, what it contributes stays the same; nil: for ever.
    ///   - latest: the time of its latest event, waiting ones included.
    package func store(_ id: Int64, deadline: Int64?, latest: EventTime, _ bytes: [UInt8]) throws {
        try store.bind(id, at: 1)
        if let deadline { try store.bind(deadline, at: 2) } else { try store.bindNull(at: 2) }
        try store.bind(latest, at: 3)
        try store.bind(bytes: bytes, at: 4)
        try store.run()
    }

    package func delete(_ id: Int64) throws {
        try delete.bind(id, at: 1)
        try delete.run()
    }

    /// Components whose contribution changes when as-of reaches this time, in order of their numbers.
    package func due(asOf: Int64) throws -> [Int64] {
        try due.bind(asOf, at: 1)
        return try list(due).sorted()
    }

    /// Components that have an event after this time, in order of their numbers.
    package func later(than time: EventTime) throws -> [Int64] {
        try later.bind(time, at: 1)
        return try list(later).sorted()
    }

    package func all() throws -> [Int64] { try list(connection.prepare("SELECT id FROM component ORDER BY id")) }

    private func list(_ statement: SQLiteStatement) throws -> [Int64] {
        var found: [Int64] = []
        while try statement.next() { found.append(statement.integer(0)) }
        return found
    }
}

/// By which 64 bits a state finds the component of an identifier: a hash under a secret of the state's own, so that nobody can
/// choose identifiers that meet. Where two meet by chance, they are in one component.
package struct IdentifierKeys: Sendable {
    private let seed: HashSeed

    /// Throws as reading does.
    package init(_ file: StateFile) throws {
        guard let bytes = try file.bytes(.identifierSeed), bytes.count == 2 * MemoryLayout<UInt64>.size else {
            throw StateError.damaged(path: file.path, reason: "what its identifiers are found by makes no sense")
        }
        seed = bytes.withUnsafeBytes { bytes in
            func word(_ place: Int) -> UInt64 { UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 8 * place, as: UInt64.self)) }
            return HashSeed(first: word(0), second: word(1))
        }
    }

    package func key(_ symbol: UInt32, _ identifiers: SymbolTable) -> UInt64 {
        let bytes = identifiers.bytes(of: symbol)
        return seed.hash(bytes.baseAddress!, bytes.count, tag: identifiers.tag(of: symbol))
    }
}
