import ArgumentParser
import Definitions
import Events
import Runs

struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Reads logs and writes journey tables.",
        discussion: """
            Reads the pipeline's inputs, or those given: files, globs, folders, or - for standard input; zstd, gzip or plain, told by \
            content. The output folder is replaced as a whole, or left as it was.

            Examples:
              sojourn run pipelines/retail.yaml -o out
              zstdcat logs/*.zst | sojourn run pipeline.yaml - --source web -o out
              tail -F web.log | sojourn run pipeline.yaml - --state state -o out --every 60s

            Exit status: 0 published; 1 failed, nothing published; 2 wrong usage or pipeline file; 3 nothing published, too many \
            lines could not be used; 4 published, and a check of the pipeline is breached, or --strict and a warning; 130, 143 stopped by a signal.
            """)

    @OptionGroup var log: LogArguments

    @Option(
        name: [.customShort("o"), .customLong("output")],
        help: ArgumentHelp("The folder to write; an earlier output there is replaced.", valueName: "dir"))
    var output: String = "sojourn-out"

    @Option(
        name: .customLong("max-rejects"),
        help: ArgumentHelp("Publish nothing when more lines than this cannot be used: a count or a share.", valueName: "n|p%"))
    var maxRejects: String = "1%"

    @Option(
        name: .customLong("expect-lines"),
        help: ArgumentHelp("Publish nothing unless the inputs have exactly this many lines, blank ones not counted.", valueName: "n"))
    var expectLines: Int64?

    @Flag(
        name: .customLong("expect-end"),
        help: "Publish nothing unless every input ends with a trailer: a line {\"_end\": N} that counts its lines.")
    var expectEnd = false

    @Option(
        help: ArgumentHelp(
            "Keep what was read in this folder, and add to it run by run: files that were read before are skipped.", valueName: "dir"))
    var state: String?

    @Flag(help: "With --state: read files again that were read before; their events replace the earlier ones.")
    var reprocess = false

    @Flag(help: "With --state: fold everything that is kept again, by a pipeline that changed.")
    var rebuild = false

    @Flag(
        name: .customLong("accept-jump"),
        help: "With --state: let as-of move on by more than a quarter of the pipeline's retention, and seal what lies before.")
    var acceptJump = false

    @Flag(name: .customLong("skip-committed"), help: "With --state: pass over the lines of standard input that earlier runs committed.")
    var skipCommitted = false

    @Option(
        help: ArgumentHelp(
            "With --state and the input -: commit and publish what has come after each such time, and say so in a line of JSON.",
            valueName: "duration"))
    var every: String?

    @Flag(help: "End with status 4 when there are warnings.")
    var strict = false

    @Flag(
        help: """
            Write CSV files for spreadsheets: with a byte order mark, and an apostrophe before texts that would be formulas. \
            Without, texts are exact, and a name from the log such as =1+1 is run by a spreadsheet that opens it.
            """)
    var excel = false

    @Flag(help: "Print one JSON object on stdout in place of the summary, also when the run fails (pipelines/summary.schema.json).")
    var json = false

    @Flag(
        name: .customLong("quarantine-raw"),
        help: "Keep the text of unusable lines in quarantine.ndjson. It may hold personal data; refused where the pipeline hides any.")
    var quarantineRaw = false

    @Option(
        name: .customLong("metrics-file"),
        help: ArgumentHelp(
            "Write the run's metrics for Prometheus' textfile collector, also when it fails. Name it *.prom.", valueName: "file"))
    var metricsFile: String?

    @OptionGroup var talk: TalkOptions

    /// What `--json` tells of: errors in the order they were said, and what was published.
    struct Told {
        var errors: [String] = []
        var published: (outcome: PipelineRun.Outcome, definition: PipelineDefinition)?

        mutating func error(_ message: String, _ console: Console) {
            console.error(message)
            errors.append(message)
        }
    }

    func run() throws {
        let console = talk.console
        var told = Told()
        var status: Int32
        do {
            if json, every != nil { throw RunError.usage("--every says each commit in a line of JSON; --json is for a run that ends") }
            let places = RunPlaces(pipeline: log.pipeline, output: output, state: state, metrics: metricsFile)
            var metrics = try metricsFile.map { path throws(RunError) in
                try MetricsFile(path: path, pipelinePath: log.pipeline, places: places)
            }
            status = publish(console, &metrics, &told)
            do {
                try metrics?.write(exitStatus: status)
            } catch {
                told.error("\(error)\(status == 0 ? "; the output itself was published" : "")", console)
                if status == 0 { status = error.exitStatus }
            }
        } catch {
            let error = RunError(error)
            told.error("\(error). Nothing was published", console)
            status = error.exitStatus
        }
        // A stream that a signal ended has published all the same.
        if every != nil, status == 0 || status == PipelineRun.Outcome.breachedStatus { status = RunSignals.shared.exitStatus ?? status }
        if json { console.data(RunSummaryRecord.line(told.published, errors: told.errors, exitStatus: status)) }
        if status != 0 { throw ExitCode(status) }
    }

    /// Runs to the end and says what became of it. Returns the exit status.
    private func publish(_ console: Console, _ metrics: inout MetricsFile?, _ told: inout Told) -> Int32 {
        let isStream = every != nil
        var said: [RunWarning] = []
        var running: PipelineStream?
        do {
            let options = try options()
            RunSignals.shared.watch()
            let run = try PipelineStream(options, cancellation: RunSignals.shared.cancellation)
            running = run
            for warning in run.route.definition.privacy.warnings { console.warning(warning) }
            for note in run.route.notes { console.note(note) }
            metrics?.note(run.route.definition)
            let discard: @Sendable () -> Bool = { [metrics] in
                let isUnpublished = run.discard()
                // The process ends here: there is nobody left to tell.
                if isUnpublished, let status = RunSignals.shared.exitStatus { try? metrics?.write(exitStatus: status) }
                return isUnpublished || isStream
            }
            RunSignals.shared.onStop(discard, orderly: isStream ? { @Sendable in run.stop() } : nil)
            let progress = console.showsProgress && !isStream ? ProgressLine(run.route, console) : nil
            let outcome: PipelineRun.Outcome
            do {
                defer { progress?.stop() }
                outcome = try run.run { outcome in
                    // What is said now stands on a line of its own.
                    progress?.stop()
                    note(outcome, console, &metrics, &said)
                }
            }
            told.published = (outcome, run.route.definition)
            if !isStream, !json {
                console.result(RunSummary(outcome, run.route.definition, width: console.resultWidth).lines)
            }
            for warning in outcome.checks.compactMap(\.warning) { console.warning(warning) }
            for check in outcome.breached { console.breach(check.words) }
            return outcome.exitStatus
        } catch let error as PipelineFileError {
            for diagnostic in error.diagnostics { told.error("\(diagnostic)", console) }
            return 2
        } catch {
            let error = RunError(error)
            metrics?.note(error)
            told.error("\(error)", console)
            if isStream, let lines = running?.committedLines {
                console.error(
                    "this concerns the last interval only: \(lines) lines of standard input are committed, and what was published stays; go on with line \(lines + 1)"
                )
            }
            let isInterrupted = !isStream || RunSignals.shared.cancellation.isCancelled
            return (isInterrupted ? RunSignals.shared.exitStatus : nil) ?? error.exitStatus
        }
    }

    /// A run, or an interval of a stream, is published.
    /// - Parameter said: the warnings of the interval before, which are not repeated.
    private func note(_ outcome: PipelineRun.Outcome, _ console: Console, _ metrics: inout MetricsFile?, _ said: inout [RunWarning]) {
        metrics?.note(outcome)
        for mishap in outcome.mishaps { console.warning(mishap) }
        for warning in outcome.warnings where !said.contains(warning) { console.warning(warning.line) }
        said = outcome.warnings
        guard every != nil, let line = outcome.commitLine else { return }
        console.data(line)
        do { try metrics?.write(exitStatus: outcome.exitStatus) } catch { console.warning("\(error)") }
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
