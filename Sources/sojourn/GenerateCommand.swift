import ArgumentParser
import Scenarios

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// `sojourn generate SCENARIO -o DIR`: words in, words out; the work is in `Scenarios`.
struct GenerateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate", abstract: "Write a made-up log, and the truth about it beside it.",
        usage: "sojourn generate [<options>] <scenario> --output <dir>",
        discussion: """
            Scenarios:
            \(Scenario.allCases.map { "  \($0.rawValue): \($0.summary)" }.joined(separator: "\n"))

            The same scenario, --events and --seed give the same bytes. truth.json says what is in the log, from the \
            generator's own books; truth-frictions.ndjson of retail has every planted friction \
            and near miss. The folder must be new or empty, or hold a log made by this command, which is replaced.

            Example: sojourn generate retail -o /tmp/shop --events 4000000
            """)

    @Argument(help: "Which log to write.")
    var scenario: Scenario

    @Option(name: [.customShort("o"), .long], help: ArgumentHelp("The folder to write into.", valueName: "dir"))
    var output: String

    @Option(
        help: ArgumentHelp(
            "How many lines to write, duplicates and bad lines included. (default: \(Scenario.allCases.map { "\($0.defaultLines) for \($0.rawValue)" }.joined(separator: ", ")))",
            valueName: "n"))
    var events: Int?

    @Option(help: ArgumentHelp("Another seed, another log.", valueName: "n"))
    var seed: UInt64 = 1

    @Option(
        name: .customLong("days-per-file"),
        help: ArgumentHelp("How many days of delivery a file covers; 1 for nightly runs. Default: 10 to 60, by source.", valueName: "n"))
    var daysPerFile: Int?

    @Flag(help: "Say nothing unless something fails.")
    var quiet = false

    func validate() throws {
        if let events, events < 1 { throw ValidationError("--events must be at least 1, not \(events).") }
        if let daysPerFile, daysPerFile < 1 { throw ValidationError("--days-per-file must be at least 1, not \(daysPerFile).") }
    }

    func run() throws {
        let lines = events ?? scenario.defaultLines
        let console = Console(quiet: quiet)
        var shownPercent = -1
        do {
            let summary = try scenario.generate(into: output, lines: lines, seed: seed, daysPerFile: daysPerFile) { written in
                let percent = written * 100 / lines
                guard console.showsProgress, percent > shownPercent else { return }
                shownPercent = percent
                console.progress(
                    "\(NumberText.grouped(written)) of \(NumberText.grouped(lines)) lines, \(NumberText.percent(Double(percent) / 100))")
            }
            if console.showsProgress { console.clearProgress() }
            let files = summary.fileNames.count == 1 ? "1 file" : "\(summary.fileNames.count) files"
            console.result([
                "\(NumberText.grouped(summary.lines)) lines in \(files) in \(output), and truth.json",
                "\(Self.size(summary.fileBytes)) in the files, \(Self.size(summary.textBytes)) as text",
            ])
        } catch {
            if console.showsProgress { console.clearProgress() }
            console.error("\(error)")
            throw ExitCode(error.isWrongUse ? 2 : 1)
        }
    }

    /// Megabytes with one decimal, cut off.
    private static func size(_ bytes: Int) -> String { "\(bytes / 1_000_000).\(bytes / 100_000 % 10) MB" }
}

extension Scenario: ExpressibleByArgument {}
