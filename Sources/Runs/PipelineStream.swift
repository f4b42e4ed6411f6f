import Events
package import Ingest
import Reports
import Synchronization

/// Run after run on an input that has no end: each takes what has come in an interval, commits and publishes it. Without
/// `RunOptions.every` it is one run over all inputs.
package final class PipelineStream: Sendable {
    package let route: LogRoute
    private let current: Mutex<PipelineRun>
    private let cancellation: Cancellation

    /// Reads the pipeline file, opens the state, which is held until the end, and prepares the output. Throws
    /// `PipelineFileError`, `RunError`.
    package init(_ options: RunOptions, cancellation: Cancellation) throws {
        let first = try PipelineRun(options, cancellation: cancellation)
        self.cancellation = cancellation
        route = first.route
        current = Mutex(first)
    }

    /// From any thread: what has come is committed and published, and that is the last. Nothing but the end of the inputs
    /// ends a run without intervals.
    package func stop() { route.interval?.stop() }

    /// All lines of standard input that the state holds, blank ones too. To be asked by the thread that ran, after it has ended.
    package var committedLines: Int64? { current.withLock(\.self).committedLines }

    /// Removes what was written and is not published, from any thread. False: the output was already published. To be called
    /// after a cancellation, so that nothing new begins.
    package func discard() -> Bool { current.withLock { $0.discard() } }

    /// Runs until the input ends, or `stop`. Returns the last run's outcome. Throws `RunError`; runs before stay committed and
    /// published.
    /// - Parameter published: called after each run.
    package func run(_ published: (PipelineRun.Outcome) throws -> Void) throws -> PipelineRun.Outcome {
        while true {
            let outcome = try current.withLock(\.self).run()
            try published(outcome)
            if outcome.isLast { return outcome }
            try current.withLock { run in
                if cancellation.isCancelled { throw RunError.cancelled }
                run = try PipelineRun(after: run)
            }
        }
    }
}

extension PipelineRun.Outcome {
    /// A line of JSON that says what was committed and published; nil without a state.
    package var commitLine: String? {
        guard let commit else { return nil }
        let line = JSONText.line(
            .object([
                .init("lines", .integer(commit.linesBehind)), .init("commit", .integer(commit.number)),
                .init("as_of", asOf.map { .text(TimeFormat.utc($0)) } ?? .null), .init("published", true),
                .init("ledger", .object(ledger.counts.map { .init($0.name, .integer($0.value)) })),
            ]))
        return String(decoding: line, as: UTF8.self)
    }
}
