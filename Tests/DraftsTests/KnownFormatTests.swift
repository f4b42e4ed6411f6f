import Foundation
import Ingest
import TestSupport
import Testing

@testable import Drafts

/// The twelve formats are told by their fields, and their mapping is that of their pipeline.
@Suite struct KnownFormatTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
        .appendingPathComponent("pipelines/formats")

    private static func lines(_ name: String) throws -> [[UInt8]] {
        try Data(contentsOf: folder.appendingPathComponent("\(name).ndjson")).split(separator: 10).map { Array($0) }
    }

    @Test func thereIsOneForEveryPipeline() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path).filter { $0.hasSuffix(".yaml") }.map {
            String($0.dropLast(5))
        }
        #expect(names.sorted() == KnownFormat.all.map(\.name).sorted())
    }

    @Test(arguments: KnownFormat.all.map(\.name)) func sampleIsRecognized(name: String) throws {
        let survey = FieldSurvey(lines: try Self.lines(name))
        #expect(KnownFormat.all.filter { $0.fits(survey) }.map(\.name) == [name])
    }

    /// What stands below `input` in the pipeline stands in the draft, but for patterns of touchpoints.
    @Test(arguments: KnownFormat.all.map(\.name)) func mappingIsThatOfThePipeline(name: String) throws {
        let text = try String(contentsOf: Self.folder.appendingPathComponent("\(name).yaml"), encoding: .utf8)
        let format = try #require(KnownFormat.all.first { $0.name == name })
        let lines = Set(text.components(separatedBy: "\n"))
        #expect(format.source.count > 5 && format.source.allSatisfy { lines.contains($0) })
        #expect(format.identity.known.isEmpty == false)
        let draft = try DraftedLog([("log.ndjson", Self.lines(name).map { String(decoding: $0, as: UTF8.self) })])
        #expect(draft.draft.text.contains(format.source.prefix { !$0.contains("touchpoint:") }.joined(separator: "\n")))
        #expect(try draft.usable() == 1)
        #expect(draft.definition.journeys.isEmpty == false)
    }

    /// Names of their own that only sound like one of the formats.
    @Test(arguments: [
        #"{"messageId":"m1","timestamp":"2024-05-20T10:00:00Z","event":"start","userId":"u1","anonymousId":"a1"}"#,
        #"{"event":"view","properties":{"color":"red"},"time":"2024-05-20T10:00:00Z","user":"u1"}"#,
        #"{"id":"1","source":"/shop","type":"view","time":"2024-05-20T10:00:00Z","subject":"u1"}"#,
        #"{"event_type":"view","event_time":"2024-05-20T10:00:00Z","user_id":"u1"}"#,
        #"{"ticket_id":1,"created_at":"2024-05-20T10:00:00Z","status":"new","requester":5}"#,
        #"{"event_id":"1","event_name":"view","ts":"2024-05-20T10:00:00Z","user_id":"u1"}"#,
        #"{"conversationId":"c1","at":"2024-05-20T10:00:00Z","text":"hello","customer":"u1"}"#,
        #"{"event_name":"view","event_timestamp":1709287200000000,"user_id":"u1","event_params":{"a":1}}"#,
    ])
    func othersAreNot(line: String) { #expect(KnownFormat.of(FieldSurvey(lines: [Array(line.utf8)])) == nil) }

    /// In the format's envelope there may be events for which the mapping has no id.
    @Test func whatTheMappingCannotUseIsGuessed() throws {
        let lines = (0..<60).map { line in
            #"{"specversion":"1.0","id":"e\#(line)","source":"/shop","type":"com.example.\#(["seen", "paid"][line % 2])","time":"2024-04-05T17:\#(line < 10 ? "0" : "")\#(line):00Z","data":{"userId":"u\#(line / 4)"}}"#
        }
        let log = try DraftedLog(lines)
        #expect(log.ids == ["user": "data.userId"] && log.path(.touchpoint) == "type" && log.path(.time) == "time")
    }
}
