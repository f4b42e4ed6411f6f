import Disk
package import Events
package import Ingest
package import States

/// Why a run published nothing. Data only; the sentence is made here, the exit status too (pipelines/rules.md, 15).
package enum RunError: Error, Sendable, CustomStringConvertible {
    /// Wrong use: bad option, input that cannot be found.
    case usage(String)
    /// Places of a run lie in one another where something would be lost, or read as something else.
    case misplaced(String, Set<RunPlaces.Role>)
    case input(IngestError)
    /// - lines: all, or, where the run is cut short, those that were read until then.
    case tooManyRejects(
        quarantined: Int64, lines: Int64, isCutShort: Bool, limit: String, reasons: [(reason: String, count: Int64)], first: String)
    /// The inputs are not as long as the command line says.
    case wrongLineCount(lines: Int64, expected: Int64)
    /// The ledger does not balance, or another promise is broken: a fault of the program, never of the data.
    case broken(String)
    /// Writing the output failed.
    case output(String)
    /// What was asked for is not in the log.
    case notFound(String)
    case state(StateError)
    /// As-of would move on so far that a wrong clock is likelier, and events would be sealed for it.
    case jump(from: EventTime, to: EventTime, retention: Microseconds, place: String)
    case cancelled

    /// What any error on the way comes to.
    package init(_ error: any Error) {
        switch error {
        case let error as RunError: self = error
        case IngestError.cancelled: self = .cancelled
        case IngestError.wrongInputs(let message): self = .usage(message)
        case let error as IngestError: self = .input(error)
        case let error as StateError: self = .state(error)
        // Nothing else is ever read back.
        case let error as OutputError where error.isDamage: self = .state(.damaged(path: error.path, reason: error.reason))
        default: self = .output("\(error)")
        }
    }

    package var exitStatus: Int32 {
        switch self {
        case .usage, .misplaced: 2
        case .tooManyRejects: 3
        case .input(.cancelled), .cancelled: 130
        case .state(.locked): 75
        case .input, .state, .wrongLineCount, .broken, .output, .notFound, .jump: 1
        }
    }

    package var description: String {
        switch self {
        case .usage(let message), .misplaced(let message, _), .output(let message), .notFound(let message): message
        case .input(let error): error.description
        case .state(let error): error.description
        case .tooManyRejects(let quarantined, let lines, let isCutShort, let limit, let reasons, let first):
            "\(quarantined) of \(lines) lines were put aside, more than \(limit) (--max-rejects)\(isCutShort ? "; the rest was not read" : ""). Nothing was published.\n"
                + reasons.map { "  \($0.count) \($0.reason)" + (RejectReason(rawValue: $0.reason)?.hint.map { ": \($0)" } ?? "") }
                .joined(separator: "\n") + "\nThe first: \(first)"
        case .wrongLineCount(let lines, let expected):
            "the input has \(lines) lines, but must have \(expected) (--expect-lines; blank lines and trailers are none). Nothing was published; "
                + "fetch the input again"
        case .broken(let message): "internal error: \(message). Nothing was published; please report this"
        case .jump(let from, let to, let retention, let place):
            "as-of would move on from \(TimeFormat.utc(from)) to \(TimeFormat.utc(to)), by more than a quarter of `retention` "
                + "(\(DurationText.text(retention))), and events that are kept would be sealed. The line behind it: \(place). Where a clock is "
                + "wrong there, give the last right time with --as-of; where time did go on that far, use --accept-jump. Nothing was published"
        case .cancelled: "stopped by a signal; nothing was published"
        }
    }
}
