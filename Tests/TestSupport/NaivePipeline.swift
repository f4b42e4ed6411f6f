/// What the naive reference needs to know of a pipeline file (pipelines/rules.md, 14): plain values, every default
/// filled in, expressions still as text. Lengths of time are microseconds.
public struct NaivePipeline: Sendable {
    public var name: String
    public var sources: [NaiveSource]
    public var identity = NaiveIdentityRules()
    public var channels: [NaiveChannel] = []
    public var sessions = NaiveSessionRules()
    public var journeys: [NaiveJourneyRules] = []
    public var dimensions: [NaiveDimension] = []
    public var contacts = NaiveContactRules()
    public var surveys: [NaiveSurvey] = []
    /// Measured only where it is said how.
    public var effort: NaiveEffortRules?
    public var terms: [NaiveTerm] = []
    /// Touchpoints at which a machine talks.
    public var botTouchpoints: [String] = []
    public var frictions: [NaiveFrictionRules] = []
    public var errorOutcomes: [String] = ["error", "failed", "failure", "timeout"]
    /// IANA name of the zone in which days are cut.
    public var timezone: String = "UTC"
    /// Longest line in bytes, its end not counted.
    public var maxLineBytes: Int = 1 << 20

    public init(name: String, sources: [NaiveSource]) {
        self.name = name
        self.sources = sources
    }
}

/// One source: where each field stands in a line's object.
public struct NaiveSource: Sendable {
    public var name: String
    /// Globs relative to the pipeline file; only the YAML text uses them.
    public var inputs: [String] = []
    /// Field name (`time`, `sequence`, `event_id`, `channel`, `touchpoint`, `action`, `outcome`, `value`, `initiator`) to path.
    public var fields: [String: String] = [:]
    /// Identity type to path.
    public var ids: [String: String] = [:]
    /// Attribute name to path.
    public var attributes: [String: String] = [:]
    /// Forms that stand instead of paths: by field, `id/TYPE` or `attribute/NAME`.
    public var forms: [String: NaiveForm] = [:]
    /// Further places of ids, by type.
    public var moreIDs: [String: [NaiveForm]] = [:]
    public var each: [String] = []
    /// For each moment the forms that stand instead of others.
    public var moments: [[String: NaiveForm]] = []
    public var condition: String?
    public var keepsLast = false
    /// In microseconds.
    public var precision: Int64?
    /// Field name to a fixed text, which stands instead of the field.
    public var constants: [String: String] = [:]
    /// IANA name for times written without a zone.
    public var timezone: String?
    public var timeUnit: NaiveTimeUnit?

    public init(name: String) { self.name = name }
}

/// The unit of a numeric time.
public enum NaiveTimeUnit: String, Sendable, CaseIterable {
    case seconds = "s"
    case milliseconds = "ms"
    case microseconds = "us"
    case nanoseconds = "ns"

    /// The power of ten that takes a number in this unit to microseconds.
    var powerOfTenToMicroseconds: Int {
        switch self {
        case .seconds: 6
        case .milliseconds: 3
        case .microseconds: 0
        case .nanoseconds: -3
        }
    }
}

public struct NaiveIdentityRules: Sendable {
    /// Known types, the preferred one first.
    public var known: [String] = []
    /// Linking types, the most trusted one first.
    public var linking: [String] = []
    public var maxKnown: Int = 5
    public var block: [String] = []
    public var blockDefaults: Bool = true

    public init() {}
}

public struct NaiveChannel: Sendable {
    public var name: String
    /// `self-service`, `assisted` or `outbound`.
    public var kind: String?
    public var owner: String?
    public var gap: Int64?
    /// Which events by the customer ask; any without it.
    public var asks: String?
    public var answers = "initiator == \"agent\""
    public var responseSLA: Int64?
    /// A machine talks in it.
    public var isBot = false

