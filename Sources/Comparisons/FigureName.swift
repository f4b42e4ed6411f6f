import Pages

/// What a figure is of. Names are the same where their bytes are.
package struct FigureName: Sendable {
    package let journey: String
    /// A step, a friction or a channel; empty where the type is all.
    package let name: String
    /// Of contacts.
    package let topic: String
    package let windowSeconds: Double?

    /// All of a journey type.
    init(type journey: String) { (self.journey, name, topic, windowSeconds) = (journey, "", "", nil) }

    init(_ kind: FigureKind, _ row: PageRow) {
        journey = row.text("journey")
        name = kind.name.map { row.text($0) } ?? ""
        topic = row.text("topic")
        windowSeconds = row.value("window_seconds")
    }

    /// For looking up.
    struct Key: Hashable {
        private let parts: [[UInt8]]
        private let window: Double?

        fileprivate init(_ name: FigureName) {
            parts = [name.journey, name.name, name.topic].map { Array($0.utf8) }
            window = name.windowSeconds
        }

        /// By the bytes of the type, of places in it, and then of the rest.
        static func isBefore(_ left: (key: Key, place: Int64), _ right: (key: Key, place: Int64)) -> Bool {
            if left.key.parts[0] != right.key.parts[0] { return left.key.parts[0].lexicographicallyPrecedes(right.key.parts[0]) }
            if left.place != right.place { return left.place < right.place }
            for (mine, other) in zip(left.key.parts, right.key.parts) where mine != other { return mine.lexicographicallyPrecedes(other) }
            return (left.key.window ?? 0) < (right.key.window ?? 0)
        }
    }

    private static let all = "(all)"

    var key: Key { Key(self) }

    // MARK: For people

    /// In a cell of its own: the journey type, or else the channel.
    package var place: String { place(PageWords.cell) }
    /// What it is there: the step, the friction, or of contacts the topic and the window.
    package var detail: String { detail(PageWords.cell) }

    func place(_ text: (String) -> String) -> String {
        // Contacts have rows for all channels and for all topics.
        journey.isEmpty ? windowSeconds != nil && name == Self.all ? "all channels" : text(name) : text(journey)
    }

    func detail(_ text: (String) -> String) -> String {
        guard journey.isEmpty else { return name.isEmpty ? "" : text(name) }
        let window = windowSeconds.map { "within \(PageWords.length(seconds: $0))" }
        return [topic.isEmpty || topic == Self.all ? nil : text(topic), window].compactMap { $0 }.joined(separator: ", ")
    }
}
