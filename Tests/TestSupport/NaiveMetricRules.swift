/// A question that customers answer with a number in `value`. Numbers are thousandths.
public struct NaiveSurvey: Sendable {
    public enum Kind: String, Sendable { case nps, mean }

    public var name: String
    /// Which events are answers.
    public var condition: String
    public var kind: Kind
    /// Of an `nps` always 0 to 10.
    public var scale: ClosedRange<Int>

    public init(_ name: String, where condition: String, kind: Kind, scale: ClosedRange<Int> = 0...10_000) {
        self.name = name
        self.condition = condition
        self.kind = kind
        self.scale = scale
    }
}

/// What costs a customer effort.
public enum NaiveEffortPart: String, Sendable, CaseIterable {
    case contact
    case switching = "switch"
    case repetition = "repeat"
    case error
    case hour

    var defaultWeight: Int { self == .hour ? 100 : 1000 }
}

/// What each part weighs, in thousandths; the defaults where nothing is said.
public struct NaiveEffortRules: Sendable {
    public var weights: [NaiveEffortPart: Int]

    public init(_ weights: [NaiveEffortPart: Int] = [:]) { self.weights = weights }

    func weight(_ part: NaiveEffortPart) -> Int { weights[part] ?? part.defaultWeight }
}

/// What should be told alike in all channels: of each item the value.
public struct NaiveTerm: Sendable {
    public var givenName: String?
    /// Both `attributes.NAME` or the name of a field.
    public var item: String
    public var value: String
    public var within: Int64

    public init(name: String? = nil, item: String, value: String, within: Int64 = NaiveDuration.microseconds("7d")) {
        givenName = name
        self.item = item
        self.value = value
        self.within = within
    }

    var name: String { givenName ?? item }
}

extension NaivePipeline {
    /// Whether some channel or touchpoint is a machine that talks.
    var marksBots: Bool { channels.contains(where: \.isBot) || !botTouchpoints.isEmpty }

    /// Whether there is something to measure.
    var hasMetrics: Bool {
        !surveys.isEmpty || effort != nil || !terms.isEmpty || marksBots || journeys.contains { $0.valueWhen != nil }
    }

    func isAtBot(_ event: NaiveEvent) -> Bool {
        channel(of: event)?.isBot ?? false || botTouchpoints.contains { ExactText($0) == event.touchpoint }
    }
}
