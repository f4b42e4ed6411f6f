import Disk
package import Events
package import Tables

/// The summed cells, part by part.
package struct CellStore {
    private let connection: SQLiteConnection

    package init(_ file: StateFile) { connection = file.connection }

    /// What is stored, by the cells' place in the list.
    package func read() throws -> [StoredCells] {
        let statement = try connection.prepare("SELECT name, part, bytes FROM cell ORDER BY name, part")
        var stored = MetricCells.shapes.map { StoredCells(shape: $0) }
        while try statement.next() {
            guard let place = MetricCells.place(named: statement.text(0)), let part = Int32(exactly: statement.integer(1)) else {
                throw StateError.damaged(path: connection.path, reason: "unknown cells")
            }
            stored[place].parts.append((part, Array(statement.bytes(2))))
        }
        return stored
    }

    /// All cells that are stored.
    /// - Parameter texts: takes in the texts of their keys.
    package func load(texts: SymbolTable) throws -> MetricCells {
        let texts = SharedTexts(texts)
        return MetricCells(try read().map { try CellTable($0.shape, decoding: $0.opened(), texts: texts) })
    }

    /// Stores parts anew; those without cells are removed.
    package func store(_ changed: ChangedCells) throws {
        CrashPoint.reach("cells")
        let store = try connection.prepare(
            "INSERT INTO cell VALUES (?, ?, ?) ON CONFLICT (name, part) DO UPDATE SET bytes = excluded.bytes")
        let delete = try connection.prepare("DELETE FROM cell WHERE name = ? AND part = ?")
        for (part, bytes) in changed.parts {
            let statement = bytes == nil ? delete : store
            try statement.bind(changed.shape.name, at: 1)
            try statement.bind(Int64(part), at: 2)
            if let bytes { try statement.bind(bytes: bytes, at: 3) }
            try statement.run()
        }
    }
}

/// The parts of one table's cells as they lie in the state: any thread may open them.
package struct StoredCells: Sendable {
    package let shape: CellShape
    /// Ascending.
    fileprivate(set) var parts: [(day: Int32, bytes: [UInt8])] = []

    /// How long they are together.
    package var byteCount: Int { parts.reduce(0) { $0 + $1.bytes.count } }

    /// Throws `DamagedBytes`.
    package func opened() throws -> [CellPart] {
        try parts.map { part in
            CellPart(day: part.day, bytes: try part.bytes.withUnsafeBytes { try CompressedBytes.decompress($0) })
        }
    }
}

/// Parts of one table's cells as they are to lie in the state: any thread may make them.
package struct ChangedCells: Sendable {
    fileprivate let shape: CellShape
    /// Ascending; nil for those without cells.
    fileprivate let parts: [(day: Int32, bytes: [UInt8]?)]

    package init(_ table: CellTable, parts: Set<Int32>, texts: SharedTexts) {
        shape = table.shape
        let coded = table.encode(parts: parts, texts: texts)
        self.parts = parts.sorted().map { ($0, coded[$0].map { CompressedBytes.compress($0) }) }
    }
}
