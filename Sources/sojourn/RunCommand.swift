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

            Exit status: 0 published; 1 failed, nothing published; 2 wrong usage or pipeline file; 3 nothing published, too many \
            lines could not be used; 4 published, and a check of the pipeline is breached; 130, 143 stopped by a signal.
            """)

    @OptionGroup var log: LogArguments

    @Option(name: [.customShort("o"), .customLong("output")], help: ArgumentHelp("The folder to write; an earlier output there is replaced.", valueName: "dir"))
    var output: String = "sojourn-out"

    @Option(name: .customLong("max-rejects"), help: ArgumentHelp("Publish nothing when more lines than this cannot be used: a count or a share.", valueName: "n|p%"))
    var maxRejects: String = "1%"

    @Option(
        name: .customLong("expect-lines"),
        help: ArgumentHelp("Publish nothing unless the inputs have exactly this many lines, blank ones not counted.", valueName: "n"))
    var expectLines: Int64?

    @Flag(name: .customLong("expect-end"), help: "Publish nothing unless every input ends with a trailer: a line {\"_end\": N} that counts its lines.")
    var expectEnd = false

    @Option(help: ArgumentHelp("Keep what was read in this folder, and add to it run by run: files that were read before are skipped.", valueName: "dir"))
    var state: String?

    @Flag(help: "With --state: read files again that were read before; their events replace the earlier ones.")
    var reprocess = false

    @Flag(help: "With --state: fold everything that is kept again, by a pipeline that changed.")
    var rebuild = false

    @Flag(name: .customLong("skip-committed"), help: "With --state: pass over the lines of standard input that earlier runs committed.")
    var skipCommitted = false

    @Flag(name: .customLong("quarantine-raw"), help: "Keep the text of unusable lines in quarantine.ndjson. It may hold personal data; refused where the pipeline hides any.")
    var quarantineRaw = false

    @Option(
        name: .customLong("metrics-file"),
        help: ArgumentHelp("Write the run's metrics for Prometheus' textfile collector, also when it fails. Name it *.prom.", valueName: "file"))
    var metricsFile: String?

    @OptionGroup var talk: TalkOptions

    func run() throws {
        let console = talk.console
        var status: Int32
        do {
            var metrics = try metricsFile.map { path throws(RunError) in try MetricsFile(path: path, pipelinePath: log.pipeline) }
            status = publish(console, &metrics)
            do {
                try metrics?.write(exitStatus: status)
            } catch {
                console.error("\(error)\(status == 0 ? "; the output itself was published" : "")")
                if status == 0 { status = error.exitStatus }
            }
        } catch {
            console.error("\(error). Nothing was published")
            status = error.exitStatus
        }
        if status != 0 { throw ExitCode(status) }
    }

    /// Runs to the end and says what became of it. Returns the exit status.
    private func publish(_ console: Console, _ metrics: inout MetricsFile?) -> Int32 {
        do {
            let options = try options()
            RunSignals.shared.watch()
            let run = try PipelineRun(options, cancellation: RunSignals.shared.cancellation)
            for warning in run.definition.privacy.warnings { console.warning(warning) }
            metrics?.note(run.definition)
            RunSignals.shared.onStop { [metrics] in
                let isUnpublished = run.discard()
                if isUnpublished, let status = RunSignals.shared.exitStatus { try? metrics?.write(exitStatus: status) }
                return isUnpublished
            }
            let progress = console.showsProgress ? ProgressLine(run.route, console) : nil
            let outcome = try {
                defer { progress?.stop() }
                return try run.run()
            }()
            metrics?.note(outcome)
            console.result(RunSummary.lines(outcome, run.definition))
            let breached = outcome.checks.filter { !$0.holds }
            for check in breached { console.error(check.words) }
            return breached.isEmpty ? 0 : PipelineRun.Outcome.breachedStatus
        } catch let error as PipelineFileError {
            for diagnostic in error.diagnostics { console.error("\(diagnostic)") }
            return 2
        } catch {
            let error = RunError(error)
            metrics?.note(error)
            console.error("\(error)")
            return RunSignals.shared.exitStatus ?? error.exitStatus
        }
    }

    private func options() throws -> RunOptions {
        var options = RunOptions(try log.options(), outputFolder: output)
        guard let limit = RejectLimit(maxRejects) else { throw RunError.usage("--max-rejects \(maxRejects): give a count such as 100, or a share such as 1%") }
        options.maxRejects = limit
        if let expectLines, expectLines < 0 { throw RunError.usage("--expect-lines \(expectLines): give a number of lines") }
        options.expectedLines = expectLines
        guard state != nil || !(reprocess || rebuild || skipCommitted) else {
            throw RunError.usage("--reprocess, --rebuild and --skip-committed speak of a state; name its folder with --state")
        }
        options.stateFolder = state
        options.reprocesses = reprocess
        options.rebuilds = rebuild
        options.skipsCommitted = skipCommitted
        options.log.expectsEnd = expectEnd
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
