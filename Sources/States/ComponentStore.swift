import Disk
package import Events

/// Components and the identifiers that lead to them.
package final class ComponentStore {
    private let find: SQLiteStatement
    private let assign: SQLiteStatement
    private let unassign: SQLiteStatement
    private let load: SQLiteStatement
    private let store: SQLiteStatement
    private let storeEvents: SQLiteStatement
    private let move: SQLiteStatement
    private let delete: SQLiteStatement
    private let deleteEvents: SQLiteStatement
    private let due: SQLiteStatement
    private let later: SQLiteStatement
    private let connection: SQLiteConnection

    package init(_ file: StateFile) throws {
        connection = file.connection
        find = try connection.prepare("SELECT component FROM identifier WHERE key = ?")
        assign = try connection.prepare(
            "INSERT INTO identifier VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET component = excluded.component")
        unassign = try connection.prepare("DELETE FROM identifier WHERE key = ? AND component = ?")
        load = try connection.prepare("SELECT bytes FROM component_events WHERE component = ?")
        store = try connection.prepare(
            "INSERT INTO component VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET deadline = excluded.deadline, latest = excluded.latest")
        storeEvents = try connection.prepare(
            "INSERT INTO component_events VALUES (?, ?) ON CONFLICT (component) DO UPDATE SET bytes = excluded.bytes")
        move = try connection.prepare("UPDATE component SET deadline = ? WHERE id = ?")
        delete = try connection.prepare("DELETE FROM component WHERE id = ?")
        deleteEvents = try connection.prepare("DELETE FROM component_events WHERE component = ?")
        due = try connection.prepare("SELECT id FROM component INDEXED BY component_deadline WHERE deadline <= ?")
        later = try connection.prepare("SELECT id FROM component WHERE latest > ? ORDER BY id")
    }

    /// The component of an identifier's fingerprint; nil where there is none.
    package func component(ofKey key: UInt64) throws -> Int64? {
        try find.bind(Int64(bitPattern: key), at: 1)
        guard try find.next() else { return nil }
        defer { find.finish() }
        return find.integer(0)
    }

    /// The order in which keys are stored. Who has many asks or assigns in this order: neighbours share pages.
    package static func precedes(_ left: UInt64, _ right: UInt64) -> Bool { Int64(bitPattern: left) < Int64(bitPattern: right) }

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
        try bind(deadline: deadline, at: 2, of: store)
        try store.bind(latest, at: 3)
        try store.run()
        try storeEvents.bind(id, at: 1)
        try storeEvents.bind(bytes: bytes, at: 2)
        try storeEvents.run()
    }

    /// Of a component that is otherwise as it is stored.
    package func store(_ id: Int64, deadline: Int64?) throws {
        try bind(deadline: deadline, at: 1, of: move)
        try move.bind(id, at: 2)
        try move.run()
    }

    /// In whole seconds, which are half the bytes. Whoever is due in the same second a bit later is looked at for nothing.
    private func bind(deadline: Int64?, at place: Int, of statement: SQLiteStatement) throws {
        if let deadline { try statement.bind(Self.second(of: deadline), at: place) } else { try statement.bindNull(at: place) }
    }

    private static func second(of time: EventTime) -> Int64 { time.flooredQuotient(by: 1_000_000) }

    package func delete(_ id: Int64) throws {
        for statement in [delete, deleteEvents] {
            try statement.bind(id, at: 1)
            try statement.run()
        }
    }

    /// Components whose contribution changes when as-of reaches this time, in order of their numbers.
    package func due(asOf: Int64) throws -> [Int64] {
        try due.bind(Self.second(of: asOf), at: 1)
        return try list(due).sorted()
    }

    /// Components that have an event after this time, in order of their numbers. All are looked through: that is asked for seldom, and
    /// an index would have to be changed for each component that is stored.
    package func later(than time: EventTime) throws -> [Int64] {
        try later.bind(time, at: 1)
        return try list(later)
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
