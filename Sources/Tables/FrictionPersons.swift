/// Who has a friction, by journey type and rule: a few of them are named as examples. Numbers of persons only; names
/// are looked up when the table is made.
public final class FrictionPersons: @unchecked Sendable {  // owned by one worker while it is filled, then only read
    struct Key: Hashable {
        var type: UInt32
        var friction: UInt32
    }

    private(set) var persons: [Key: [UInt32]] = [:]

    public init() {}

    /// Each person once for each type and rule.
    public func add(_ person: UInt32, type: UInt32, friction: UInt32) { persons[Key(type: type, friction: friction), default: []].append(person) }

    /// Everybody who has any, some more than once.
    public var all: some Sequence<UInt32> { persons.values.joined() }

    /// Everybody who was added, once for each type and rule; afterwards nobody is.
    public func take() -> [(type: UInt32, friction: UInt32, person: UInt32)] {
        guard !persons.isEmpty else { return [] }
        defer { persons = [:] }
        return persons.flatMap { key, found in found.map { (key.type, key.friction, $0) } }
    }

    func absorb(_ other: FrictionPersons) {
        for (key, found) in other.persons { persons[key, default: []] += found }
    }
}
