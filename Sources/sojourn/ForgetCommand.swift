import ArgumentParser
import Definitions
import Foundation
import Ingest
import Runs

struct ForgetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "forget", abstract: "Takes a person out of a state.",
        usage: "sojourn forget [<options>] --state <dir> --person <id>",
        discussion: """
            Removes the person's events, the identifiers that nobody else has, and everything that the person contributed. What is \
            published changes with the next run, which lists the changed cells in restated.csv. Files that are read again \
            (--reprocess) bring the person back: take the lines out of them first.

            Example: sojourn forget --state /var/lib/sojourn/shop --person customer:4711
            """)

    @Option(help: ArgumentHelp("The state's folder.", valueName: "dir"))
    var state: String

    @Option(
        help: ArgumentHelp(
            "An identifier of the person, with its type (customer:4711) or without; with a privacy key also its pseudonym.", valueName: "id"
        ))
    var person: String

    @Option(help: ArgumentHelp("The pipeline file. Default: the one that the state was made with last.", valueName: "file"))
    var pipeline: String?

    @OptionGroup var talk: TalkOptions

    func run() throws {
        let console = talk.console
        do {
            let outcome = try Forgetting.run(
                state: state, person: person, pipelinePath: pipeline, threads: ProcessInfo.processInfo.activeProcessorCount,
                cancellation: Cancellation())
            console.result([
                "Forgotten: \(outcome.events) events. The next run publishes without them; \(outcome.restated) published cells of earlier days will change."
            ])
        } catch let error as PipelineFileError {
            for diagnostic in error.diagnostics { console.error("\(diagnostic)") }
            throw ExitCode(2)
        } catch {
            let error = RunError(error)
            console.error("\(error)")
            throw ExitCode(error.exitStatus)
        }
    }
}
