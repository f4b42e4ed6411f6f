/// Why a line was quarantined, in the order of checking.
public enum NaiveReason: String, Sendable, CaseIterable {
    case lineTooLong = "line_too_long"
    case invalidUTF8 = "invalid_utf8"
    case invalidJSON = "invalid_json"
    case notAnObject = "not_an_object"
    case missingTime = "missing_time"
    case badTime = "bad_time"
    case missingIdentity = "missing_identity"
    case missingChannel = "missing_channel"
    case missingTouchpoint = "missing_touchpoint"
    case badInitiator = "bad_initiator"
}

/// One quarantined line. `line` counts from 1 with blank lines; `offset` is that of its first byte in the decompressed file.
public struct NaiveQuarantineEntry: Sendable, Hashable {
    public var reason: NaiveReason
    public var source: String
    public var file: String
    public var line: Int
    public var offset: Int
}

/// Where every line went: lines = events + quarantined + duplicates + filtered (+ late, which this reference never has).
public struct NaiveLedger: Sendable, Equatable {
    public var lines = 0
    public var events = 0
    public var quarantined: [NaiveReason: Int] = [:]
    public var duplicates = 0
    public var filtered = 0
    /// Records less one, summed over lines.
    public var expanded = 0

    public var quarantinedTotal: Int { quarantined.values.reduce(0, +) }
}

/// The tables of pipelines/metrics.md with exact values: quantiles are microseconds of one of the events, nil is unknown.
public struct NaiveTables: Sendable, Equatable {
    public var asOf: Int64
    /// Events of persons that lie after an as-of which is not given.
    public var ahead = 0
    /// By number since 1970.
    public var days: [Int64: NaiveDay] = [:]
    public var ledger = NaiveLedger()
    public var quarantine: [NaiveQuarantineEntry] = []
    public var journeys: [JourneyRow] = []
    public var funnel: [FunnelRow] = []
    public var stalls: [StallRow] = []
    public var transitions: [TransitionRow] = []
    public var sessions: [SessionRow] = []
    public var touchpoints: [TouchpointRow] = []
    public var frictions: [FrictionRow] = []
    public var frictionPlaces: [FrictionPlaceRow] = []
    var decisions = NaiveDecisions()
    var dwells: [NaiveDwells.List] = []
    /// Some list of events took the naive matcher too many steps: the numbers of frictions are then not right.
    public var gaveUpPattern = false

    public struct JourneyRow: Sendable, Equatable {
        public var journey: String
        public var started, completed, failed, abandoned, open: Int
        public var completionRate, completionRateLow, completionRateHigh: Double?
        public var durationP50, durationP90: Int64?
        public var events, sessions, channelSwitches, customers: Int
        /// Journeys with at least one friction, and their share.
        public var withFriction = 0
        public var frictionShare: Double?
        public var mature = 0, converted = 0
        public var conversionRate, conversionRateLow, conversionRateHigh: Double?
    }

    public struct FunnelRow: Sendable, Equatable {
        public var journey: String
        public var stepIndex: Int
        public var step: String
        public var owner: String?
        public var reached: Int
        /// nil for the first step.
        public var fromPrevious: Double?
        public var fromStart: Double?
        /// nil for the last step: nobody can drop out after it.
        public var dropped: Int?
        public var secondsFromPreviousP50, secondsFromPreviousP90: Int64?
        public var mature = 0
        /// nil for the last step.
        public var lost, open, elsewhere: Int?
        public var lostRate: Double?
        public var completed = 0
    }

    public struct StallRow: Sendable, Equatable {
        public var journey: String
        public var stepIndex: Int
        public var step: String
        public var owner: String?
        public var visits, progressed, goal, stopped, open: Int
        public var dwellP50, dwellP90: Int64?
        /// Seconds.
        public var threshold: Double?
        public var thresholdSource: String
        public var slow, idle, stalled: Int
        public var stallRate: Double?
        public var isStallPoint: Bool
        public var pValue: Double?
        public var judged = 0, stoppedJudged = 0
    }

    public struct TransitionRow: Sendable, Equatable {
        public var journey: String
        public var scope: String
        public var from, to: ExactText
        public var count, journeys: Int
        public var gapP50: Int64?
        public var completionRate: Double?
    }

    public struct SessionRow: Sendable, Equatable {
        public var channel: ExactText
        public var sessions, events, customers, bounces: Int
        public var durationP50, durationP90: Int64?
        public var concurrent: Int
    }

    public struct TouchpointRow: Sendable, Equatable {
        public var channel, touchpoint: ExactText
        /// Of the channel, as the pipeline declares it.
        public var owner: String?
        public var events, customers, journeys, journeyEntries, journeyExits, errors: Int
        /// Steps, of all journey types, that some event here satisfies.
        public var inSteps: Int
    }
    /// The numbers are nil where the log lacks what the friction needs.
    public struct FrictionRow: Sendable, Equatable {
        public var journey: String
        public var friction: String
        public var owner: String?
        public var occurrences, journeys, customers: Int?
        public var share, completionRateWith, completionRateWithout: Double?
        /// What the log lacks; none when the friction is measurable.
        public var missing: [String]
        /// Where most matches end; nil without matches.
        public var place: FrictionPlace?
        public var events: Int?
        /// From the first event of a match to the last.
        public var secondsP50: Int64?
        public var firstDay, lastDay: String?
        /// `type:id` of persons, the first five.
        public var examples: [ExactText]
    }

    /// Where a match ends.
    public struct FrictionPlace: Sendable, Hashable {
        public var channel, touchpoint: ExactText
        /// Empty where the event belongs to no step.
        public var step: ExactText
    }

    public struct FrictionPlaceRow: Sendable, Equatable {
        public var journey: String
        public var friction: String
        public var place: FrictionPlace
        public var occurrences, journeys, customers: Int
    }
}
