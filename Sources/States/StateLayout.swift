import Disk
import Glibc

/// The tables of the state, and which version of them this program writes.
///
/// | table | a row for |
/// | --- | --- |
/// | meta | a single value (`StateValue`) |
/// | file | an input, with what was read of it |
/// | kind | a kind of events, as the texts that it is made of |
/// | field_set | which fields some record has, by which rows are told from each other |
/// | component | identifiers that occur together: the latest event that carries one of them, and the second in which as-of next changes what they contribute |
/// | component_events | all events of a component; apart from it, so that a new second writes few bytes |
/// | identifier | an identifier's key (`IdentifierKeys`): the component it is in. Two with the same key are in the same one |
/// | nobody | events of one run that carry nothing but placeholders: they count as filtered, unless the pipeline changes |
/// | placeholder | a linking id seen with too many known ids: it joins no components |
/// | cell | a part of a table of cells: all those of one day |
/// | day | a UTC day: its persons, events and latest event, by which as-of is found; the first and last time of each source |
/// | example | a person that has a friction, by name |
/// | open_journey | a journey that goes on, with its person's name |
/// | quarantined | a line that cannot be used: why, where it stands, and its text where the run was told to keep it |
/// | late | an event that came for sealed time, as it is written to the output, with the identifiers it carries, and which fields its record has |
/// | restated | a published cell that was changed since the last publication |
enum StateLayout {
    static let version: Int64 = 8
    private static let pageBytes = 4096
    /// What may be taken for pages: a quarter of the file within these limits.
    private static let cacheBytes: ClosedRange<Int64> = (64 << 20)...(256 << 20)
    /// From the version before, which had one index more.
    private static let upgrade =
        "BEGIN IMMEDIATE; DROP INDEX IF EXISTS component_latest; PRAGMA user_version = \(version); COMMIT"

    private static let tables = """
        CREATE TABLE meta (name TEXT PRIMARY KEY, value) WITHOUT ROWID;
        INSERT INTO meta VALUES ('\(StateValue.identifierSeed.rawValue)', randomblob(16));
        CREATE TABLE file (
            id INTEGER PRIMARY KEY, source TEXT NOT NULL, name TEXT NOT NULL, bytes INTEGER NOT NULL, modified INTEGER NOT NULL,
            sha256 TEXT NOT NULL, lines INTEGER NOT NULL, lines_behind INTEGER NOT NULL,
            expanded INTEGER NOT NULL,
            ends_whole INTEGER NOT NULL, quarantined INTEGER NOT NULL, late INTEGER NOT NULL, sealed INTEGER NOT NULL,
            fields BLOB NOT NULL, UNIQUE (source, name));
        CREATE TABLE kind (id INTEGER PRIMARY KEY, texts BLOB NOT NULL);
        CREATE TABLE field_set (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL);
        CREATE TABLE component (id INTEGER PRIMARY KEY, deadline INTEGER, latest INTEGER NOT NULL);
        CREATE TABLE component_events (component INTEGER PRIMARY KEY, bytes BLOB NOT NULL);
        CREATE INDEX component_deadline ON component (deadline) WHERE deadline IS NOT NULL;
        CREATE TABLE identifier (key INTEGER PRIMARY KEY, component INTEGER NOT NULL);
        CREATE TABLE nobody (id INTEGER PRIMARY KEY, latest INTEGER NOT NULL, events INTEGER NOT NULL, bytes BLOB NOT NULL);
        CREATE TABLE placeholder (type INTEGER, bytes BLOB, PRIMARY KEY (type, bytes)) WITHOUT ROWID;
        CREATE TABLE cell (name TEXT, part INTEGER, bytes BLOB NOT NULL, PRIMARY KEY (name, part));
        CREATE TABLE day (
            day INTEGER PRIMARY KEY, persons INTEGER NOT NULL, events INTEGER NOT NULL, latest INTEGER NOT NULL, position INTEGER NOT NULL,
            sources BLOB NOT NULL);
        CREATE TABLE example (type INTEGER, friction INTEGER, name BLOB, PRIMARY KEY (type, friction, name)) WITHOUT ROWID;
        CREATE TABLE open_journey (
            person BLOB, type INTEGER, number INTEGER, started INTEGER NOT NULL, last INTEGER NOT NULL, visit INTEGER, step INTEGER,
            previous INTEGER, PRIMARY KEY (person, type, number)) WITHOUT ROWID;
        CREATE TABLE quarantined (
            id INTEGER PRIMARY KEY, file INTEGER NOT NULL, line INTEGER NOT NULL, time INTEGER, reason TEXT NOT NULL, offset INTEGER NOT NULL,
            text BLOB, record INTEGER);
        CREATE INDEX quarantined_place ON quarantined (file, line);
        CREATE TABLE late (
            id INTEGER PRIMARY KEY, file INTEGER NOT NULL, line INTEGER NOT NULL, time INTEGER NOT NULL, json BLOB NOT NULL,
            identifiers BLOB NOT NULL, fields BLOB NOT NULL);
        CREATE INDEX late_place ON late (file, line);
        CREATE TABLE restated (
            name TEXT, day TEXT, row TEXT, column TEXT, was TEXT, is_now TEXT, reason TEXT, PRIMARY KEY (name, day, row, column)) WITHOUT ROWID;
        """
    private static let names = [
        "meta", "file", "kind", "field_set", "component", "component_events", "identifier", "nobody", "placeholder", "cell", "day",
        "example", "open_journey", "quarantined",
        "late",
        "restated",
    ]

