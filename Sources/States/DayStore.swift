import Disk
package import Events

/// How many persons and events each day has, its latest event, and the first and last one of each source; sealed ones stay counted.
package struct DayStore {
    private let connection: SQLiteConnection

    package init(_ file: StateFile) { connection = file.connection }

    /// - Parameter texts: takes in the names of sources.
    package func load(texts: SymbolTable) throws -> EventDays {
        let statement = try connection.prepare("SELECT day, persons, events, latest, position, sources FROM day")
        var days: [Int32: EventDays.Day] = [:]
        while try statement.next() {
            guard let day = Int32(exactly: statement.integer(0)) else {
                throw StateError.damaged(path: connection.path, reason: "it has an impossible day")
            }
            days[day] = .init(
                persons: statement.integer(1), events: statement.integer(2), latest: statement.integer(3), position: statement.integer(4),
                spans: try Self.spans(statement.bytes(5), texts))
        }
        return EventDays(days)
    }

    /// - Parameter stored: what is stored.
    package func store(_ days: EventDays, changedFrom stored: EventDays, texts: SymbolTable) throws {
        guard !days.days.values.contains(where: { $0.persons < 0 || $0.events < 0 }) else {
            throw StateError.damaged(path: connection.path, reason: "its days do not fit its events")
        }
        let delete = try connection.prepare("DELETE FROM day WHERE day = ?")
        for day in stored.days.keys.sorted() where days.days[day] == nil {
            try delete.bind(Int64(day), at: 1)
            try delete.run()
        }
        let store = try connection.prepare("INSERT OR REPLACE INTO day VALUES (?, ?, ?, ?, ?, ?)")
        for (day, counts) in days.days.sorted(by: { $0.key < $1.key }) where stored.days[day] != counts {
            try store.bind(Int64(day), at: 1)
            try store.bind(counts.persons, at: 2)
            try store.bind(counts.events, at: 3)
            try store.bind(counts.latest, at: 4)
            try store.bind(counts.position, at: 5)
            try store.bind(bytes: Self.bytes(counts.spans, texts), at: 6)
            try store.run()
        }
    }

    private static func bytes(_ spans: SourceSpans, _ texts: SymbolTable) -> [UInt8] {
        var coder = ByteEncoder()
        coder.put(spans.spans.count)
        for (name, span) in spans.spans.map({ (texts.string($0.key), $0.value) }).sorted(by: {
            $0.0.utf8.lexicographicallyPrecedes($1.0.utf8)
        }) {
            coder.put(text: name)
            coder.put(signed: span.first)
            coder.put(signed: span.last)
        }
        return coder.bytes
    }

    private static func spans(_ bytes: UnsafeRawBufferPointer, _ texts: SymbolTable) throws -> SourceSpans {
        var decoder = ByteDecoder(bytes)
        var spans = SourceSpans()
        for _ in 0..<(try decoder.count()) {
            let source = texts.intern(try decoder.text())
            spans.add(source, .init(first: try decoder.signed(), last: try decoder.signed()))
        }
        guard decoder.isAtEnd else { throw DamagedBytes() }
        return spans
    }
}
