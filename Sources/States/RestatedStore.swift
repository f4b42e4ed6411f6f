import Disk

/// A published cell that changed after it was published. Texts are as they are published.
package struct RestatedCell: Sendable, Equatable {
    package var table: String
    package var day: String
    /// The other key columns with their values.
    package var key: String
    package var column: String
    package var was: String
    package var isNow: String
    package var reason: String

    package init(table: String, day: String, key: String, column: String, was: String, isNow: String, reason: String) {
        (self.table, self.day, self.key, self.column) = (table, day, key, column)
        (self.was, self.isNow, self.reason) = (was, isNow, reason)
    }
}

/// Cells restated since the last publication.
package struct RestatedStore {
    private let connection: SQLiteConnection

    package init(_ file: StateFile) { connection = file.connection }

    /// A cell that is there already keeps what it was first; one that is again what it was then is removed.
    package func add(_ cells: [RestatedCell]) throws {
        let statement = try connection.prepare(
            """
            INSERT INTO restated VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (name, day, row, column) DO UPDATE
            SET is_now = excluded.is_now, reason = CASE WHEN instr(reason, excluded.reason) > 0 THEN reason ELSE reason || ', ' || excluded.reason END
            """)
        for cell in cells {
            for (place, text) in [cell.table, cell.day, cell.key, cell.column, cell.was, cell.isNow, cell.reason].enumerated() {
                try statement.bind(text, at: place + 1)
            }
            try statement.run()
        }
        try connection.execute("DELETE FROM restated WHERE was = is_now")
    }

    package func removeAll() throws { try connection.execute("DELETE FROM restated") }

    /// By table, day, key and column, in byte order.
    package func all() throws -> [RestatedCell] {
        let statement = try connection.prepare(
            "SELECT name, day, row, column, was, is_now, reason FROM restated ORDER BY name, day, row, column")
        var cells: [RestatedCell] = []
        while try statement.next() {
            cells.append(
                RestatedCell(
                    table: statement.text(0), day: statement.text(1), key: statement.text(2), column: statement.text(3),
                    was: statement.text(4),
                    isNow: statement.text(5), reason: statement.text(6)))
        }
        return cells
    }
}
