import Foundation
import Testing

@testable import TestSupport

/// Inputs that are shorter than somebody knows them to be publish nothing.
@Suite struct ShortInputTests {
    @Test func expectedLines() throws {
        let log = try SmallLog(SmallLog.lines(18) + "\n  \nnul\n{\"_end\":19}\n" + SmallLog.line(19) + "\n")
        #expect(try log.run("--expect-lines", "20", "--max-rejects", "1").status == 0)
        #expect(log.record("ledger.lines") == "20")
        let before = try RunSnapshot(folder: log.folder.url.appendingPathComponent("out"))
        for wrong in ["0", "19", "21"] {
            // Also said before too many rejects are.
            let ended = try log.run("--expect-lines", wrong)
            #expect(ended.status == 1 && ended.output == "", "\(ended.errors)")
            #expect(ended.errors.contains("20 lines") && ended.errors.contains("must have \(wrong) (--expect-lines"), "\(ended.errors)")
        }
        #expect(try RunSnapshot(folder: log.folder.url.appendingPathComponent("out")).differences(from: before) == [])
        #expect(log.leftOvers == [])
    }

    /// All inputs of a run together.
    @Test func expectedLinesOfSeveralInputs() throws {
        let log = try SmallLog()
        try log.folder.write(SmallLog.lines(5), to: "log-2.ndjson")
        #expect(try log.run("--expect-lines", "25").status == 0)
        #expect(try log.run("--expect-lines", "20").status == 1)
        #expect(try log.run("log-2.ndjson", "--expect-lines", "5").status == 0)
        #expect(try log.run("-", "--expect-lines", "0").status == 0)
    }

    /// With a state files count whole, whichever run read them: after a crash the same command is run again.
    @Test func expectedLinesOfInputsThatWereRead() throws {
        let log = try SmallLog()
        #expect(try log.run("log-1.ndjson", "--expect-lines", "20", "--state", "state").status == 0)
        #expect(try log.run("log-1.ndjson", "--expect-lines", "20", "--state", "state").status == 0)
        #expect(log.record("ledger.lines") == "0" && log.record("total.lines") == "20")
        try log.folder.write(SmallLog.lines(5), to: "log-2.ndjson")
        #expect(try log.run("log-1.ndjson", "log-2.ndjson", "--expect-lines", "5", "--state", "state").status == 1)
        #expect(try log.run("log-1.ndjson", "log-2.ndjson", "--expect-lines", "25", "--state", "state").status == 0)
        try log.folder.write(SmallLog.lines(20) + SmallLog.line(21) + "\n", to: "log-1.ndjson")
        #expect(try log.run("log-1.ndjson", "--expect-lines", "21", "--state", "state").status == 0)
        #expect(log.record("ledger.lines") == "1")
    }

    @Test func trailersOfFilesAndPipes() throws {
        let whole = SmallLog.lines(20) + "{\"_end\": 20}\n"
        let short = SmallLog.lines(19) + "{\"_end\": 20}\n"
        let log = try SmallLog(whole)
        #expect(try log.run("--expect-end").status == 0)
        // A trailer is no line, and nobody puts it aside.
        #expect(log.record("ledger.lines") == "20" && log.quarantine == [])
        #expect(try log.run("-", "--expect-end", input: Packing.gzip(Array(whole.utf8))).status == 0)
        try FileManager.default.removeItem(atPath: log.folder.path("out"))
        try log.folder.write(short, to: "short.ndjson")
        for (arguments, input, place) in [
            (["short.ndjson"], "", "short.ndjson, line 20"), (["-"], short, "standard input, line 20"),
            (["log-1.ndjson", "short.ndjson"], "", "short.ndjson, line 20"),
        ] {
            for command in [["run", "p.yaml", "-o", "out"], ["journey", "p.yaml", "--person", "c1"]] {
                let ended = try Binary.run(command + arguments, input: Array(input.utf8), in: log.folder.path)
                #expect(ended.status == 1 && !log.isPublished && log.leftOvers == [])
                #expect(ended.errors.contains("\(place): the trailer says 20 lines, but there are 19"), "\(ended.errors)")
            }
        }
    }

    @Test func aMissingTrailerIsOnlyMissedWhereItIsExpected() throws {
        let log = try SmallLog()
        #expect(try log.run().status == 0)
        let ended = try log.run("--expect-end")
        #expect(ended.status == 1 && ended.errors.contains("log-1.ndjson: no trailer {\"_end\": N} at its end"), "\(ended.errors)")
        #expect(try log.run("-", "--expect-end").status == 1)
        #expect(try log.run("-", "--expect-end", input: Array("{\"_end\":0}\n\n".utf8)).status == 0)
    }

    @Test func validateShowsNoTrailer() throws {
        let log = try SmallLog(SmallLog.lines(3) + "{\"_end\": 3}\n")
        let ended = try Binary.run(["validate", "p.yaml"], in: log.folder.path)
        #expect(ended.status == 0 && ended.output.contains("of the first 3 lines 3 can be used"), "\(ended.output)")
    }
}
