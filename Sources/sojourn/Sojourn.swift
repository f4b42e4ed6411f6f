import ArgumentParser
import Events
import Glibc
import Runs

@main
struct Sojourn: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sojourn",
        abstract: "Shows from event logs where customer journeys stall, across channels.",
        discussion: """
            Start here:
              sojourn generate retail -o shop           a made-up log to play with
              sojourn init LOG… -o my.yaml              drafts a pipeline file from
                                                        a look at your own log
              sojourn validate pipelines/retail.yaml    checks a pipeline file, and
                                                        shows what it would read
              sojourn run pipelines/retail.yaml -o out  reads the log, writes tables
              sojourn frictions                         rules that can be included
              sojourn metrics                           what every column means
              sojourn schema                            what editors ask for, to help
                                                        with pipeline files
              sojourn report out                        the report page again
              sojourn diff BEFORE AFTER                 whether anything changed
              sojourn list PIPELINE --problem NAME      the cases behind a number
              sojourn journey PIPELINE --person ID      one person's journeys, and
                                                        why they are flagged

            Exit status:
              0    published
              1    failed, nothing published
              2    wrong usage, or a fault in the pipeline file
              3    nothing published, too many lines could not be used
              4    published, and a check of the pipeline is breached
              75   another run holds the state
              130, 143  stopped by a signal
            """,
        version: SojournVersion.current,
        subcommands: [
            InitCommand.self, RunCommand.self, ValidateCommand.self, TestCommand.self, FrictionsCommand.self, MetricsCommand.self,
            SchemaCommand.self, ReportCommand.self, DiffCommand.self, ListCommand.self, JourneyCommand.self, ForgetCommand.self,
            GenerateCommand.self,
        ])

    /// As the default `main`, but with the exit statuses of pipelines/rules.md, 15.
    static func main() {
        signal(SIGPIPE, SIG_IGN)
        ProcessMemory.letGoOfLargeParts()
        do {
            try checkCommand(Array(CommandLine.arguments.dropFirst()))
            var command = try parseAsRoot()
            try command.run()
        } catch let code as ExitCode {
            Glibc.exit(code.rawValue)
        } catch {
            // Help and version are answers; everything else that the parser throws is wrong usage.
            guard exitCode(for: error) == .success else {
                Console().usage(fullMessage(for: error))
                Glibc.exit(2)
            }
            exit(withError: error)
        }
    }

    /// The parser calls a misspelt command an unexpected argument, and shows the general help where help for it is asked for.
    private static func checkCommand(_ arguments: [String]) throws {
        let names = configuration.subcommands.compactMap { $0.configuration.commandName }
        let words = arguments.first == "help" ? arguments.dropFirst() : arguments[...]
        guard let word = words.first, !word.hasPrefix("-"), word != "help", !names.contains(word) else { return }
        let near = NearestName.of(word, among: names).map { "did you mean `\($0)`?" } ?? "the commands are \(names.joined(separator: ", "))"
        throw ValidationError("there is no command `\(word)`; \(near)")
    }
}
