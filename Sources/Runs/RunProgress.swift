import Ingest
import Synchronization

/// How far a run is, for another thread to show. The stages say when they end, `Parallel` how much of one is done; nothing here
/// costs anything for each event, and nothing is decided by it.
package final class RunProgress: Sendable {
    struct Stage {
        let name: String
        /// What is done in it, as a reader says it.
        let words: String
        /// Its part of the time that a run takes, as measured on the made-up shop's log: 1 M events, two cores.
        let weight: Double
    }

    static let ofLog = [
        Stage(name: "read", words: "reading", weight: 0.43), Stage(name: "merge", words: "merging texts", weight: 0.02),
        Stage(name: "stitch", words: "finding persons", weight: 0.03), Stage(name: "shard", words: "sorting by person", weight: 0.06),
        Stage(name: "days", words: "counting days", weight: 0.01), Stage(name: "fold", words: "following journeys", weight: 0.31),
        Stage(name: "sum", words: "adding up", weight: 0.02), Stage(name: "tables", words: "making tables", weight: 0.08),
        Stage(name: "write", words: "writing", weight: 0.04),
    ]
    static let onState = [
        Stage(name: "read", words: "reading", weight: 0.19), Stage(name: "merge", words: "merging texts", weight: 0.01),
        Stage(name: "connect", words: "finding who is touched", weight: 0.03), Stage(name: "shard", words: "sorting", weight: 0.01),
        Stage(name: "days", words: "counting days", weight: 0.14), Stage(name: "fold", words: "following journeys", weight: 0.53),
        Stage(name: "due", words: "following journeys that time changed", weight: 0.02),
        Stage(name: "sum", words: "adding up", weight: 0.02),
        Stage(name: "tables", words: "making tables", weight: 0.02), Stage(name: "write", words: "writing", weight: 0.03),
    ]

    private let stages: [Stage]
    private let work: WorkCount
    private let finished = Atomic<Int>(0)
    /// The bits of the largest share of the run that was said so far: a stage of several passes does not go back.
    private let said = Atomic<UInt64>(0)

    /// - Parameter work: what `Parallel` counts for the run's cancellation.
    init(stages: [Stage], work: WorkCount) { (self.stages, self.work) = (stages, work) }

    /// A stage has ended.
    func finish(_ name: String) {
        guard let place = stages.firstIndex(where: { $0.name == name }) else { return }
        work.begin(0)
        finished.store(place + 1, ordering: .relaxed)
    }

    package struct Moment: Sendable, Equatable {
        /// What is being done.
        package var words: String
        /// Of the stage at hand; nil where that cannot be said.
        package var share: Double?
        /// Of the run; nil while a pipe is read, whose length nobody knows.
        package var whole: Double?
        /// Until the run ends, if what is left takes as long as what is done did; nil as long as too little is done to tell.
        package var secondsLeft: Double?
        /// Whether inputs are read; then it is their lines that people count.
        package var isReading = false
    }

    /// - Parameters:
    ///   - read: share of the inputs' bytes that are read; nil where that cannot be said.
    ///   - seconds: since the run began.
    package func moment(read: Double?, after seconds: Double) -> Moment {
        let place = min(finished.load(ordering: .relaxed), stages.count - 1)
        let stage = stages[place]
        let share = place == 0 ? read : work.share
        var moment = Moment(words: stage.words, share: share, isReading: place == 0)
        if place == 0, read == nil { return moment }
        let before = stages[..<place].reduce(0) { $0 + $1.weight }
        let reached = min(1, (before + (share ?? 0) * stage.weight) / stages.reduce(0) { $0 + $1.weight })
        let whole = Double(bitPattern: said.max(reached.bitPattern, ordering: .relaxed).newValue)
        moment.whole = whole
        if whole >= Self.shareMin, seconds >= Self.secondsMin { moment.secondsLeft = seconds / whole * (1 - whole) }
        return moment
    }

    /// Less says too little of the rest.
    static let (shareMin, secondsMin) = (0.05, 2.0)
}
