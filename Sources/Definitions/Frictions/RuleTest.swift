import Events
import Journeys

/// `test`: the rules of a pipeline run on their examples.
package struct RuleTest: Sendable {
    package struct Failure: Sendable {
        package var text: String
        package var mustMatch: Bool
        /// Where the rule matched but must not: `variable channel touchpoint …` for each event of the match.
        package var found: [String]
    }

    package struct Rule: Sendable {
        package var name: String
        package var examples: Int
        /// Of these, those that must match.
        package var matches: Int
        package var failures: [Failure]
    }

    package var rules: [Rule] = []

    package var examples: Int { rules.reduce(0) { $0 + $1.examples } }
    package var failures: Int { rules.reduce(0) { $0 + $1.failures.count } }

    /// Throws `PipelineFileError`.
    package init(pipelinePath: String) throws { try self.init(PipelineReader.read(path: pipelinePath, opensKey: false)) }

    package init(_ definition: PipelineDefinition) throws {
        for friction in definition.frictions {
            // The library's examples speak of the library's channels and of steps of their own.
            let run =
                friction.isFromLibrary
                ? ExampleRun(friction, channels: StandardLibrary.shared.channels, sessions: SessionDefinition(), journeys: [])
                : ExampleRun(friction, channels: definition.channels, sessions: definition.sessions, journeys: definition.journeys)
            var rule = Rule(
                name: friction.name, examples: friction.examples.count, matches: friction.examples.count { $0.isMatch }, failures: [])
            for example in friction.examples {
                let found = try run.match(example)
                guard (found != nil) != example.isMatch else { continue }
                rule.failures.append(
                    Failure(
                        text: example.text, mustMatch: example.isMatch,
                        found: (found ?? []).map { "\($0.variable): \(Self.words(example.events[$0.event]))" }))
            }
            rules.append(rule)
        }
    }

    private static func words(_ event: FrictionExample.Event) -> String {
        [event.channel, event.touchpoint, event.action ?? "", event.outcome ?? ""].filter { !$0.isEmpty }.joined(separator: " ")
    }
}
