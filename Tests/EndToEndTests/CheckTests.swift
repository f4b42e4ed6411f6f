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
                  journey buy: completed is \(completed), started is \(started)

                """)
        #expect(log.record("/checks/0/holds") == "false" && log.record("/checks/1/holds") == "true")
        #expect(log.record("/checks/0/failed/0/row/journey") == "buy")
        #expect(log.record("/checks/0/failed/0/values/completed") == completed)
    }

    @Test func nothingSelectedAndNothingKnownAreBreaches() throws {
        let log = try log(
            "journeys.started >= 0 where journey == \"bye\"", "funnel.from_previous >= 0", "!(funnel.from_previous < 0)",
            "funnel.from_previous != 7")
        let ended = try log.run()
        #expect(ended.status == 4)
        #expect(ended.errors.contains("no row of journeys is selected"), "\(ended.errors)")
        #expect(ended.errors.components(separatedBy: "journey buy, step_index 1: from_previous is unknown").count == 4, "\(ended.errors)")
        for check in 1...3 {
            #expect(log.record("/checks/\(check)/rows") == "2" && log.record("/checks/\(check)/failed_rows") == "1")
        }
    }

    @Test func anEmptyLogBreachesWhatItCannotShow() throws {
        let log = try log("journeys.completion_rate >= 0")
        let ended = try log.run("-")
        #expect(ended.status == 4 && ended.errors.contains("completion_rate is unknown"), "\(ended.errors)")
    }

    /// Of many failed rows the first are told and kept, the others counted.
    @Test func manyFailedRowsAreCutShort() throws {
        let lines = (0..<40).map { #"{"t":\#(1_772_323_200 + $0),"c":"c","ch":"web","tp":"p\#(100 + $0)"}"# + "\n" }.joined()
        let log = try SmallLog(Array(lines.utf8), pipeline: SmallLog.pipeline + "checks: [touchpoints.events > 1]\n")
        let ended = try log.run()
        #expect(ended.status == 4)
        #expect(ended.errors.contains("touchpoint p109: events is 1\n  and 30 more rows"), "\(ended.errors)")
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

    @Test func validateCountsChecks() throws {
        let log = try log("journeys.started > 0")
        let ended = try Binary.run(["validate", "p.yaml"], in: log.folder.path)
        #expect(ended.status == 0 && ended.output.contains("1 check\n"), "\(ended.output)")
    }
}
