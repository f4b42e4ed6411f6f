import Events

/// Who has a friction, by journey type and rule: the names that come first in byte order, of which tables show a few. A sum like
/// the cells beside it: in whatever order names are added, the same stay. It holds names, and no numbers of one run, so that it
/// may be kept and sent.
public struct FrictionExamples: Sendable, Equatable {
    private struct Key: Hashable, Comparable {
        var type: UInt32
        var friction: UInt32

        static func < (left: Key, right: Key) -> Bool { (left.type, left.friction) < (right.type, right.friction) }
    }

    /// How many names of a type and rule stay.
    public let limit: Int
    /// Ascending, each once.
    private var names: [Key: [[UInt8]]] = [:]

    public init(limit: Int) { self.limit = limit }

    /// Numbers are those of the pipeline. Ascending in byte order.
    public func names(ofType type: Int, friction: Int) -> [String] {
        (names[Key(type: UInt32(type), friction: UInt32(friction))] ?? []).map { String(decoding: $0, as: UTF8.self) }
    }

    public mutating func add(_ name: [UInt8], type: UInt32, friction: UInt32) { add(name, Key(type: type, friction: friction)) }

    private mutating func add(_ name: [UInt8], _ key: Key) {
        var all = names[key] ?? []
        let place = all.firstIndex { !$0.lexicographicallyPrecedes(name) } ?? all.count
        guard place < limit, place == all.count || all[place] != name else { return }
        all.insert(name, at: place)
        if all.count > limit { all.removeLast() }
        names[key] = all
    }

    /// - Parameter other: of the same limit.
    public mutating func absorb(_ other: FrictionExamples) {
        precondition(other.limit == limit, "another limit")
        for (key, names) in other.names { for name in names { add(name, key) } }
    }

    // MARK: As bytes

    private static let version: UInt8 = 1

    /// All names, sealed; the same bytes for the same names.
    public func encode() -> [UInt8] {
        var coder = SealedBytes.begin(.examples, version: Self.version)
        coder.put(limit)
        for (key, names) in names.sorted(by: { $0.key < $1.key }) {
            coder.put(UInt64(key.type))
            coder.put(UInt64(key.friction))
            coder.put(names.count)
            for name in names { name.withUnsafeBytes { coder.put(text: $0) } }
        }
        return SealedBytes.seal(coder, count: names.count)
    }

    /// What `encode` wrote. Throws `DamagedBytes`.
    public init(decoding bytes: UnsafeRawBufferPointer) throws {
        var (decoder, count) = try SealedBytes.open(bytes, .examples, version: Self.version)
        limit = try decoder.number(below: Int(Int32.max))
        for _ in 0..<count {
            let key = Key(type: try decoder.word(), friction: try decoder.word())
            let found = try (0..<decoder.number(below: limit + 1)).map { _ in Array(try decoder.text()) }
            let ascends = zip(found, found.dropFirst()).allSatisfy { $0.lexicographicallyPrecedes($1) }
            guard !found.isEmpty, ascends, names.updateValue(found, forKey: key) == nil else { throw DamagedBytes() }
        }
        guard decoder.isAtEnd else { throw DamagedBytes() }
    }
}
