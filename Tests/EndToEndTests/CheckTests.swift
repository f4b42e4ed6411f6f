import Foundation
import Testing

@testable import TestSupport

/// `checks` of a pipeline on a small log: exit status, words and run.json. Of 20 lines by 7 customers, `buy` has
/// journeys that are completed and one that is open.
@Suite struct CheckTests {
    private func log(_ checks: String...) throws -> SmallLog {
        try SmallLog(
            Array(SmallLog.lines(20).utf8), pipeline: SmallLog.pipeline + "checks:\n" + checks.map { "  - '\($0)'\n" }.joined())
    }

    private func cell(_ log: SmallLog, _ table: String, _ column: String) throws -> String {
        let table = try CSVTable(Array(Data(contentsOf: log.folder.url.appendingPathComponent("out/csv/\(table).csv"))))
        return table.rows[0][try #require(table.header.firstIndex(of: column))]
    }

    @Test func holdingChecksChangeNothingButTheRecord() throws {
        let log = try log("journeys.started > 0 where journey == \"buy\"", "identity.values == 7", "!stalls.is_stall_point")
        let ended = try log.run()
        #expect(ended.status == 0 && ended.errors == "", "\(ended.errors)")
        #expect(ended.output.contains("Checks: 3 of 3 hold."))
        #expect(log.record("/checks/0/holds") == "true" && log.record("/checks/0/rows") == "1")
        #expect(log.record("/checks/2/rows") == "2" && log.record("/checks/2/failed_rows") == "0")
    }

    /// The output is there, the status says so, and stderr says which row and which value, also when quiet.
    @Test func aBreachIsPublishedAndTold() throws {
        let log = try log("journeys.completed > 1000 && journeys.started > 0 where journey in [\"buy\"]", "sessions.events > 1")
        let ended = try log.run("--quiet")
        #expect(ended.status == 4 && log.isPublished && log.leftOvers == [] && ended.output == "")
        let (completed, started) = (try cell(log, "journeys", "completed"), try cell(log, "journeys", "started"))
        #expect(
            ended.errors == """
                sojourn: check breached: journeys.completed > 1000 && journeys.started > 0 where journey in ["buy"]
                  journeys.completed is \(completed), journeys.started is \(started) where journey buy

                """)
        #expect(log.record("/checks/0/holds") == "false" && log.record("/checks/1/holds") == "true")
        #expect(log.record("/checks/0/failed/0/row/journey") == "buy")
        #expect(log.record("/checks/0/failed/0/values/completed") == completed)
    }

