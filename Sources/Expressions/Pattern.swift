/// A pattern over the variables of a rule (pipelines/rules.md, 13), as a tree. Variables are numbers into the rule's `where`.
package struct Pattern: Sendable, Equatable {
    /// The text as written.
    package var source: String
    package var root: Node

    package init(source: String, root: Node) {
        self.source = source
        self.root = root
    }

    package indirect enum Node: Sendable, Equatable {
        /// One event that satisfies the variable.
        case variable(Int)
        case sequence([Node])
        /// The first that leads to a match counts.
        case alternatives([Node])
        /// At least `min` times and at most `max` times (nil: any number); as often as possible, or, where
        /// reluctant, as seldom as possible.
        case repetition(Node, min: Int, max: Int?, isReluctant: Bool)
        /// `^`: no visible event before.
        case begin
        /// `$`: no visible event after, and the list of events is closed.
        case end
    }

    /// Fewest events of a match; 0 for a pattern that can match nothing at all.
    package var lengthMin: Int { Self.lengthMin(root) }

    /// Variables without which there is no match, as a set of bits: if no event satisfies one of them, there is
    /// nothing to look for.
    package var necessary: UInt32 { Self.necessary(root) }

    /// Whether it asks for the beginning or the end of all events.
    package var hasAnchor: Bool { Self.hasAnchor(root) }

    private static func hasAnchor(_ node: Node) -> Bool {
        switch node {
        case .variable: false
        case .sequence(let parts), .alternatives(let parts): parts.contains(where: hasAnchor)
        case .repetition(let inner, min: _, max: _, isReluctant: _): hasAnchor(inner)
        case .begin, .end: true
        }
    }

    private static func lengthMin(_ node: Node) -> Int {
        switch node {
        case .variable: 1
        case .sequence(let parts): parts.reduce(0) { min($0 + lengthMin($1), lengthCap) }
        case .alternatives(let parts): parts.map(lengthMin).min() ?? 0
        case .repetition(let inner, min: let count, max: _, isReluctant: _): min(lengthMin(inner) * count, lengthCap)
        case .begin, .end: 0
        }
    }

    /// Keeps products of nested counts small.
    private static let lengthCap = 1 << 20

    private static func necessary(_ node: Node) -> UInt32 {
        switch node {
        case .variable(let number): 1 << UInt32(number)
        case .sequence(let parts): parts.reduce(0) { $0 | necessary($1) }
        case .alternatives(let parts): parts.reduce(.max) { $0 & necessary($1) }
        case .repetition(let inner, min: let count, max: _, isReluctant: _): count > 0 ? necessary(inner) : 0
        case .begin, .end: 0
        }
    }
}

/// How large a pattern is once its counts are written out: told by the tree, before anything is made of it. A few nested
/// counts make more than any memory holds, also of parts that bind no event, such as `(^{1000}){1000}`.
struct PatternSize {
    /// Mentions of variables.
    private var places = 1
    /// Parts of any kind, and what holds them together: never fewer than the steps of the pattern's program.
    private var parts = 1

    static let placesMax = 1000
    static let partsMax = 20_000
    /// Sizes stop here, so that products of nested counts stay small.
    private static let cap = 1 << 24

    init(_ node: Pattern.Node) {
        switch node {
        case .variable: break
        case .begin, .end: places = 0
        case .sequence(let parts), .alternatives(let parts):
            places = 0
            for part in parts { add(Self(part), times: 1, joints: 2) }
        case .repetition(let inner, min: let least, max: let most, isReluctant: _):
            places = 0
            add(Self(inner), times: most ?? least + 1, joints: 4)
        }
    }

    /// - Parameter joints: what stands around each copy of the part at the most.
    private mutating func add(_ part: PatternSize, times: Int, joints: Int) {
        places = min(places + part.places * times, Self.cap)
        parts = min(parts + (part.parts + joints) * times, Self.cap)
    }

    /// - Parameter offset: where the part begins whose size this is.
    func check(at offset: Int) throws(ExpressionError) {
        guard places > Self.placesMax || parts > Self.partsMax else { return }
        let size = places > Self.placesMax ? "\(Self.placesMax) variables" : "\(Self.partsMax) parts"
        throw ExpressionError("with its counts written out this has more than \(size); write it with smaller counts", at: offset)
    }
}
