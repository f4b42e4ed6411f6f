import Foundation
import Testing

@testable import TestSupport

/// A run on a state that reads nothing says so, and is a run like any other besides.
@Suite struct NightWithoutLinesTests {
    private static let words = "no new line was read"

    @Test func aNightWithoutNewLinesSaysSo() throws {
        let log = try SmallLog()
        let first = try log.run("--state", "state")
        #expect(first.status == 0 && !first.errors.contains(Self.words), "\(first.errors)")
        let second = try log.run("--state", "state")
        #expect(second.status == 0 && second.errors.contains("warning: \(Self.words)") && second.errors.contains("no_new_lines"))
        #expect(log.record("/ledger/lines") == "0")
        // Blank lines are none.
        try log.folder.write(Array("\n\n".utf8), to: "log-2.ndjson")
        #expect(try log.run("--state", "state").errors.contains(Self.words))
        try log.folder.write(Array((SmallLog.line(21) + "\n").utf8), to: "log-3.ndjson")
        #expect(try log.run("--state", "state").errors == "")
    }

    /// Without a state every run reads everything, and an empty log is for checks to find.
    @Test func aLogWithoutAStateSaysNothing() throws {
        let ended = try SmallLog().run("-")
        #expect(ended.status == 0 && !ended.errors.contains(Self.words), "\(ended.errors)")
    }

    /// Nothing is read, and both sources are named.
    @Test func aFileOfTwoSourcesIsNamedWithBoth() throws {
        let second = "  - {name: other, input: '*-1.ndjson', fields: {time: t, channel: ch, touchpoint: tp, ids: {customer: c}}}\n"
        let pipeline = SmallLog.pipeline.replacingOccurrences(of: "identity:", with: second + "identity:")
        let log = try SmallLog(Array(SmallLog.lines(20).utf8), pipeline: pipeline)
        for input in [[], ["log-1.ndjson"]] {
            let ended = try Binary.run(["run", "p.yaml", "-o", "out"] + input, in: log.folder.path)
            #expect(ended.status == 2 && !log.isPublished)
            #expect(ended.errors.contains("the sources log and other both match this file"), "\(ended.errors)")
        }
    }
}