    /// Opens the file, or makes one with empty tables. Throws `StateError.otherVersion` where it is not of this version.
    static func open(_ path: String) throws -> SQLiteDatabase {
        var status = stat()
        if stat(path, &status) != 0 {
            guard errno == ENOENT else { throw StateError.cannotUse(OutputError("open", path, errno: errno)) }
            try create(path)
        } else if status.st_size < pageBytes {
            // SQLite would take it for a database without tables, and all there was were gone without a word.
            throw StateError.damaged(path: path, reason: "it is cut off, \(status.st_size) bytes long")
        }
        let database = try SQLiteDatabase(path: path, checked: true)
        try database.use { try check($0) }
        return database
    }

    private static func check(_ connection: SQLiteConnection) throws {
        let path = connection.path
        // One process has the file, by the lock beside it. What is deleted is overwritten: a person who is forgotten
        // must not stay in free pages. The journal stays between runs, empty: it would be a quarter of the state.
        try connection.execute(
            "PRAGMA locking_mode = EXCLUSIVE; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA journal_size_limit = 0;")
        switch try number("PRAGMA user_version", connection) {
        case version: break
        case version - 1: try connection.execute(upgrade)
        case let found: throw StateError.otherVersion(path: path, found: found, known: version)
        }
        guard try number("SELECT count(*) FROM sqlite_schema WHERE type = 'table'", connection) == names.count else {
            throw StateError.damaged(path: path, reason: "it has not the tables of a state")
        }
        // What a run does not read it would not miss, but the end of the file is easily missed now.
        var status = stat()
        guard stat(path, &status) == 0, try Int64(status.st_size) >= number("PRAGMA page_count", connection) * Int64(pageBytes) else {
            throw StateError.damaged(path: path, reason: "it is cut off, \(status.st_size) bytes long")
        }
        // A night comes to the same components twice, to count days and to fold, and to more of them the more there are.
        let cacheKiB = min(max(Int64(status.st_size) / 4, cacheBytes.lowerBound), cacheBytes.upperBound) >> 10
        try connection.execute("PRAGMA cache_size = -\(cacheKiB)")
    }

    /// Under another name first, so that a file of the right name is always a whole state.
    private static func create(_ path: String) throws {
        let new = path + ".new"
        for name in [new, new + "-journal"] {
            guard unlink(name) == 0 || errno == ENOENT else { throw StateError.cannotUse(OutputError("remove", name, errno: errno)) }
        }
        try SQLiteDatabase(path: new, checked: true).use { connection in
            guard chmod(new, 0o600) == 0 else { throw StateError.cannotUse(OutputError("protect", new, errno: errno)) }
            try connection.execute("PRAGMA synchronous = FULL; BEGIN IMMEDIATE; \(tables) PRAGMA user_version = \(version); COMMIT")
            try connection.close()
        }
        CrashPoint.reach("state-beside")
        guard rename(new, path) == 0 else { throw StateError.cannotUse(OutputError("create", path, errno: errno)) }
        CrashPoint.reach("state-renamed")
    }

    private static func number(_ query: String, _ connection: SQLiteConnection) throws -> Int64 {
        let statement = try connection.prepare(query)
        return try statement.next() ? statement.integer(0) : 0
    }
}