    public init(name: String, kind: String? = nil, owner: String? = nil, gap: Int64? = nil) {
        self.name = name
        self.kind = kind
        self.owner = owner
        self.gap = gap
    }
}

/// A field by whose texts journeys are set side by side: `attributes.NAME` or the name of a field.
public struct NaiveDimension: Sendable {
    public var name: String
    public var field: String

    public init(name: String, field: String) {
        self.name = name
        self.field = field
    }
}

public struct NaiveContactRules: Sendable, Equatable {
    /// As the field of a dimension; without it all contacts are of one topic.
    public var topic: String?
    public var windows = ["1d", "7d", "14d", "30d"].map(NaiveDuration.microseconds)
    public var handover: Int64 = 10 * 60 * 1_000_000

    public init() {}
}

public struct NaiveSessionRules: Sendable {
    public var gap: Int64 = 30 * 60 * 1_000_000
    public var maxLength: Int64 = 24 * 3600 * 1_000_000

    public init() {}
}

public struct NaiveJourneyRules: Sendable {
    public var name: String
    public var scope: String?
    public var start: String?
    public var goal: String?
    public var fail: String?
    /// An attribute's name, with or without `attributes.` before it.
    public var key: String?
    public var inactivity: Int64 = 30 * 86_400 * 1_000_000
    public var maxLength: Int64?
    public var horizon: Int64?
    /// Which events are what a customer came for; the goal without it.
    public var valueWhen: String?
    public var steps: [NaiveStep] = []
    public var funnelWindow: Int64?
    public var funnelMode: NaiveFunnelMode = .ordered

    public init(name: String) { self.name = name }
}

public struct NaiveStep: Sendable {
    public var name: String
    public var match: String
    public var owner: String?
    public var sla: Int64?
    public var inFunnel: Bool

    public init(name: String, match: String, owner: String? = nil, sla: Int64? = nil, inFunnel: Bool = true) {
        self.name = name
        self.match = match
        self.owner = owner
        self.sla = sla
        self.inFunnel = inFunnel
    }
}

public enum NaiveFunnelMode: String, Sendable, CaseIterable { case ordered, strict, any }

/// A friction (pipelines/rules.md, 13).
public struct NaiveFrictionRules: Sendable {
    public enum Scope: String, Sendable, CaseIterable { case journey, session, person }
    public enum Skip: String, Sendable, CaseIterable {
        case pastLast = "past_last"
        case toLast = "to_last"
        case toNext = "to_next"
    }

    public struct Absence: Sendable {
        public var expression: String
        public var duration: Int64

        public init(_ expression: String, for duration: Int64) {
            self.expression = expression
            self.duration = duration
        }
    }

    /// Something the log must have for the friction to be measurable.
    public struct Need: Sendable {
        public var words: String
        public var expression: String

        public init(_ words: String, _ expression: String) {
            self.words = words
            self.expression = expression
        }
    }

    public var name: String
    public var owner: String?
    public var scope: Scope = .journey
    /// `attributes.NAME`, the name of a field, or the bare name of an attribute.
    public var partitionBy: [String] = []
    public var within: Int64?
    public var pattern: String
    /// Variable to expression: `where`.
    public var variables: [String: String]
    /// Where the search goes on after a match.
    public var skip: Skip = .pastLast
    public var absent: Absence?
    public var needs: [Need] = []

    public init(name: String, pattern: String, where variables: [String: String]) {
        self.name = name
        self.pattern = pattern
        self.variables = variables
    }
}

/// One input file as it stands decompressed. Files are handed over in position order: source in the pipeline's
/// order, then path in byte order.
public struct NaiveFile: Sendable {
    public var source: String
    public var path: String
    public var bytes: [UInt8]

    public init(source: String, path: String, bytes: [UInt8]) {
        self.source = source
        self.path = path
        self.bytes = bytes
    }

    public init(source: String, path: String, text: String) {
        self.init(source: source, path: path, bytes: Array(text.utf8))
    }
}
