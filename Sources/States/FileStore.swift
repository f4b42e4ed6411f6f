import Disk

/// An input that was read, or of which more is to come.
package struct KnownFile: Sendable, Equatable {
    /// Part of the position of its events.
    package var id: Int64
    package var source: String
    /// Relative to the pipeline file; `-` for standard input, whose lines count on from run to run.
    package var name: String
    package var bytes: Int64 = 0
    /// Nanoseconds since 1970.
    package var modified: Int64 = 0
    package var sha256 = ""
    /// Lines that are not blank.
    package var lines: Int64 = 0
    /// The sum over its lines of records less one.
    package var expanded: Int64 = 0
    /// All lines read.
    package var linesBehind: Int64 = 0
    /// Whether it ended with a line end when it was read.
    package var endsWhole = false
    /// Of its lines: those quarantined, those that came late, and those that count and are kept no longer.
    package var quarantined: Int64 = 0
    package var late: Int64 = 0
    package var sealed: Int64 = 0
    package var fields = FieldCounts()

    package init(id: Int64, source: String, name: String) {
        self.id = id
        self.source = source
        self.name = name
    }
}

package struct FileStore {
    private let connection: SQLiteConnection

    package init(_ file: StateFile) { connection = file.connection }

    package func all() throws -> [KnownFile] {
        let statement = try connection.prepare(
            "SELECT id, source, name, bytes, modified, sha256, lines, lines_behind, expanded, ends_whole, quarantined, late, sealed, fields FROM file ORDER BY id"
        )
        var files: [KnownFile] = []
        while try statement.next() {
            var file = KnownFile(id: statement.integer(0), source: statement.text(1), name: statement.text(2))
            file.bytes = statement.integer(3)
            file.modified = statement.integer(4)
            file.sha256 = statement.text(5)
            file.lines = statement.integer(6)
            file.linesBehind = statement.integer(7)
            file.expanded = statement.integer(8)
            file.endsWhole = statement.integer(9) == 1
            file.quarantined = statement.integer(10)
            file.late = statement.integer(11)
            file.sealed = statement.integer(12)
            file.fields = try FieldCounts(statement.bytes(13))
            files.append(file)
        }
        return files
    }

    package func store(_ file: KnownFile) throws {
        let statement = try connection.prepare("INSERT OR REPLACE INTO file VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        try statement.bind(file.id, at: 1)
        try statement.bind(file.source, at: 2)
        try statement.bind(file.name, at: 3)
        try statement.bind(file.bytes, at: 4)
        try statement.bind(file.modified, at: 5)
        try statement.bind(file.sha256, at: 6)
        try statement.bind(file.lines, at: 7)
        try statement.bind(file.linesBehind, at: 8)
        try statement.bind(file.expanded, at: 9)
        try statement.bind(file.endsWhole ? 1 : 0 as Int64, at: 10)
        try statement.bind(file.quarantined, at: 11)
        try statement.bind(file.late, at: 12)
        try statement.bind(file.sealed, at: 13)
        try statement.bind(bytes: file.fields.bytes, at: 14)
        try statement.run()
    }
}
