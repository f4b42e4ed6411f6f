import Ingest
import Testing

@testable import Runs

/// What is shown of a run that is under way, moment by moment.
@Suite struct RunProgressTests {
    private let work = WorkCount()

    private func progress() -> RunProgress {
        RunProgress(
            stages: [
                .init(name: "read", words: "reading", weight: 2), .init(name: "fold", words: "following", weight: 1),
                .init(name: "write", words: "writing", weight: 1),
            ], work: work)
    }

    @Test func whileReading() {
        let progress = progress()
        #expect(
            progress.moment(read: 0.5, after: 10)
                == .init(words: "reading", share: 0.5, whole: 0.25, secondsLeft: 30, isReading: true))
        // Too soon, or too little, to tell.
        #expect(progress.moment(read: 0.5, after: 1).secondsLeft == nil)
        #expect(self.progress().moment(read: 0.05, after: 10).secondsLeft == nil)
        // What was said is not taken back.
        #expect(progress.moment(read: 0.1, after: 10).whole == 0.25)
        // A pipe has no length.
        #expect(progress.moment(read: nil, after: 10) == .init(words: "reading", isReading: true))
    }

    @Test func laterStages() throws {
        let progress = progress()
        progress.finish("read")
        #expect(progress.moment(read: nil, after: 10) == .init(words: "following", whole: 0.5, secondsLeft: 10))
        // What is shared out says how far it is: here two of four parts, when the second worker comes.
        let seen = try Parallel.run(count: 4, threads: 1, cancellation: Cancellation(), state: { _ in [Double?]() }) { seen, _ in
            seen.append(work.share)
        }
        #expect(seen == [[nil, nil, nil, nil]], "another run's work is not this one's")
        work.begin(4)
        #expect(progress.moment(read: nil, after: 10) == .init(words: "following", share: 0, whole: 0.5, secondsLeft: 10))
        progress.finish("fold")
        #expect(progress.moment(read: nil, after: 15) == .init(words: "writing", whole: 0.75, secondsLeft: 5))
        // A stage that the list does not have changes nothing, and after the last there is none.
        progress.finish("nothing")
        progress.finish("write")
        #expect(progress.moment(read: nil, after: 15).words == "writing")
    }

    @Test func sharesOfWork() throws {
        let cancellation = Cancellation()
        let seen = try Parallel.run(count: 4, threads: 1, cancellation: cancellation, state: { _ in [Double?]() }) { seen, _ in
            seen.append(cancellation.work.share)
        }
        #expect(seen == [[0, 0.25, 0.5, 0.75]])
        #expect(cancellation.work.share == 1)
    }

    /// The lists have every stage that is timed, so that no share jumps back.
    @Test func everyStageIsListed() {
        for stages in [RunProgress.ofLog, RunProgress.onState] {
            #expect(Set(stages.map(\.name)).count == stages.count && stages.allSatisfy { $0.weight > 0 })
        }
    }
}
