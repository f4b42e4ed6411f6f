import ArgumentParser
import Pipelines

struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Reads logs and writes journey tables.",
        discussion: """
            Reads the pipeline's inputs, or those given: files, globs, folders, or - for standard input; zstd, gzip or plain, told by \
            content. The output folder is replaced as a whole, or left as it was.

            Examples:
              sojourn run pipelines/retail.yaml -o out
              zstdcat logs/*.zst | sojourn run pipeline.yaml - --source web -o out
            """)

    @OptionGroup var log: LogArguments

    @Option(name: [.customShort("o"), .customLong("output")], help: ArgumentHelp("The folder to write; an earlier output there is replaced.", valueName: "dir"))
    var output: String = "sojourn-out"

    @Option(name: .customLong("max-rejects"), help: ArgumentHelp("Publish nothing when more lines than this cannot be used: a count or a share.", valueName: "n|p%"))
    var maxRejects: String = "1%"

    @Flag(name: .customLong("quarantine-raw"), help: "Keep the text of unusable lines in quarantine.ndjson. It may hold personal data; refused where the pipeline hides any.")
    var quarantineRaw = false

    @OptionGroup var talk: TalkOptions

    func run() throws {
        let console = talk.console
        do {
            let options = try options()
            RunSignals.shared.watch()
            let run = try PipelineRun(options, cancellation: RunSignals.shared.cancellation)
            for warning in run.definition.privacy.warnings { console.warning(warning) }
            RunSignals.shared.onStop { run.discard() }
            let progress = console.showsProgress ? ProgressLine(run.route, console) : nil
            let outcome = try {
                defer { progress?.stop() }
                return try run.run()
            }()
            console.result(RunSummary.lines(outcome, run.definition))
        } catch let error as PipelineFileError {
            for diagnostic in error.diagnostics { console.error("\(diagnostic)") }
            throw ExitCode(2)
        } catch let error as RunError {
            console.error("\(error)")
            throw ExitCode(RunSignals.shared.exitStatus ?? error.exitStatus)
        }
    }

    private func options() throws -> RunOptions {
        var options = RunOptions(try log.options(), outputFolder: output)
        guard let limit = RejectLimit(maxRejects) else { throw RunError.usage("--max-rejects \(maxRejects): give a count such as 100, or a share such as 1%") }
        options.maxRejects = limit
        options.log.keepsRawText = quarantineRaw
        return options
    }
}

/// How much a command says, and in which form.
struct TalkOptions: ParsableArguments {
    @Flag(help: "Say nothing unless something fails.")
    var quiet = false

    @Option(name: .customLong("log-format"), help: "Messages on stderr as text or json.")
    var logFormat: Console.Format = .text

    var console: Console { Console(quiet: quiet, format: logFormat) }
}

extension Console.Format: ExpressibleByArgument {}