    /// An empty value and a row that is not there are no breach, but are warned of.
    @Test func nothingSelectedAndNothingKnownAreWarnedOf() throws {
        let log = try log(
            "journeys.started >= 0 where started > 1000000", "funnel.from_previous >= 0", "!(funnel.from_previous < 0)",
            "funnel.from_previous != 7")
        let funnel = SmallLog.pipeline.replacingOccurrences(of: ", funnel: false", with: "")
        let text = try String(contentsOf: log.folder.url.appendingPathComponent("p.yaml"), encoding: .utf8)
        try log.folder.write(text.replacingOccurrences(of: SmallLog.pipeline, with: funnel), to: "p.yaml")
        let ended = try log.run()
        #expect(ended.status == 0 && ended.output.contains("Checks: 4 of 4 hold, 4 with a warning."), "\(ended.output)")
        #expect(
            ended.errors.contains("warning: the check `journeys.started >= 0 where started > 1000000` selects no row"), "\(ended.errors)")
        let rows = ended.errors.components(separatedBy: "funnel.from_previous is empty where journey buy, step ")
        #expect(rows.count == 4, "\(ended.errors)")
        for check in 1...3 {
            #expect(log.record("/checks/\(check)/rows") == "2" && log.record("/checks/\(check)/failed_rows") == "0")
            #expect(log.record("/checks/\(check)/unknown_rows") == "1" && log.record("/checks/\(check)/holds") == "true")
        }
        let quiet = try log.run("--quiet")
        #expect(quiet.status == 0 && quiet.errors == "")
    }

    /// What must not pass because nothing arrived asks for the ledger.
    @Test func anEmptyLogIsFoundByItsLedger() throws {
        let log = try log(
            "journeys.completion_rate >= 0", "run.lines > 0 && run.persons > 0", "daily.journeys.started > 0 where day == last_day")
        let ended = try log.run("-")
        #expect(ended.status == 4 && ended.errors.contains("\n  run.lines is 0, run.persons is 0\n"), "\(ended.errors)")
        #expect(ended.errors.contains("journeys.completion_rate is empty where journey buy"), "\(ended.errors)")
        #expect(ended.errors.contains("selects no row of daily.journeys"), "\(ended.errors)")
    }

    @Test func checksSpeakOfDaysAndOfTheRun() throws {
        let log = try log(
            "daily.journeys.started > 1000 where day >= last_day - 2 && journey == \"buy\"", "run.lines == 20 && run.late == 0",
            "daily.sessions.sessions > 0 where day < \"2026-02-30\"")
        let wrong = try log.run()
        #expect(wrong.status == 2 && wrong.errors.contains("`day` holds days"), "\(wrong.errors)")
        let sound = try self.log(
            "daily.journeys.started > 1000 where day >= last_day - 2 && journey == \"buy\"", "run.lines == 20 && run.late == 0",
            "daily.sessions.sessions > 0 where day < \"2026-03-30\"")
        let ended = try sound.run()
        #expect(ended.status == 4 && ended.output.contains("Checks: 2 of 3 hold."), "\(ended.output)\(ended.errors)")
        #expect(ended.errors.contains("daily.journeys.started is ") && ended.errors.contains(" where day 2026-03-01, journey buy\n"))
        #expect(sound.record("/checks/0/failed/0/row/day") == "2026-03-01")
    }

    /// Of many failed rows the first are told and kept, the others counted.
    @Test func manyFailedRowsAreCutShort() throws {
        let lines = (0..<40).map { #"{"t":\#(1_772_323_200 + $0),"c":"c","ch":"web","tp":"p\#(100 + $0)"}"# + "\n" }.joined()
        let log = try SmallLog(Array(lines.utf8), pipeline: SmallLog.pipeline + "checks: [touchpoints.events > 1]\n")
        let ended = try log.run()
        #expect(ended.status == 4)
        #expect(ended.errors.contains("touchpoints.events is 1 where channel web, touchpoint p109\n  and 30 more rows"), "\(ended.errors)")
        #expect(log.record("/checks/0/failed_rows") == "40")
        #expect(log.record("/checks/0/failed/9/row/touchpoint") == "p109" && log.record("/checks/0/failed/10/row/touchpoint") == nil)
    }

    /// What breaks a terminal's line must not come from a log.
    @Test func namesFromTheLogCannotSteerATerminal() throws {
        let line = #"{"t":1772323200,"c":"c","ch":"web","tp":"a\u001b[31m\nb"}"#
        let log = try SmallLog(Array((line + "\n").utf8), pipeline: SmallLog.pipeline + "checks: [touchpoints.events > 1]\n")
        let ended = try log.run()
        #expect(ended.status == 4 && ended.errors.contains("a [31m b") && !ended.errors.contains("\u{1B}"), "\(ended.errors)")
    }

    @Test func wrongChecksNameThePlace() throws {
        let log = try log("journeys.started > 0", "journeys.completionrate > 0.2", "journeys.journey > 1")
        for command in [["run", "p.yaml", "-o", "out"], ["validate", "p.yaml"]] {
            let ended = try Binary.run(command, in: log.folder.path)
            #expect(ended.status == 2 && ended.output == "" && !log.isPublished)
            #expect(
                ended.errors.contains("p.yaml:18:15: `checks`: unknown column `completionrate`; did you mean `completion_rate`?")
                    && ended.errors.contains("p.yaml:19:25: `checks`: `journey` holds texts"), "\(ended.errors)")
        }
    }

    @Test func namesThatThePipelineDoesNotHaveAreErrors() throws {
        let log = try log(
            "journeys.started > 0 where journey == \"by\"", "funnel.reached > 0 where step in [\"en\"]",
            "frictions.journeys == 0 where friction != \"x\"",
            "sessions.events > 0 where channel == \"wb\"", "sessions.events > 0 where channel == \"kiosk\"", "journeys.day > last_day",
            "sources.events > 0 where source == \"lo\"", "segments.mature > 0 where dimension == \"page\"")
        let ended = try log.run()
        #expect(ended.status == 2)
        for words in [
            "p.yaml:17:44: `checks`: unknown journey `by`; did you mean `buy`?", "`checks`: unknown step `en`; did you mean `end`?",
            "`checks`: unknown source `lo`; did you mean `log`?", "`checks`: unknown dimension `page`; none is declared",
            "`checks`: unknown friction `x`; none is declared", "`journeys` is of the whole time; the table by day is `daily.journeys`",
        ] { #expect(ended.errors.contains(words), "\(ended.errors)") }
        #expect(!ended.errors.contains("kiosk"))
    }

    @Test func validateCountsChecks() throws {
        let log = try log("journeys.started > 0")
        let ended = try Binary.run(["validate", "p.yaml"], in: log.folder.path)
        #expect(ended.status == 0 && ended.output.contains("1 check\n"), "\(ended.output)")
    }
}
