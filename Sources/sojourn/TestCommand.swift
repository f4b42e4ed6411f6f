import ArgumentParser
import Definitions

struct TestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test", abstract: "Runs the examples of a pipeline's friction rules.",
        discussion: """
            Every rule under `frictions` says in its examples what it must find and what it must not. No log is read. Exit status 1 \
            when an example does not come out as it says.

            An example is a text of events, separated by `;`:
              channel touchpoint action outcome +2m by=agent topic=bill
            """)

    @Argument(help: ArgumentHelp("The pipeline file (YAML).", valueName: "pipeline"))
    var pipeline: String

    @OptionGroup var talk: TalkOptions

    func run() throws {
        let console = talk.console
        do {
            let test = try RuleTest(pipelinePath: pipeline)
            console.result(test.rules.flatMap(lines))
            console.result([summary(test)])
            if test.failures > 0 { throw ExitCode(1) }
        } catch let error as PipelineFileError {
            for diagnostic in error.diagnostics { console.error("\(diagnostic)") }
            throw ExitCode(2)
        }
    }

    private func summary(_ test: RuleTest) -> String {
        guard !test.rules.isEmpty else { return "\(pipeline) has no friction rules; `sojourn frictions` lists those that can be included" }
        let outcome = test.failures == 0 ? "all as they should be" : "\(test.failures) not as they should be"
        return "\(Self.counted(test.rules.count, "rule")), \(Self.counted(test.examples, "example")): \(outcome)"
    }

    private func lines(_ rule: RuleTest.Rule) -> [String] {
        guard rule.examples > 0 else { return ["no examples  \(rule.name)"] }
        let counts = "\(rule.matches) that match, \(rule.examples - rule.matches) that do not"
        guard !rule.failures.isEmpty else { return ["ok           \(rule.name): \(counts)"] }
        return ["FAILED       \(rule.name): \(rule.failures.count) of \(Self.counted(rule.examples, "example"))"]
            + rule.failures.flatMap { failure in
                ["  must \(failure.mustMatch ? "match, but does not" : "not match, but does"): \(failure.text)"]
                    + failure.found.map { "    \($0)" }
            }
    }

    private static func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
}
