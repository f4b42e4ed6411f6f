/// A finished table: what CSV, SQLite and the report page are written from. Values are already computed;
/// a writer only formats them.
public struct ReportTable: Sendable, Equatable {
    /// File name without ending and SQL table name, e.g. `journeys`.
    public var name: String
    /// One sentence for datapackage.json.
    public var title: String
    public var columns: [Column]
    /// Rows in the order they are to be written.
    public var rows: ReportRows
    /// The names of the columns that identify a row, in key order. Empty for a table without a key.
    public var keyColumns: [String]
    /// Every row is known to have a key of its own, all of it filled; where nothing is known, rows are asked.
    public var hasDistinctFilledKeys = false
    /// How many more rows there were, of too few persons to be shown.
    public private(set) var rowsLeftOut = 0

    public init(name: String, title: String, columns: [Column], rows: [[Cell]], keyColumns: [String]) {
        self.name = name
        self.title = title
        self.columns = columns
        self.rows = ReportRows(rows)
        self.keyColumns = keyColumns
    }

    /// - Parameter persons: by row, how many different persons it stands for; nil where that cannot be said: such a row stays.
    public func withoutRows(ofFewerThan minCount: Int64, persons: some Collection<Int64?>) -> ReportTable {
        var table = self
        let shown = persons.enumerated().filter { ($0.element ?? minCount) >= minCount }.map { UInt32($0.offset) }
        guard shown.count < rows.count else { return self }
        table.rows = rows.rows(at: shown)
        table.rowsLeftOut = rowsLeftOut + rows.count - shown.count
        return table
    }

    public struct Column: Sendable, Equatable {
        public var name: String
        public var kind: Kind
        /// One sentence: unit, denominator, boundary rule.
        public var description: String

        public init(_ name: String, _ kind: Kind, _ description: String) {
            self.name = name
            self.kind = kind
            self.description = description
        }
    }

    public enum Kind: String, Sendable, Equatable {
        case text
        /// An exact count.
        case integer
        /// A part of a whole, or another number that was computed. Written with 6 decimals.
        case ratio
        /// Seconds, written with 3 decimals.
        case seconds
        /// `true` or `false` in CSV, 1 or 0 in SQLite.
        case boolean
        /// `YYYY-MM-DD`.
        case day
    }

    public enum Cell: Sendable, Equatable {
        case text(String)
        case integer(Int64)
        case ratio(Double)
        /// Microseconds; written as seconds.
        case duration(Int64)
        /// Seconds that were computed, not measured, and may exceed what microseconds can hold (a learned
        /// threshold). Written with 3 decimals.
        case seconds(Double)
        case boolean(Bool)
        /// Days since 1970-01-01 in the pipeline's time zone.
        case day(Int32)
        /// Unknown: an empty CSV field, NULL in SQLite.
        case unknown
    }
}
