import ArgumentParser
import Disk
import Drafts
import Ingest
import Runs
import Timelines

struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Drafts a pipeline file from a look at a log.",
        usage: "sojourn init [<options>] <log> ... [--output <file>]",
        discussion: """
            Reads the beginning of some of the files, recognizes twelve export formats by their fields and guesses others: which \
            field is the time, whose an event is, where it happened, what came of it. Then a type of journey is proposed, with \
            start, goal and steps as they come most often. The file that is written runs at once; its comments say what is \
            unsure, and what else it could be.

            Examples:
              sojourn init logs/*.ndjson.zst -o shop.yaml
              sojourn run shop.yaml -o out

            Without -o the file goes to standard output, and what was found to standard error. A file that is there is not \
            overwritten. What looks like an address, a token or a number of somebody is not shown.
            """)

    @Argument(help: ArgumentHelp("Files, globs, folders, or - for standard input.", valueName: "log"))
    var logs: [String]

    @Option(
        name: [.customShort("o"), .customLong("output")],
        help: ArgumentHelp("Where to write the pipeline file; inputs stand in it relative to there.", valueName: "file"))
    var output: String?

    @OptionGroup var talk: TalkOptions

    func run() throws {
        let console = talk.console
        do {
            if let output {
                if FilePaths.exists(output) { throw DraftError.exists(output) }
                try FileReplacement.check(output)
            }
            let draft = try Draft(inputs: logs, path: output)
            let lines = Self.lines(draft.findings)
            for file in draft.findings.leftOut { console.warning("left out: \(file)") }
            guard let output else {
                console.data(draft.text)
                for line in lines { console.note(line.plain) }
                return
            }
            try FileReplacement.write(Array(draft.text.utf8), to: output)
            console.result(lines)
            console.result(["", "Written to \(output). Next:", "  sojourn validate \(output)", "  sojourn run \(output) -o out"])
        } catch let error as DraftError {
            console.error("\(error)")
            throw ExitCode(error.exitStatus)
        } catch {
            let error = RunError(error)
            console.error("\(error)")
            throw ExitCode(error.exitStatus)
        }
    }

    private static func lines(_ findings: DraftFindings) -> [StyledLine] {
        var lines = [StyledLine(findings.look)]
        for source in findings.sources {
            lines += [StyledLine(""), StyledLine(source.title, .strong)] + source.fields.lines(cellWidthMax: 60).map { StyledLine($0) }
            if source.more > 0 { lines.append(StyledLine("  and \(source.more) more fields")) }
        }
        return lines + [StyledLine("")] + findings.notes.map { StyledLine($0) }
    }
}
