public import Events

/// The names behind the numbers in cells, and what rows show beside counts.
public struct TableNames: Sendable {
    public var journeys: [Journey]
    /// Owner by channel name, in bytes: `String` takes a letter in its two spellings for one.
    public var channelOwners: [[UInt8]: String]
    /// Symbols of channels and touchpoints.
    public var texts: SymbolTable
    public var frictions: [Friction]
    /// Until when open visits idle.
    public var asOf: EventTime
    /// A few persons that have a friction in journeys of a type, both by number; always the same ones of the same persons.
    public var examples: @Sendable (_ type: Int, _ friction: Int) -> [String]
    /// Rows of the whole time that stand for fewer persons are left out.
    public var minCount: Int64 = 0

    public init(
        journeys: [Journey], channelOwners: [[UInt8]: String], texts: SymbolTable, frictions: [Friction] = [], asOf: EventTime = 0,
        examples: @escaping @Sendable (_ type: Int, _ friction: Int) -> [String] = { _, _ in [] }
    ) {
        self.journeys = journeys
        self.frictions = frictions
        self.asOf = asOf
        self.examples = examples
        self.channelOwners = channelOwners
        self.texts = texts
    }

    public struct Journey: Sendable {
        public var name: String
        public var steps: [Step]

        public init(name: String, steps: [Step]) {
            self.name = name
            self.steps = steps
        }
    }

    public struct Step: Sendable {
        public var name: String
        public var owner: String?
        /// Microseconds.
        public var sla: Int64?
        public var inFunnel: Bool

        public init(name: String, owner: String?, sla: Int64?, inFunnel: Bool) {
            self.name = name
            self.owner = owner
            self.sla = sla
            self.inFunnel = inFunnel
        }
    }

    public struct Friction: Sendable {
        public var name: String
        public var owner: String?
        /// What it cannot be measured without: number of the cell, and in words.
        public var needs: [(number: Int, name: String)]

        public init(name: String, owner: String?, needs: [(number: Int, name: String)]) {
            self.name = name
            self.owner = owner
            self.needs = needs
        }
    }

    /// Rules in byte order of their names, with their numbers.
    var sortedFrictions: [(index: Int, friction: Friction)] {
        frictions.enumerated().map { ($0.offset, $0.element) }.sorted { TableNames.precedes($0.friction.name, $1.friction.name) }
    }

    /// Journey types in byte order of their names, with their numbers.
    var sortedJourneys: [(index: Int, journey: Journey)] {
        journeys.enumerated().map { ($0.offset, $0.element) }.sorted { TableNames.precedes($0.journey.name, $1.journey.name) }
    }

    func text(_ symbol: UInt32) -> String { texts.string(symbol) }

    /// Byte order, which is not the order of Swift's `String`.
    public static func precedes(_ left: String, _ right: String) -> Bool { left.utf8.lexicographicallyPrecedes(right.utf8) }

    /// The same by the first texts that differ in bytes.
    static func precedes(_ left: [String], _ right: [String]) -> Bool {
        for (one, other) in zip(left, right) where !one.utf8.elementsEqual(other.utf8) { return precedes(one, other) }
        return left.count < right.count
    }
}

extension ReportTable {
    /// A row on its way into a table, and how many different persons it stands for; nil: that cannot be said.
    typealias CountedRow = (day: Int32?, persons: Int64?, cells: [Cell])

    /// Puts a `day` column first where the table is by day, and sorts by day; the order within a day stays. Where it is
    /// not, rows of fewer than `minCount` persons are left out.
    static func make(
        _ name: String, _ title: String, _ granularity: Granularity, keyColumns: [String], columns: [Column], rows: [CountedRow], minCount: Int64
    ) -> ReportTable {
        guard granularity == .daily else {
            return ReportTable(name: name, title: title, columns: columns, rows: rows.map(\.cells), keyColumns: keyColumns)
                .withoutRows(ofFewerThan: minCount, persons: rows.map(\.persons))
        }
        let sorted = rows.enumerated().sorted { ($0.element.day ?? 0, $0.offset) < ($1.element.day ?? 0, $1.offset) }
        return ReportTable(
            name: name, title: title + " by day",
            columns: [Column("day", .day, "Day in the pipeline's time zone")] + columns,
            rows: sorted.map { [.day($0.element.day ?? 0)] + $0.element.cells }, keyColumns: ["day"] + keyColumns)
    }

    static func ratio(_ part: Int64, _ whole: Int64) -> Cell { whole == 0 ? .unknown : .ratio(Double(part) / Double(whole)) }

    static func text(_ value: String?) -> Cell { value.map { .text($0) } ?? .unknown }
}

extension Dictionary where Key == GroupKey {
    /// The days on which any group stands, ascending; only nil for a table of the whole time.
    func days(_ granularity: Granularity) -> [Int32?] {
        granularity == .total ? [nil] : Set(keys.compactMap(\.day)).sorted()
    }
}
