/// The time beyond which a visit counts as stalled (pipelines/rules.md, 9).
public struct StallThreshold: Sendable, Equatable {
    public enum Source: Sendable, Equatable {
        case sla
        /// From so many progressed dwells of the step.
        case learned(dwells: Int64)

        public var name: String {
            switch self {
            case .sla: "sla"
            case .learned: "learned"
            }
        }
    }

    /// A learned one may exceed what `Int64` holds.
    public let microseconds: Double
    public let source: Source

    public init(microseconds: Double, source: Source) {
        self.microseconds = microseconds
        self.source = source
    }

    /// Nil where the step has no SLA and not enough was seen to learn from.
    init?(sla: Int64?, progressedDwells dwells: Distribution?) {
        if let sla {
            self.init(microseconds: Double(sla), source: .sla)
        } else {
            guard let dwells, let learned = Statistics.learnedThreshold(progressedDwells: dwells) else { return nil }
            self.init(microseconds: learned, source: .learned(dwells: dwells.total))
        }
    }

    /// Whether a time is beyond it: exactly for an SLA; a learned one is held against the time's bucket, as in the table.
    public func isExceeded(by time: Int64) -> Bool {
        switch source {
        case .sla: Double(time) > microseconds
        case .learned: Double(LogLinear.representative(of: LogLinear.bucket(time))) > microseconds
        }
    }
}
