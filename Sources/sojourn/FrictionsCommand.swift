import ArgumentParser
import Definitions
import Events

struct FrictionsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "frictions", abstract: "Lists the friction rules that ship with sojourn.",
        discussion: """
            A pipeline includes them with `frictions: {include: [standard]}`, or some of them by name.

            Example:
              sojourn frictions --show repeat_contact    the rule, to be copied under `define` and changed
            """)

    @Option(help: ArgumentHelp("Print this rule as it is written.", valueName: "name"))
    var show: String?

    func run() throws {
        let (library, console) = (StandardLibrary.shared, Console())
        guard let show else { return console.result(library.summaries.flatMap(lines)) }
        guard let text = library.text(of: show) else {
            let hint = NearestName.of(show, among: library.names).map { "did you mean `\($0)`?" } ?? "`sojourn frictions` lists them"
            console.error("the library has no friction `\(show)`; \(hint)")
            throw ExitCode(2)
        }
        console.result([text])
    }

    private func lines(_ rule: StandardLibrary.Summary) -> [String] {
        [rule.name, "  \(rule.definition)"]
            + rule.facts.map { "  \($0.name + ":" + String(repeating: " ", count: 10 - $0.name.count))\($0.text)" } + [""]
    }
}
