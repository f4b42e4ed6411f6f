import ArgumentParser
import Definitions
import Reports
import Runs

struct ListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists all cases behind a number, as CSV.",
        discussion: """
            One row a case on stdout: person, journey, where and when it happened, how long it lasted, how long nothing has come \
            since. The whole log is read, as `run` does, or what a state keeps. Refused where the pipeline has min_count; beside a \
            privacy key, persons are pseudonyms.

            Examples:
              sojourn list pipeline.yaml --problem payment_retry > cases.csv
              sojourn list pipeline.yaml --problem payment --journey purchase
              sojourn list pipeline.yaml --state state --open

            Exit status: 0 listed, also where there is none; 1 failed; 2 wrong usage or pipeline file; 75 another run holds the state.
            """)

    @OptionGroup var log: LogArguments

    @Option(
        help: ArgumentHelp(
            "A friction, or a step whose stalled visits are listed. Where a name is both: friction:NAME, stall:NAME.", valueName: "name"))
    var problem: String?

    @Option(help: ArgumentHelp("A step: all visits to it.", valueName: "name"))
    var step: String?

    @Flag(help: "Journeys that are open at as-of, all of them.")
    var open = false

    @Option(help: ArgumentHelp("Only journeys of this type.", valueName: "type"))
    var journey: String?

    @Option(help: ArgumentHelp("List what this state keeps, as of its last run, in place of a log.", valueName: "dir"))
    var state: String?

    @Flag(help: "For spreadsheets: with a byte order mark, and an apostrophe before texts that would be formulas.")
    var excel = false

    @OptionGroup var talk: TalkOptions

    private static let chunkBytes = 1 << 16

    func validate() throws {
        guard [problem != nil, step != nil, open].count(where: { $0 }) == 1 else {
            throw ValidationError("Give one of --problem, --step and --open.")
        }
    }

    func run() throws {
        let console = talk.console
        do {
            let question = problem.map { CaseQuestion.problem($0) } ?? step.map { .step($0) } ?? .open
            let options = try log.options()
            RunSignals.shared.watch()
            let listing = try CaseListing(
                question, journey: journey, options, state: state, cancellation: RunSignals.shared.cancellation)
            for warning in listing.definition.privacy.warnings { console.warning(warning) }
            for note in listing.route?.notes ?? [] { console.note(note) }
            let progress = console.showsProgress ? listing.route.map { ProgressLine($0, console) } : nil
            let answer = try {
                defer { progress?.stop() }
                return try listing.run()
            }()
            var chunk: [UInt8] = []
            CSVFile.forEachLine(answer.table, form: excel ? .spreadsheet : .exact) { line in
                chunk += line
                if chunk.count >= Self.chunkBytes {
                    console.data(chunk)
                    chunk.removeAll(keepingCapacity: true)
                }
            }
            console.data(chunk)
            for note in answer.notes { console.note(note) }
        } catch let error as PipelineFileError {
            for diagnostic in error.diagnostics { console.error("\(diagnostic)") }
            throw ExitCode(2)
        } catch let error as RunError {
            console.error("\(error)")
            throw ExitCode(RunSignals.shared.exitStatus ?? error.exitStatus)
        }
    }
}
