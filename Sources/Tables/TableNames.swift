public import Events

/// The names behind the numbers in cells, and what rows show beside counts.
public struct TableNames: Sendable {
    public var journeys: [Journey]
    /// Owner by channel name, in bytes: `String` takes a letter in its two spellings for one.
    public var channelOwners: [[UInt8]: String]
    /// Symbols of channels and touchpoints.
    public var texts: SymbolTable
    public var frictions: [Friction]
    /// Until when open visits have lasted.
    public var asOf: EventTime
    /// A few persons that have a friction in journeys of a type, both by number; always the same ones of the same persons.
    public var examples: @Sendable (_ type: Int, _ friction: Int) -> [String]
    /// Names of dimensions, in the order of the pipeline.
    public var dimensions: [String] = []
    /// In the order of the pipeline.
    public var channels: [Channel] = []
    /// By number: of contacts.
    public var contactWindows: [Int64] = []
    /// Days are cut in this zone.
    public var zone = ZoneOffsets.utc
    /// Journeys under way; in any order.
    public var openJourneys: [OpenJourney] = []
    /// UTC days that are alive (pipelines/rules.md, 2), ascending.
    public var aliveDays: [Int32] = []
    public var measures = Measures()
    /// In any order.
    public var sources: [Source] = []
    /// Rows of the whole time that stand for fewer persons are left out.
    public var minCount: Int64 = 0
    /// Of all cells that tables are made of; nil: each table finds its own.
    package var symbolRanks: SymbolRanks?

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
        /// Microseconds from its start until a journey is mature.
        public var horizon: Int64
        /// Whether any event can give the customer what it is for.
        public var hasValue = false

        public init(name: String, steps: [Step], horizon: Int64 = 0) {
            self.name = name
            self.steps = steps
            self.horizon = horizon
        }
    }

    /// What was read of a source, and what became of its lines but for events and duplicates, which are sums over persons.
    public struct Source: Sendable {
        public var name: String
        public var lines: Int64 = 0
        /// The sum over lines of records less one.
        public var expanded: Int64 = 0
        public var quarantined: Int64 = 0
        public var late: Int64 = 0
        /// The first and the last time of its events; nil without any.
        public var span: SourceSpans.Span?
        /// In how many records each field that it maps is there; in any order.
        public var fields: [(name: String, there: Int64)] = []

        public init(name: String) { self.name = name }
    }

    public struct Channel: Sendable {
        public var name: String
        public var isAssisted: Bool
        /// Microseconds.
        public var responseSLA: Int64?

        public init(name: String, isAssisted: Bool, responseSLA: Int64?) {
            self.name = name
            self.isAssisted = isAssisted
            self.responseSLA = responseSLA
        }
    }

    /// What metrics.csv and scorecard.csv are asked for.
    public struct Measures: Sendable {
        /// In the order of the pipeline.
        public var surveys: [Survey] = []
        /// Names of terms, in the order of the pipeline.
        public var terms: [String] = []
        public var hasEffort = false
        public var hasBots = false
        public var isAsked = false
        public var hasScorecard = false

        public init() {}
    }

    public struct Survey: Sendable {
        public var name: String
        /// Else the mean of its answers is shown.
        public var isNPS: Bool
        /// In thousandths.
        public var scale: ClosedRange<Int64>

        public init(name: String, isNPS: Bool, scale: ClosedRange<Int64>) {
            (self.name, self.isNPS, self.scale) = (name, isNPS, scale)
        }
    }

    public struct Step: Sendable {
        public var name: String
        public var owner: String?
        /// Microseconds.
        public var sla: Int64?
        /// A visit is judged once as-of lies so many microseconds behind its start.
        public var judgedAge: Int64
        public var inFunnel: Bool

        public init(name: String, owner: String?, sla: Int64?, judgedAge: Int64, inFunnel: Bool) {
            self.name = name
            self.owner = owner
            self.sla = sla
            self.judgedAge = judgedAge
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
}

extension ReportTable {
    static func ratio(_ part: Int64, _ whole: Int64) -> Cell { whole == 0 ? .unknown : .ratio(Double(part) / Double(whole)) }

    static func ratio(_ value: Double?) -> Cell { value.map { .ratio($0) } ?? .unknown }

    package static func text(_ value: String?) -> Cell { value.map { .text($0) } ?? .unknown }

    /// Unknown where there is no character.
    static func filled(_ text: String) -> Cell { text.isEmpty ? .unknown : .text(text) }
}
