import ArgumentParser
import Events
import Foundation
import Ingest
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

    @Argument(help: ArgumentHelp("The pipeline file (YAML).", valueName: "pipeline"))
    var pipeline: String

    @Argument(help: ArgumentHelp("Files, globs, folders, or - for standard input; without: each source's input.", valueName: "input"))
    var inputs: [String] = []

    @Option(name: [.customShort("o"), .customLong("output")], help: ArgumentHelp("The folder to write; an earlier output there is replaced.", valueName: "dir"))
    var output: String = "sojourn-out"

    @Option(name: .customLong("as-of"), help: ArgumentHelp("Judge journeys as of this time; later events wait. Default: the latest time in the data.", valueName: "time"))
    var asOf: String?

    @Option(help: ArgumentHelp("Worker threads. Default: all processors. Any number gives the same bytes.", valueName: "n"))
    var threads: Int?

    @Option(help: ArgumentHelp("Keep rows beyond this size on disk, e.g. 512M, 4G. Default: half of the machine's memory.", valueName: "size"))
    var memory: String?

    @Option(name: .customLong("max-rejects"), help: ArgumentHelp("Publish nothing when more lines than this cannot be used: a count or a share.", valueName: "n|p%"))
    var maxRejects: String = "1%"

    @Option(help: ArgumentHelp("The source that the inputs belong to, where it cannot be told.", valueName: "name"))
    var source: String?

    @Flag(name: .customLong("allow-empty"), help: "Let a pattern match no file.")
    var allowEmpty = false

    @Flag(name: .customLong("quarantine-raw"), help: "Keep the text of unusable lines in quarantine.ndjson. It may hold personal data.")
    var quarantineRaw = false

    @OptionGroup var talk: TalkOptions

    @Option(name: .customLong("block-bytes"), help: .hidden)
    var blockBytes: Int = 1 << 20

    func run() throws {
        let console = talk.console
        do {
            let options = try options()
            RunSignals.shared.watch()
            let run = try PipelineRun(options, cancellation: RunSignals.shared.cancellation)
            RunSignals.shared.onStop { run.discard() }
            let progress = console.showsProgress ? ProgressLine(run, console) : nil
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
        let processors = ProcessInfo.processInfo.activeProcessorCount
        let threads = threads ?? processors
        guard (1...256).contains(threads) else { throw RunError.usage("--threads \(threads): give a number from 1 to 256") }
        var options = RunOptions(
            pipelinePath: pipeline, outputFolder: output, threads: threads, memoryBytes: Int(ProcessInfo.processInfo.physicalMemory / 2))
        if let memory {
            guard let bytes = ByteSize.parse(memory), bytes >= 16 << 20 else {
                throw RunError.usage("--memory \(memory): give a size of at least 16M, e.g. 512M or 4G")
            }
            options.memoryBytes = bytes
        }
        guard let limit = RejectLimit(maxRejects) else { throw RunError.usage("--max-rejects \(maxRejects): give a count such as 100, or a share such as 1%") }
        options.maxRejects = limit
        if let asOf {
            guard let time = TimeText.instant(asOf) else {
                throw RunError.usage("--as-of \(asOf): give a time with its zone, e.g. 2026-03-31T23:59:59Z, or seconds since 1970")
            }
            options.asOf = time
        }
        guard blockBytes >= 1 else { throw RunError.usage("--block-bytes must be at least 1") }
        options.blockBytes = blockBytes
        options.inputs = inputs
        options.source = source
        options.allowsEmpty = allowEmpty
        options.keepsRawText = quarantineRaw
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
