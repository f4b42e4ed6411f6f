/// Who has a friction, by journey type and rule: a few of them are named as examples. Numbers of persons only; names
/// are looked up when the table is made.
final class FrictionPersons: @unchecked Sendable {  // owned by one worker while it is filled, then only read
    struct Key: Hashable {
        var type: UInt32
        var friction: UInt32
    }

    private(set) var persons: [Key: [UInt32]] = [:]

    /// Each person once for each type and rule.
    func add(_ person: UInt32, type: UInt32, friction: UInt32) { persons[Key(type: type, friction: friction), default: []].append(person) }

    /// Everybody who was added, once for each type and rule; afterwards nobody is.
    func take() -> [(type: UInt32, friction: UInt32, person: UInt32)] {
        guard !persons.isEmpty else { return [] }
        defer { persons = [:] }
        return persons.flatMap { key, found in found.map { (key.type, key.friction, $0) } }
    }

    func absorb(_ other: FrictionPersons) {
        for (key, found) in other.persons { persons[key, default: []] += found }
    }
}

extension MetricCells {
    /// Everybody who has the friction in a journey of the type, in no order; numbers are those of the pipeline.
    public func persons(withFriction friction: Int, inType type: Int) -> [UInt32] {
        frictionPersons.persons[.init(type: UInt32(type), friction: UInt32(friction))] ?? []
    }

    /// Everybody who has any friction, some more than once.
    public var personsWithFrictions: some Sequence<UInt32> { frictionPersons.persons.values.joined() }

    /// Everybody who has a friction, once for each type and rule; afterwards nobody has.
    public func takeFrictionPersons() -> [(type: UInt32, friction: UInt32, person: UInt32)] { frictionPersons.take() }
}
