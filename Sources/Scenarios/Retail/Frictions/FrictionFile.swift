import Reports

/// `truth-frictions.ndjson`: one line for each planted friction and each near miss, in the order in which they are
/// settled, and at the end those that the end of the log has cut. Used by one thread.
final class FrictionFile {
    static let name = "truth-frictions.ndjson"

    /// What a reader of the log should find.
    private enum Kind: Int, CaseIterable {
        /// The rule matches these events, and its last event is the one named.
        case planted
        /// The rule matches none of them.
        case nearMiss
        /// Some of the events, or the time that must pass after them, lie beyond the end of the log.
        case cut

        var name: StaticString {
            switch self {
            case .planted: "planted"
            case .nearMiss: "near_miss"
            case .cut: "cut"
            }
        }
    }

    private let seed: UInt64
    private let file: any EncodedFile
    private var writer = ByteWriter()
    private var time = TimeText()
    private var counts = [[Int]](repeating: [Int](repeating: 0, count: Kind.allCases.count), count: Friction.allCases.count)

    init(in folder: OutputFolder, seed: UInt64) throws(GenerateError) {
        self.seed = seed
        file = try folder.create(Self.name, .plain)
    }

    /// `isCut`: the end of the log came first.
    func write(_ note: FrictionNote, isCut: Bool) throws(GenerateError) {
        let kind: Kind = isCut ? .cut : note.nearMiss == nil ? .planted : .nearMiss
        counts[Int(note.friction.rawValue)][kind.rawValue] += 1
        writer.text("{\"friction\":\"")
        writer.text(note.friction.name)
        writer.text("\",\"kind\":\"")
        writer.text(kind.name)
        writePerson(note)
        writer.text("\",\"first\":\"")
        time.microseconds(note.first, into: &writer)
        writer.text("\",\"last\":\"")
        time.microseconds(note.last, into: &writer)
        if kind == .nearMiss, let reason = note.nearMiss {
            writer.text("\",\"because\":\"")
            writer.text(reason)
        }
        writer.text("\"}\n")
        if writer.isNearlyFull { try flush() }
    }

    func finish() throws(GenerateError) {
        try flush()
        try file.finish()
    }

    /// For `truth.json`, frictions in the order of their names.
    var members: JSONValue {
        .members(
            Friction.allCases.map { friction in
                let count = counts[Int(friction.rawValue)]
                return (
                    "\(friction.name)",
                    .counts([
                        ("planted", count[Kind.planted.rawValue]), ("near_misses", count[Kind.nearMiss.rawValue]),
                        ("cut", count[Kind.cut.rawValue]),
                    ])
                )
            }.sorted { $0.0 < $1.0 })
    }

    /// As the sources write it, so that it can be looked up in the log.
    private func writePerson(_ note: FrictionNote) {
        let person = Person(note.person, seed: seed)
        switch note.sign {
        case .customerNumber:
            writer.text("\",\"id_type\":\"customer\",\"person\":\"")
            writer.decimal(person.customerNumber)
        case .emailHash:
            writer.text("\",\"id_type\":\"email\",\"person\":\"")
            writer.emailHash(of: person)
        case .device(let device):
            writer.text("\",\"id_type\":\"device\",\"person\":\"")
            writer.deviceID(device, seed: seed)
        }
    }

    private func flush() throws(GenerateError) {
        try file.write(writer.bytes)
        writer.removeAll()
    }
}
