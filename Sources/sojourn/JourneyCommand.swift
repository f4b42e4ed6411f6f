import ArgumentParser
import Definitions
import Runs
import Timelines

struct JourneyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "journey", abstract: "Draws one person's timeline, or examples of a friction.",
        discussion: """
            Sessions by channel, steps, stalls and frictions, each marked at the events that caused it, and below why it is marked. \
            The whole log is read, as `run` does: persons, learned thresholds and examples come from all of it. Nothing is written.

            Examples:
              sojourn journey pipeline.yaml --person 4711
              sojourn journey pipeline.yaml --person device:d-17
              sojourn journey pipeline.yaml --friction payment_retry --examples 3

            Exit status: 0 drawn, or nobody has the friction, or the log cannot tell; 1 no such person, or the id is several \
            persons'; 2 wrong usage or pipeline file.
            """)

    @OptionGroup var log: LogArguments

    @Option(help: ArgumentHelp("The person: an id, or type:id.", valueName: "id"))
    var person: String?

    @Option(help: ArgumentHelp("A friction of the pipeline: draws journeys that have it.", valueName: "name"))
    var friction: String?

    @Option(help: ArgumentHelp("With --friction: only in journeys of this type.", valueName: "type"))
    var journey: String?

    @Option(help: ArgumentHelp("With --friction: how many persons, the first by name, as in frictions.csv. Default: 1.", valueName: "n"))
    var examples: Int?

    @Option(help: ArgumentHelp("Draw no more events than this in a picture: those around the marks, or the first.", valueName: "n"))
    var limit: Int = 200

    @Flag(help: "Say nothing on stderr unless something fails.")
    var quiet = false

    @Option(name: .customLong("log-format"), help: "Messages on stderr as text or json.")
    var logFormat: Console.Format = .text

    func validate() throws {
        guard (person == nil) != (friction == nil) else { throw ValidationError("Give either --person or --friction.") }
        if let person, person.isEmpty { throw ValidationError("--person must not be empty.") }
        if friction == nil, examples != nil || journey != nil { throw ValidationError("--examples and --journey belong to --friction.") }
        if let examples, examples < 1 { throw ValidationError("--examples must be at least 1, not \(examples).") }
        guard limit >= 1 else { throw ValidationError("--limit must be at least 1, not \(limit).") }
    }

    func run() throws {
        let console = Console(quiet: quiet, format: logFormat)
        do {
            let options = try log.options()
            RunSignals.shared.watch()
            let question =
                person.map { TimelineRun.Question.person($0) } ?? .friction(friction ?? "", journey: journey, examples: examples ?? 1)
            let run = try TimelineRun(question, options, limit: limit, cancellation: RunSignals.shared.cancellation)
            for warning in run.route.definition.privacy.warnings { console.warning(warning) }
            for note in run.route.notes { console.note(note) }
            let progress = console.showsProgress ? ProgressLine(run.route, console) : nil
            let answer = try {
                defer { progress?.stop() }
                return try run.run()
            }()
            console.picture(answer.words.map { StyledLine($0) })
            for (number, picture) in answer.pictures.enumerated() {
                console.picture((number == 0 ? [] : [StyledLine(), StyledLine()]) + picture.lines)
            }
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
