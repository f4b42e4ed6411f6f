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

    /// The bucket of a learned one, for which rounding must not make it less than the dwell that it was learned from.
    var bucket: UInt32 {
        let rounded = microseconds.rounded()
        return rounded < 0x1p63 ? LogLinear.bucket(Int64(rounded)) : LogLinear.lastBucket
    }

    /// Whether a time is beyond it: exactly for an SLA; for a learned one by buckets, so that a time equal to it is not.
    public func isExceeded(by time: Int64) -> Bool {
        switch source {
        case .sla: Double(time) > microseconds
        case .learned: LogLinear.bucket(time) > bucket
        }
    }
}
