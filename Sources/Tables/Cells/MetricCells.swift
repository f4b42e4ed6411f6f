/// All cells that persons contribute to: those of every table in the list, and who is an example of a friction.
public struct MetricCells: Sendable {
    /// In the order of the list.
    public let cells: [CellTable]
    let frictionPersons = FrictionPersons()

    private static let shapes = TableList.all.flatMap { $0.cells }
    /// By a shape's name, which only here stands for its place.
    private static let places = Dictionary(uniqueKeysWithValues: shapes.enumerated().map { ($0.element.name, $0.offset) })

    public init() { cells = Self.shapes.map { CellTable($0) } }

    /// The same cells without those that are zero throughout; as sizes where `magnitudes` is true. Nobody is an example.
    public init(withoutZeros other: MetricCells, magnitudes: Bool = false) {
        self.init()
        for (mine, theirs) in zip(cells, other.cells) { mine.absorb(theirs.withoutZeros(magnitudes: magnitudes)) }
    }

    subscript(shape: CellShape) -> CellTable { cells[Self.places[shape.name]!] }

    /// nil where no table has cells of this name.
    public func cells(named name: String) -> CellTable? { Self.places[name].map { cells[$0] } }

    /// Ends the adding; afterwards several threads may make tables.
    public func finish() { for table in cells { table.finish() } }

    /// Adds all cells of `other`, or with a sign of -1 takes them away; `other` must not be used afterwards.
    public func absorb(_ other: MetricCells, sign: Int64 = 1) {
        for (mine, theirs) in zip(cells, other.cells) { mine.absorb(theirs, sign: sign) }
        if sign > 0 { frictionPersons.absorb(other.frictionPersons) }
    }

    /// Whether nothing is counted.
    public var isZero: Bool { cells.allSatisfy { $0.parts.isEmpty } }

    /// Whether anything is below zero: sums of sound cells never are.
    public var hasNegatives: Bool { cells.contains { $0.hasNegatives } }
}

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
