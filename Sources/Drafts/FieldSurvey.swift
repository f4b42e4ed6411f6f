import Events
import Ingest

/// What sampled records have in one place.
struct FieldStats {
    let path: RecordPath
    /// In how many records it has a value that is no null, object, list or blank text.
    var present = 0
    var numbers = 0
    var booleans = 0
    /// By text; no further ones are taken in once there are `valuesMax`.
    var counts: [String: Int] = [:]
    /// Of all values, by hash.
    private var hashes: Set<Int> = []
    /// Values in the order of the records, at most `orderedMax`.
    var ordered: [String] = []
    var longest = 0

    static let valuesMax = 2000
    static let orderedMax = 400

    init(_ path: RecordPath) { self.path = path }

    var words: NameWords { NameWords(path) }
    var name: String { path.text }
    var distinct: Int { hashes.count }
    /// Of the distinct values among those there are: 1 where none repeats.
    var uniqueness: Double { present == 0 ? 0 : Double(distinct) / Double(present) }
    /// Of its values, those which are numbers.
    var numeric: Double { present == 0 ? 0 : Double(numbers) / Double(present) }

    /// The most frequent values first, then by bytes.
    var frequent: [(text: String, count: Int)] {
        counts.sorted { $0.value != $1.value ? $0.value > $1.value : $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
            .map { ($0.key, $0.value) }
    }

    /// Whether most values are paths or URLs.
    var arePaths: Bool {
        let first = ordered.prefix(50)
        return !first.isEmpty && 2 * first.count { $0.hasPrefix("/") || $0.contains("://") } > first.count
    }

    /// Whether nearly all values are addresses of the internet.
    var areAddresses: Bool {
        let first = ordered.prefix(50)
        return !first.isEmpty
            && 10 * first.count { $0.firstMatch(of: /^[0-9]{1,3}(\.[0-9]{1,3}){3}$|^[0-9a-fA-F:]+:[0-9a-fA-F:]+$/) != nil } >= 9
                * first.count
    }

    mutating func add(_ value: SampleValue) {
        guard let text = value.scalarText else { return }
        present += 1
        if case .number = value { numbers += 1 }
        if case .boolean = value { booleans += 1 }
        longest = max(longest, text.utf8.count)
        hashes.insert(text.hashValue)
        if counts[text] != nil || counts.count < Self.valuesMax { counts[text, default: 0] += 1 }
        if ordered.count < Self.orderedMax { ordered.append(text) }
    }
}

/// The fields of sampled records, in the order in which they first come.
struct FieldSurvey {
    private(set) var fields: [FieldStats] = []
    private var places: [RecordPath: Int] = [:]
    /// Records looked at; lines where `each` is empty.
    private(set) var records = 0
    /// Lines looked at, and those of them that hold no JSON object.
    private(set) var lines = 0
    private(set) var unusable = 0
    /// Arrays of objects at the top of a line, with how many elements they have together.
    private(set) var arrays: [(path: RecordPath, elements: Int)] = []
    /// The array whose elements are the records.
    let each: RecordPath?

    /// Further ones are not looked at: a log that makes keys of values has as many as it has lines.
    static let fieldsMax = 400
    private static let depthMax = 8

    init(lines: [[UInt8]], each: RecordPath? = nil) {
        self.each = each
        for line in lines {
            self.lines += 1
            guard let members = SampleValue.object(line: line) else {
                unusable += 1
                continue
            }
            guard let each else {
                records += 1
                add(members, [], level: nil)
                noteArrays(members)
                continue
            }
            guard case .list(let items)? = members.first(where: { [$0.key] == each.path.tokens })?.value else { continue }
            for case .object(let element) in items {
                records += 1
                add(element, [], level: nil)
                add(members, [], level: 0)
            }
        }
    }

    subscript(path: String) -> FieldStats? {
        RecordPath(path).flatMap { wanted in
            fields.first { $0.path.level == wanted.level && $0.path.path.tokens == wanted.path.tokens }
        }
    }

    func share(_ field: FieldStats) -> Double { records == 0 ? 0 : Double(field.present) / Double(records) }

    private mutating func noteArrays(_ members: [(key: String, value: SampleValue)]) {
        for (key, value) in members {
            guard case .list(let items) = value, let path = Self.path([key], level: nil) else { continue }
            let objects = items.count { if case .object = $0 { true } else { false } }
            guard objects > 0 else { continue }
            if let place = arrays.firstIndex(where: { $0.path == path }) {
                arrays[place].elements += objects
            } else {
                arrays.append((path, objects))
            }
        }
    }

    private mutating func add(_ members: [(key: String, value: SampleValue)], _ above: [String], level: Int?) {
        guard above.count < Self.depthMax else { return }
        for (key, value) in members {
            let tokens = above + [key]
            if case .object(let inner) = value {
                add(inner, tokens, level: level)
            } else if value.scalarText != nil, let path = Self.path(tokens, level: level) {
                let place =
                    places[path]
                    ?? {
                        guard fields.count < Self.fieldsMax else { return nil }
                        places[path] = fields.count
                        fields.append(FieldStats(path))
                        return fields.count - 1
                    }()
                if let place { fields[place].add(value) }
            }
        }
    }

    /// The path to these keys as the pipeline file can write it: with dots where no key has one, else as a JSON Pointer. nil where
    /// neither says it.
    static func path(_ tokens: [String], level: Int?) -> RecordPath? {
        guard var path = FieldPath("a") else { return nil }
        for isPointer in [false, true] {
            (path.tokens, path.isPointer) = (tokens, isPointer)
            let meant = RecordPath(level: level, path: path)
            if RecordPath(meant.text) == meant { return meant }
        }
        return nil
    }
}
