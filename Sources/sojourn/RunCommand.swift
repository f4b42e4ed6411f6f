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

    func run() throws {
        let console = talk.console
        var status: Int32
        do {
            let places = RunPlaces(pipeline: log.pipeline, output: output, state: state, metrics: metricsFile)
            var metrics = try metricsFile.map { path throws(RunError) in
                try MetricsFile(path: path, pipelinePath: log.pipeline, places: places)
            }
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
        // A stream that a signal ended has published all the same.
        if every != nil, status == 0 || status == PipelineRun.Outcome.breachedStatus { status = RunSignals.shared.exitStatus ?? status }
        if status != 0 { throw ExitCode(status) }
    }

    /// Runs to the end and says what became of it. Returns the exit status.
    private func publish(_ console: Console, _ metrics: inout MetricsFile?) -> Int32 {
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
            if !isStream { console.result(RunSummary.lines(outcome, run.route.definition)) }
            for warning in outcome.checks.compactMap(\.warning) { console.warning(warning) }
            for check in outcome.breached { console.breach(check.words) }
            return outcome.exitStatus
        } catch let error as PipelineFileError {
            for diagnostic in error.diagnostics { console.error("\(diagnostic)") }
            return 2
        } catch {
            let error = RunError(error)
            metrics?.note(error)
            console.error("\(error)")
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

    private func options() throws -> RunOptions {
        var options = RunOptions(try log.options(), outputFolder: output)
        guard let limit = RejectLimit(maxRejects) else {
            throw RunError.usage("--max-rejects \(maxRejects): give a count such as 100, or a share such as 1%")
        }
        options.maxRejects = limit
        if let expectLines, expectLines < 0 { throw RunError.usage("--expect-lines \(expectLines): give a number of lines") }
        options.expectedLines = expectLines
        guard state != nil || !(reprocess || rebuild || skipCommitted || acceptJump) else {
            throw RunError.usage(
                "--reprocess, --rebuild, --skip-committed and --accept-jump speak of a state; name its folder with --state")
        }
        options.stateFolder = state
        options.metricsFile = metricsFile
        options.reprocesses = reprocess
        options.rebuilds = rebuild
        options.skipsCommitted = skipCommitted
        options.acceptsJump = acceptJump
        options.isStrict = strict
        options.csvForm = excel ? .spreadsheet : .exact
        options.every = try interval()
        options.log.expectsEnd = expectEnd
        options.log.keepsRawText = quarantineRaw
        return options
    }

    private static let shortestInterval: Microseconds = 100_000

    private func interval() throws -> Microseconds? {
        guard let every else { return nil }
        guard let interval = DurationText.parse(every), interval >= Self.shortestInterval else {
            throw RunError.usage(
                "--every \(every): give a duration of at least \(DurationText.text(Self.shortestInterval)), such as 60s or 5m")
        }
        guard state != nil else { throw RunError.usage("--every commits to a state again and again; name its folder with --state") }
        guard log.inputs == ["-"] else { throw RunError.usage("--every is for standard input without end; give - as the only input") }
        guard !reprocess, !rebuild else {
            throw RunError.usage(
                "--reprocess and --rebuild are done once, so not beside --every; run with them over an empty standard input first")
        }
        return interval
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
