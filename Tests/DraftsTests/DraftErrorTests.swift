import Definitions
import TestSupport
import Testing

@testable import Drafts
@testable import Ingest

/// What cannot be drafted says what it lacks and what to do.
@Suite struct DraftErrorTests {
    private static func message(_ lines: [String]) -> String {
        do {
            _ = try DraftedLog(lines)
            return "a draft"
        } catch {
            return "\(error)"
        }
    }

    @Test func emptyFile() { #expect(Self.message([]).contains("there is no line in it")) }

    @Test func onlyBlankLines() { #expect(Self.message(["", "  ", ""]).contains("there is no line in it")) }

    @Test func noJSON() {
        #expect(Self.message((0..<30).map { "hello world \($0)" }).contains("none of its first 30 lines is a JSON object"))
    }

    @Test func noTime() {
        let message = Self.message((0..<30).map { "{\"user\":\"u\($0 % 5)\",\"page\":\"p\"}" })
        #expect(message.contains("no field says when") && message.contains("user, page"))
    }

    /// The field that people would take is named, with what it has and how to convert it.
    @Test func timeInAnotherForm() {
        let message = Self.message((0..<30).map { "{\"user\":\"u\($0 % 5)\",\"date\":\"03/04/2024 10:0\($0 % 10):00\"}" })
        #expect(message.contains("`date` has 03/04/2024 10:0") && message.contains("jq -c"))
    }

    @Test func nobodysEvents() {
        let message = Self.message((0..<30).map { "{\"time\":\"2024-04-05T17:00:\($0 + 10)Z\",\"text\":\"line number \($0) of a log\"}" })
        #expect(message.contains("no field tells whose an event is") && message.contains("text"))
    }

    @Test func namesWithLineEnds() {
        #expect(throws: DraftError.self) { _ = try DraftedLog([("lo\ng.ndjson", ["{}"])]) }
    }

    /// A table and a log in one folder: the table is left out and said.
    @Test func filesOfAnotherKindAreLeftOut() throws {
        var random = SeededGenerator(seed: 5)
        let log = try DraftedLog([
            ("a.csv", ["a,b", "1,2", "3,4", "5,6"]), ("log.ndjson", UnseenLogs.hospital(&random)), ("notes.ndjson", ["{\"note\":\"x\"}"]),
        ])
        #expect(log.definition.sources.map(\.inputs) == [["log.ndjson"]])
        #expect(log.draft.findings.leftOut.count == 2 && log.draft.findings.leftOut[0].contains("a.csv"))
    }

    /// A pattern stands in the file only where it finds what was given and nothing else.
    @Test func patternsFindNoOtherLog() throws {
        let folder = try ScratchFolder()
        var random = SeededGenerator(seed: 5)
        for number in 1...3 { try folder.write(UnseenLogs.hospital(&random).map { $0 + "\n" }.joined(), to: "log-\(number).ndjson") }
        func inputs(_ names: [String]) throws -> [String] {
            let draft = try Draft(inputs: names.map(folder.path), path: folder.path("draft.yaml"))
            return try PipelineReader.read(text: Array(draft.text.utf8), name: "draft").sources.flatMap(\.inputs)
        }
        #expect(try inputs(["log-1.ndjson", "log-2.ndjson"]) == ["log-1.ndjson", "log-2.ndjson"])
        #expect(try inputs(["log-1.ndjson", "log-2.ndjson", "log-3.ndjson"]) == ["log-*.ndjson"])
        #expect(try inputs(["log-?.ndjson"]) == ["log-?.ndjson"])
        // The folder itself would be read together with the pipeline file in it.
        #expect(try inputs(["."]) == ["log-*.ndjson"] && inputs(["*"]) == ["log-*.ndjson"])
    }
}
