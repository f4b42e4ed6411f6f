import Foundation
import Ingest
import RunSupport
import Runs
@testable import TestSupport
import Testing

/// A pipeline and the files of its nights, run on one state.
struct Nights {
    static let pipeline = """
        version: 1
        name: nights
        sources:
          - name: log
            input: night-*.ndjson
            fields: {time: t, event_id: id, channel: ch, touchpoint: tp, ids: {customer: c, device: d}}
        contacts: {windows: [2h]}
        identity: {known: [customer], linking: [device], max_known: 2}
        channels:
          web: {kind: self-service, gap: 30m}
          phone: {kind: assisted, gap: 30m}
        journeys:
          - name: buy
            start: 'touchpoint == "begin"'
            goal: 'touchpoint == "end"'
            inactivity: 2h
            steps:
              - {name: begin, match: 'touchpoint == "begin"', sla: 1h}
              - {name: end, match: 'touchpoint == "end"'}
        frictions:
          define:
            - {name: unanswered, scope: person, pattern: ask, where: {ask: 'touchpoint == "ask"'}, absent: {where: 'touchpoint == "answer"', for: 1h}}

        """

    /// As above, but that time up to ten days before as-of is sealed, and that every person's events can be taken apart.
    static let sealing =
        pipeline.replacingOccurrences(of: "scope: person", with: "scope: journey")
        .replacingOccurrences(of: "inactivity: 2h", with: "inactivity: 12h") + "retention: 10d\nsessions: {max_length: 6h}\n"
    static let minutesOfDay = 1440

    let folder: ScratchFolder
    var pipelineFile: URL { folder.url.appendingPathComponent("p.yaml") }
    var output: URL { folder.url.appendingPathComponent("out") }

    init(_ pipeline: String = Self.pipeline) throws {
        folder = try ScratchFolder()
        try folder.write(pipeline, to: "p.yaml")
    }

    private static func time(ofMinute minute: Int?) -> Int64? { minute.map { Int64(1_772_323_200 + $0 * 60) * 1_000_000 } }

    /// Lines as `minute touchpoint c=… d=… id=…`, in the channel web where no `ch=…` says another.
    func write(_ name: String, _ events: [String]) throws {
        let lines = events.map { event -> String in
            let words = event.split(separator: " ").map(String.init)
            let members = words.dropFirst(2).map { word in
                let parts = word.split(separator: "=")
                return ",\"\(parts[0])\":\"\(parts[1])\""
            }
            let channel = words.contains { $0.hasPrefix("ch=") } ? "" : "\"ch\":\"web\","
            return "{\"t\":\(1_772_323_200 + Int(words[0])! * 60),\(channel)\"tp\":\"\(words[1])\"\(members.joined())}\n"
        }
        try folder.write(lines.joined(), to: "night-\(name).ndjson")
    }

    /// Writes the files of a night, if there are any, and runs over all that is there.
    @discardableResult
    func run(
        _ name: String? = nil, _ events: [String] = [], asOfMinute: Int? = nil, asOf: Int64? = nil, reprocesses: Bool = false,
        rebuilds: Bool = false,
        keepsRawText: Bool = false, acceptsJump: Bool = true
    ) throws -> URL {
        if let name { try write(name, events) }
        let output = try CaseRun.run(
            pipelineFile, asOf: asOf ?? Self.time(ofMinute: asOfMinute), state: "state", reprocesses: reprocesses,
            rebuilds: rebuilds, keepsRawText: keepsRawText, acceptsJump: acceptsJump)
        #expect(try RunLedgers(folder: output).faults == [])
        return output
    }

    /// The same without a state must be the same.
    func expectWhole(asOfMinute: Int? = nil, asOf: Int64? = nil, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let whole = try CaseRun.run(pipelineFile, into: "whole", asOf: asOf ?? Self.time(ofMinute: asOfMinute))
        let found = try RunSnapshot(folder: output).differences(from: RunSnapshot(folder: whole))
        if !found.isEmpty { folder.keep() }
        #expect(found == [], "in \(folder.path)", sourceLocation: sourceLocation)
        #expect(try RunLedgers(folder: output).total == RunLedgers(folder: whole).run, sourceLocation: sourceLocation)
    }

    /// Some columns of a published table, a row a line.
    func table(_ name: String, _ columns: String...) throws -> [String] { try rows("csv/\(name).csv", columns) }

    /// The cells that the last run restated, a cell a line.
    func restated(_ columns: String...) throws -> [String] { try rows("restated.csv", columns) }

    private func rows(_ file: String, _ columns: [String]) throws -> [String] {
        let csv = try CSVTable(Array(try Data(contentsOf: output.appendingPathComponent(file))))
        let values = try columns.map { try #require(csv.column($0)) }
        return csv.rows.indices.map { row in values.map { $0[row] }.joined(separator: " ") }
    }

    func forget(_ person: String) throws -> Forgetting.Outcome {
        try Forgetting.run(state: folder.path("state"), person: person, pipelinePath: nil, threads: 2, cancellation: Cancellation())
    }

    /// The lines of a file of the output.
    func lines(_ name: String) throws -> [String] {
        String(decoding: try Data(contentsOf: output.appendingPathComponent(name)), as: UTF8.self).split(separator: "\n").map(String.init)
    }

    /// A field of the last run's run.json as text.
    func record(_ path: String) throws -> String? {
        try NaiveJSONParser.parse(Array(try Data(contentsOf: output.appendingPathComponent("run.json")))).value(at: path)?.text?.description
    }

    /// Whether a text stands in the bytes of any file of the state.
    func stateHolds(_ text: String) throws -> Bool {
        try folder.names("state").contains {
            try Data(contentsOf: folder.url.appendingPathComponent("state/\($0)")).range(of: Data(text.utf8)) != nil
        }
    }
}
