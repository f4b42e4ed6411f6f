import Disk

/// The state's file, for whoever has it in `StateFolder.use`: its one transaction, and what is one value. What the tables
/// hold is said at `StateLayout`; each has a store.
package struct StateFile {
    /// What may lie in its folder, also while it is made or changed.
    package static let fileNames = ["state.sqlite", "state.sqlite-journal", "state.sqlite.new", "state.sqlite.new-journal", "lock"]

    let connection: SQLiteConnection

    package var path: String { connection.path }

    // MARK: One transaction

    package func begin() throws {
        try connection.begin()
        CrashPoint.reach("begun")
    }

    /// Everything since `begin`, or after a crash nothing of it. When this returns it is on the disk.
    package func commit() throws {
        CrashPoint.reach("before-commit")
        try connection.commit()
        CrashPoint.reach("after-commit")
    }

    package func rollback() { connection.rollback() }

    /// Forgets who is who and what was counted; what was read, and of which files, stays where it is kept.
    package func forgetSums() throws {
        for table in ["component", "component_events", "identifier", "nobody", "placeholder", "cell", "example", "open_journey", "day"] {
            try connection.execute("DELETE FROM \(table)")
        }
        for value in [StateValue.events, .duplicates, .filtered, .persons, .identity] { try set(value, nil) }
    }

    // MARK: Single values

    package func number(_ name: StateValue) throws -> Int64? {
        let statement = try connection.prepare("SELECT value FROM meta WHERE name = ?")
        try statement.bind(name.rawValue, at: 1)
        return try statement.next() && !statement.isNull(0) ? statement.integer(0) : nil
    }

    package func text(_ name: StateValue) throws -> String? {
        let statement = try connection.prepare("SELECT value FROM meta WHERE name = ?")
        try statement.bind(name.rawValue, at: 1)
        return try statement.next() && !statement.isNull(0) ? statement.text(0) : nil
    }

    package func set(_ name: StateValue, _ number: Int64?) throws {
        CrashPoint.reach("value")
        let statement = try connection.prepare("INSERT OR REPLACE INTO meta VALUES (?, ?)")
        try statement.bind(name.rawValue, at: 1)
        if let number { try statement.bind(number, at: 2) } else { try statement.bindNull(at: 2) }
        try statement.run()
    }

    /// Answers the sum of what was there and more.
    package func add(_ name: StateValue, _ more: Int64) throws -> Int64 {
        let sum = try (number(name) ?? 0) + more
        try set(name, sum)
        return sum
    }

    package func bytes(_ name: StateValue) throws -> [UInt8]? {
        let statement = try connection.prepare("SELECT value FROM meta WHERE name = ?")
        try statement.bind(name.rawValue, at: 1)
        return try statement.next() && !statement.isNull(0) ? Array(statement.bytes(0)) : nil
    }

    package func set(_ name: StateValue, _ bytes: [UInt8]) throws {
        let statement = try connection.prepare("INSERT OR REPLACE INTO meta VALUES (?, ?)")
        try statement.bind(name.rawValue, at: 1)
        try statement.bind(bytes: bytes, at: 2)
        try statement.run()
    }

    package func set(_ name: StateValue, _ text: String) throws {
        let statement = try connection.prepare("INSERT OR REPLACE INTO meta VALUES (?, ?)")
        try statement.bind(name.rawValue, at: 1)
        try statement.bind(text, at: 2)
        try statement.run()
    }
}

/// What a state says of itself in single values.
package enum StateValue: String, Sendable {
    /// SHA-256 of what the pipeline means; the tables hold only for it.
    case pipelineHash = "pipeline_hash"
    /// How the events of components lie in bytes: what the pipeline that read them maps.
    case layout
    /// The pipeline file itself: its names stand in what is published.
    case pipeline
    case version
    /// Where the pipeline file was.
    case pipelinePath = "pipeline_path"
    /// Microseconds since 1970: as of when persons were judged last; after which time events waited then, the latest of all times
    /// where none did, and nothing before the first run; and before which time is sealed.
    case asOf = "as_of"
    case waitsAfter = "waits_after"
    case sealedBefore = "sealed_before"
    /// How many runs were committed, and the last of them that was published.
    case commits, published
    /// Where every line of all runs went.
    case lines, expanded, events, quarantined, duplicates, filtered, late
    case persons
    /// The greatest number of a component so far.
    case components
    /// Sums of identity counts, by type in the pipeline's order.
    case identity
    /// 16 random bytes, drawn when the state began (`IdentifierKeys`).
    case identifierSeed = "identifier_seed"
}
