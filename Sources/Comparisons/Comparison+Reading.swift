import Disk
import Foundation
import Pages

extension Comparison {
    /// Two folders that runs wrote. Throws `OutputError` where one is none.
    package static func ofFolders(_ a: String, _ b: String) throws -> Comparison {
        try Comparison(ComparedSide(folder: a), ComparedSide(folder: b))
    }

    /// Two periods of one database.
    /// - Parameter place: a metrics.sqlite, or the folder of a run with one.
    /// - Returns: also what is to be said of periods that the database does not have.
    ///
    /// Throws `OutputError` where there is no database, and `ComparisonError` where the run has min_count: a database has rows of few
    /// persons too, and how many persons a period has is in none of them, so that nobody could say what has to be left out; or where the
    /// database has no day of a period.
    package static func ofPeriods(_ place: String, from: Period, to: Period) throws -> (comparison: Comparison, warnings: [String]) {
        var isFolder: ObjCBool = false
        let isThere = FileManager.default.fileExists(atPath: place, isDirectory: &isFolder)
        let path = isThere && isFolder.boolValue ? FilePaths.join(place, "metrics.sqlite") : place
        let database = try DayTables(path: path)
        // A link may stand elsewhere than the file.
        let folder = FilePaths.split(FilePaths.realPath(path) ?? FilePaths.absolute(path, from: FilePaths.workingFolder)).above
        let record = FileManager.default.contents(atPath: FilePaths.join(folder, "run.json"))
        if let record, PageFacts(run: Array(record)).minCount != nil {
            throw ComparisonError.usage(
                "\(place): the run has min_count, and a period could be of fewer persons than that. Run the pipeline on each period, "
                    + "and compare the two folders")
        }
        let facts = try database.facts()
        let span = try database.span(of: FigureKind.tables)
        let warnings = try outside(from, letter: "A", span: span) + outside(to, letter: "B", span: span)
        return try (Comparison(ComparedSide(database, from, facts: facts), ComparedSide(database, to, facts: facts)), warnings)
    }
}
