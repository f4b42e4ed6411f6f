import Disk
import Events
import Ingest

/// Lines that take no part in anything, kept because the output lists them.
package struct AsideStore {
    /// A line that cannot be used.
    package struct Quarantined: Sendable {
        package var reason: String
        package var file: Int64
        package var line: Int64
        /// Which of its records; nil for the line itself.
        package var record: Int64?
        /// Of its first byte.
        package var offset: Int64
        /// nil where none is to be kept.
        package var text: [UInt8]?

        package init(reason: String, file: Int64, line: Int64, record: Int64?, offset: Int64, text: [UInt8]?) {
            (self.reason, self.file, self.line, self.record, self.offset, self.text) = (reason, file, line, record, offset, text)
        }
    }

    /// An event that came for sealed time, as the output shows it, and whose it may be.
    package struct Late: Sendable {
        package var file: Int64
        package var line: Int64
        package var json: [UInt8]
        package var identifiers: [Identifier]
        /// Which fields its record has (`FieldSet`).
        package var fields: [UInt8]

        package init(file: Int64, line: Int64, json: [UInt8], identifiers: [Identifier], fields: [UInt8]) {
            (self.file, self.line, self.json, self.identifiers, self.fields) = (file, line, json, identifiers, fields)
        }
    }

    /// In bytes: as a `String` one would equal its other spelling.
    package struct Identifier: Hashable, Sendable {
        package var type: [UInt8]
        package var id: [UInt8]

        package init(type: [UInt8], id: [UInt8]) { (self.type, self.id) = (type, id) }
    }

    private static let tables = ["quarantined", "late"]
    private let connection: SQLiteConnection

    package init(_ file: StateFile) { connection = file.connection }

    // MARK: What a run puts aside

    /// - Parameters:
    ///   - time: as-of of the run that met them, which says how long they are kept; nil: there is none yet, and they take that
    ///     of the first run that has one.
    ///   - lines: calls its argument with one after the other.
    package func add(time: Int64?, quarantined lines: (_ add: (Quarantined) throws -> Void) throws -> Void) throws {
        if let time {
            let update = try connection.prepare("UPDATE quarantined SET time = ? WHERE time IS NULL")
            try update.bind(time, at: 1)
            try update.run()
        }
        let statement = try connection.prepare(
            "INSERT INTO quarantined (file, line, time, reason, offset, text, record) VALUES (?, ?, ?, ?, ?, ?, ?)")
        try lines { line in
            try statement.bind(line.file, at: 1)
            try statement.bind(line.line, at: 2)
            if let time { try statement.bind(time, at: 3) } else { try statement.bindNull(at: 3) }
            try statement.bind(line.reason, at: 4)
            try statement.bind(line.offset, at: 5)
            if let text = line.text { try statement.bind(bytes: text, at: 6) } else { try statement.bindNull(at: 6) }
            if let record = line.record { try statement.bind(record, at: 7) } else { try statement.bindNull(at: 7) }
            try statement.run()
        }
    }

    /// - Parameter time: as-of of the run that met them.
    package func add(time: Int64, late lines: some Sequence<Late>) throws {
        let statement = try connection.prepare("INSERT INTO late (file, line, time, json, identifiers, fields) VALUES (?, ?, ?, ?, ?, ?)")
        for line in lines {
            try statement.bind(line.file, at: 1)
            try statement.bind(line.line, at: 2)
            try statement.bind(time, at: 3)
            try statement.bind(bytes: line.json, at: 4)
            try statement.bind(bytes: Self.encode(line.identifiers), at: 5)
            try statement.bind(bytes: line.fields, at: 6)
            try statement.run()
        }
    }

    /// Drops what came before that time.
    package func remove(before time: Int64) throws { try remove("time < ?", time) }

    package func remove(file: Int64) throws { try remove("file = ?", file) }

    private func remove(_ condition: String, _ value: Int64) throws {
        for table in Self.tables {
            let statement = try connection.prepare("DELETE FROM \(table) WHERE \(condition)")
            try statement.bind(value, at: 1)
            try statement.run()
        }
    }

    // MARK: What the output lists

    /// Calls `body` with the unusable lines of a file, in order.
    package func forEachQuarantined(file: Int64, _ body: (Quarantined) throws -> Void) throws {
        let statement = try connection.prepare(
            "SELECT reason, line, offset, text, record FROM quarantined WHERE file = ? ORDER BY line, id")
        try statement.bind(file, at: 1)
        while try statement.next() {
            try body(
                Quarantined(
                    reason: statement.text(0), file: file, line: statement.integer(1),
                    record: statement.isNull(4) ? nil : statement.integer(4), offset: statement.integer(2),
                    text: statement.isNull(3) ? nil : Array(statement.bytes(3))))
        }
    }

    /// Calls `body` with the late lines of a file, in order.
    package func forEachLate(file: Int64, _ body: (_ json: [UInt8]) throws -> Void) throws {
        let statement = try connection.prepare("SELECT json FROM late WHERE file = ? ORDER BY line, id")
        try statement.bind(file, at: 1)
        while try statement.next() { try body(Array(statement.bytes(0))) }
    }
}

// MARK: - A person that is forgotten

extension AsideStore {
    /// Takes out the late lines that carry any of these identifiers, and the texts of unusable lines that speak of one. Answers
    /// which fields the late lines that went had, one after the other, by number of the file. O(lines kept aside). Throws `DamagedBytes`.
    package func forget(_ identifiers: Set<Identifier>) throws -> [Int64: [[UInt8]]] {
        var late: [Int64: [[UInt8]]] = [:]
        // What is being read must not change: first it is seen which they are.
        var leaving: [Int64] = []
        let lines = try connection.prepare("SELECT id, file, identifiers, fields FROM late")
        while try lines.next() {
            guard try !identifiers.isDisjoint(with: Self.decode(lines.bytes(2))) else { continue }
            leaving.append(lines.integer(0))
            late[lines.integer(1), default: []].append(Array(lines.bytes(3)))
        }
        try change(leaving, "DELETE FROM late WHERE id = ?")
        let ids = Set(identifiers.map(\.id))
        var speaking: [Int64] = []
        let texts = try connection.prepare("SELECT id, text FROM quarantined WHERE text IS NOT NULL")
        while try texts.next() {
            let text = Array(texts.bytes(1))
            let plain = JSONEscapes.decodeAnywhere(text)
            if ids.contains(where: { text.contains($0) || plain.contains($0) }) { speaking.append(texts.integer(0)) }
        }
        try change(speaking, "UPDATE quarantined SET text = NULL WHERE id = ?")
        return late
    }

    private func change(_ ids: [Int64], _ sql: String) throws {
        let statement = try connection.prepare(sql)
        for id in ids {
            try statement.bind(id, at: 1)
            try statement.run()
        }
    }

    private static func encode(_ identifiers: [Identifier]) -> [UInt8] {
        var coder = ByteEncoder()
        coder.put(identifiers.count)
        for identifier in identifiers {
            for text in [identifier.type, identifier.id] { text.withUnsafeBytes { coder.put(text: $0) } }
        }
        return coder.bytes
    }

    private static func decode(_ bytes: UnsafeRawBufferPointer) throws -> [Identifier] {
        var decoder = ByteDecoder(bytes)
        let identifiers = try (0..<(try decoder.count())).map { _ in
            Identifier(type: Array(try decoder.text()), id: Array(try decoder.text()))
        }
        guard decoder.isAtEnd else { throw DamagedBytes() }
        return identifiers
    }
}
