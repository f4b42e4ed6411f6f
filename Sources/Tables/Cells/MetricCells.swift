/// All cells that persons contribute to: those of every table in the list. Persons to be named are left with the worker that found
/// them; sums have their names beside them.
public struct MetricCells: Sendable {
    /// In the order of the list.
    public let cells: [CellTable]
    let persons = FoundPersons()

    /// By place in the list.
    public static let shapes = TableList.all.flatMap { $0.cells }
    /// By a shape's name, which only here stands for its place.
    private static let places = Dictionary(uniqueKeysWithValues: shapes.enumerated().map { ($0.element.name, $0.offset) })

    public init() { cells = Self.shapes.map { CellTable($0) } }

    /// Of tables that were made one by one: all of the list, in its order.
    public init(_ cells: [CellTable]) {
        precondition(cells.map(\.shape.name) == Self.shapes.map(\.name), "these are not the cells of the list")
        self.cells = cells
    }

    subscript(shape: CellShape) -> CellTable { cells[Self.places[shape.name]!] }

    /// Where the cells of this name stand in the list; nil where no table has any.
    public static func place(named name: String) -> Int? { places[name] }

    /// nil where no table has cells of this name.
    public func cells(named name: String) -> CellTable? { Self.place(named: name).map { cells[$0] } }

    /// Ends the adding; afterwards several threads may make tables.
    public func finish() { for table in cells { table.finish() } }

    /// Adds all cells of `other`, or with a sign of -1 takes them away; `other` must not be used afterwards.
    public func absorb(_ other: MetricCells, sign: Int64 = 1) {
        for (mine, theirs) in zip(cells, other.cells) { mine.absorb(theirs, sign: sign) }
    }

    /// The same for the cells of one place in the list, and then ends the adding: several threads may sum up one place each.
    public func absorb(_ others: some Sequence<MetricCells>, at place: Int) {
        for other in others { cells[place].absorb(other.cells[place]) }
        cells[place].finish()
    }

    /// Whether nothing is counted.
    public var isZero: Bool { cells.allSatisfy { $0.parts.isEmpty } }
}
