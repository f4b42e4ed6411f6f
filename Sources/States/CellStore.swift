import Disk
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
        CrashPoint.reach("cells")
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
