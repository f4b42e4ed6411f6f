import ArgumentParser
import Comparisons
import Disk
import Pages
import Reports
import Runs

struct DiffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff", abstract: "Says whether anything changed between two runs or two periods.",
        usage: "sojourn diff [<options>] <a> [<b>]",
        discussion: """
            Compares conversion, losses at steps, stalls, frictions, repeated contacts and answers, with 95 % intervals, and says which \
            differences are more than chance (q ≤ 0.05 over all of them). Either the folders of two runs, or one folder (or its \
            metrics.sqlite) and two periods in the pipeline's time zone.

            Examples:
              sojourn diff out-march out-april
              sojourn diff out --from 2026-03-01..2026-03-31 --to 2026-04-01..2026-04-30
              sojourn diff out-march out-april --html changes.html --csv > changes.csv

            Exit status: 0 compared, whether anything changed or not; 1 failed; 2 wrong usage.
            """)

    @Argument(help: ArgumentHelp("The folder of a run (its -o); with periods also a metrics.sqlite.", valueName: "a"))
    var a: String

    @Argument(help: ArgumentHelp("The folder of the other run.", valueName: "b"))
    var b: String?

    @Option(help: ArgumentHelp("The period before: FIRST..LAST, both days included.", valueName: "period"))
    var from: String?

    @Option(help: ArgumentHelp("The period after.", valueName: "period"))
    var to: String?

    @Flag(help: "Show all figures, not only those that changed.")
    var all = false

    @Flag(help: "Print all figures as CSV in place of text.")
    var csv = false

    @Option(help: ArgumentHelp("Write a page like report.html besides.", valueName: "file"))
    var html: String?

    @OptionGroup var talk: TalkOptions

    func validate() throws {
        if (from == nil) != (to == nil) { throw ValidationError("Two periods are compared: give both --from and --to.") }
        if b == nil, from == nil {
            throw ValidationError("Give two folders, or one and two periods: --from 2026-03-01..2026-03-31 --to 2026-04-01..2026-04-30.")
        }
        if b != nil, from != nil { throw ValidationError("Periods are those of one folder: give either B, or --from and --to.") }
        if csv, all { throw ValidationError("The CSV has all figures anyway: give either --csv or --all.") }
    }

    func run() throws {
        let console = talk.console
        do {
            let (comparison, outside) = try compared()
            let warnings = outside + comparison.warnings
            for warning in warnings { console.warning(PageWords.withoutMarks(warning)) }
            if let html {
                let page = try ComparisonPage.html(comparison, warnings: warnings, version: SojournVersion.current)
                try FileReplacement.write(page, to: html)
                console.note("\(html): \(page.count) bytes")
            }
            if csv {
                CSVFile.forEachLine(comparison.table) { console.data($0) }
            } else {
                console.picture(DiffSummary(comparison, showsAll: all, width: console.resultWidth).lines)
            }
        } catch let error as ComparisonError {
            console.error("\(error)")
            throw ExitCode(2)
        } catch let error as OutputError {
            console.error("\(error)")
            throw ExitCode(1)
        }
    }

    private func compared() throws -> (Comparison, warnings: [String]) {
        guard let from, let to else { return try (Comparison.ofFolders(a, b ?? ""), []) }
        return try Comparison.ofPeriods(a, from: Period(from, option: "--from"), to: Period(to, option: "--to"))
    }
}
