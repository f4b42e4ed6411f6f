import Events
import Reports

/// What is probably a mistake in the log or the pipeline, though the run goes on: said on stderr and listed in run.json
/// (pipelines/rules.md, 15). No values of customers' fields stand in it.
package struct RunWarning: Sendable, Equatable {
    /// By which programs tell warnings apart; a promise.
    package enum Code: String, Sendable {
        /// An expression that nothing in the log satisfies.
        case neverTrue = "never_true"
        /// A mapped field that no line of its source has.
        case neverThere = "never_there"
        /// A step all of whose events belong to earlier ones.
        case unreachableStep = "unreachable_step"
        /// Events after the last alive day.
        case ahead
        /// A known id with very many values of a linking type.
        case hubID = "hub_id"
        case undeclaredChannel = "undeclared_channel"
        /// Journeys that complete without the funnel's last step.
        case outsideFunnel = "outside_funnel"
        /// Times that a clock shows twice, or skips.
        case localTime = "local_time"
        case manyTouchpoints = "many_touchpoints"
        /// A run on a state that read nothing.
        case noNewLines = "no_new_lines"
    }

    package let code: Code
    package let text: String
    /// The place it speaks of: a source and its file, a key of the pipeline.
    package let place: String

    /// On one line.
    package var line: String { place.isEmpty ? "\(text) (\(code.rawValue))" : "\(text) (\(code.rawValue); \(place))" }

    var json: JSONValue {
        .object([.init("code", .text(code.rawValue)), .init("text", .text(text)), .init("where", .text(place))])
    }
}

extension RunWarning {
    /// A night on which nothing was delivered must not look like any other.
    static let noNewLines = RunWarning(
        code: .noNewLines, text: "no new line was read: the inputs hold nothing that earlier runs on this state have not read", place: "")

    /// - Parameters:
    ///   - furthest: the latest of the events.
    ///   - place: where that one stands.
    static func ahead(events: Int64, furthest: EventTime, asOf: EventTime, place: String) -> RunWarning {
        RunWarning(
            code: .ahead,
            text: "\(events) event\(events == 1 ? " lies" : "s lie") after the last day on which the log is alive, so silences are judged "
                + "as of \(TimeFormat.utc(asOf)); the furthest is at \(TimeFormat.utc(furthest)). Is a clock wrong there?",
            place: place)
    }
}
