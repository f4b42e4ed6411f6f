/// The rows of a table, in order: at hand, or made each time they are asked for, where they are many.
public struct ReportRows: Sendable, RandomAccessCollection, Equatable, ExpressibleByArrayLiteral {
    public typealias Row = [ReportTable.Cell]

    private enum Source: Sendable {
        case list([Row])
        case made(Int, @Sendable (Int) -> Row)
    }

    private var source: Source

    public init(_ rows: [Row]) { source = .list(rows) }

    public init(arrayLiteral rows: Row...) { self.init(rows) }

    /// - Parameter make: gives the row of a number below `count`, always the same one, whatever thread asks.
    public init(count: Int, _ make: @escaping @Sendable (Int) -> Row) {
        source = count <= Self.listMax ? .list((0..<count).map(make)) : .made(count, make)
    }

    /// So many rows are made once and kept.
    private static let listMax = 10_000

    public var startIndex: Int { 0 }

    public var endIndex: Int {
        switch source {
        case .list(let rows): rows.count
        case .made(let count, _): count
        }
    }

    public subscript(place: Int) -> Row {
        switch source {
        case .list(let rows): return rows[place]
        case .made(let count, let make):
            precondition(place >= 0 && place < count, "there is no such row")
            return make(place)
        }
    }

    /// Behind all others; only of a list.
    public mutating func append(_ row: Row) {
        guard case .list(var rows) = source else { preconditionFailure("rows that are made are not added to") }
        source = .list([])
        rows.append(row)
        source = .list(rows)
    }

    /// Those at the places given, in that order.
    func rows(at places: [UInt32]) -> ReportRows {
        ReportRows(count: places.count) { [self] in self[Int(places[$0])] }
    }

    public static func == (one: ReportRows, other: ReportRows) -> Bool { one.elementsEqual(other) }
}
