import ArgumentParser
import Disk
import Pages

struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Writes report.html of an output folder again, from its tables.",
        discussion: """
            Reads DIR/csv, DIR/metrics.sqlite and DIR/run.json; no log and no pipeline
            is needed. The same tables give the same bytes.

            Example: sojourn report out
            """)

    @Argument(help: ArgumentHelp("The folder of a run (its -o).", valueName: "dir"))
    var folder: String

    func run() throws {
        do {
            let page = try ReportPage.html(PageTables(folder: folder))
            let path = FilePaths.join(folder, "report.html")
            try FileReplacement.write(page, to: path)
            Console().result(["\(path): \(page.count) bytes"])
        } catch let error as OutputError {
            Console().error("\(error)")
            throw ExitCode(1)
        }
    }
}
