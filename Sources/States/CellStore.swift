import Disk
package import Events
package import Tables

/// The summed cells, part by part, and the persons that are examples of frictions.
package struct CellStore {
    private let connection: SQLiteConnection

    package init(_ file: StateFile) { connection = file.connection }

    /// Adds what is stored to cells that are empty yet.
    /// - Parameters:
    ///   - texts: takes in the texts of their keys.
    ///   - isWanted: whether a part of some cells is to be loaded.
    package func load(into cells: MetricCells, texts: SymbolTable, isWanted: (CellShape, _ part: Int32) -> Bool = { _, _ in true }) throws {
        let statement = try connection.prepare("SELECT name, part, bytes FROM cell ORDER BY name, part")
        while try statement.next() {
            guard let table = cells.cells(named: statement.text(0)), let part = Int32(exactly: statement.integer(1)) else {
                throw StateError.damaged(path: connection.path, reason: "unknown cells")
            }
            guard isWanted(table.shape, part) else { continue }
            try CompressedBytes.decompress(statement.bytes(2)).withUnsafeBytes { try table.decode(part: part, $0, texts: texts) }
        }
    }

    /// Stores the given parts of a table anew; those without cells are removed.
    package func store(_ table: CellTable, parts: Set<Int32>, texts: SymbolTable) throws {
        CrashPoint.reach("cells")
        let coded = table.encode(parts: parts, texts: texts)
        let store = try connection.prepare(
            "INSERT INTO cell VALUES (?, ?, ?) ON CONFLICT (name, part) DO UPDATE SET bytes = excluded.bytes")
        let delete = try connection.prepare("DELETE FROM cell WHERE name = ? AND part = ?")
        for part in parts.sorted() {
            let statement = coded[part] == nil ? delete : store
            try statement.bind(table.shape.name, at: 1)
            try statement.bind(Int64(part), at: 2)
            if let bytes = coded[part] { try statement.bind(bytes: CompressedBytes.compress(bytes), at: 3) }
            try statement.run()
        }
    }
}
