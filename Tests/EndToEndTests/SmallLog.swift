import Foundation

@testable import TestSupport

/// A pipeline of one source with a handful of fields, and lines for it.
struct SmallLog {
    let folder: ScratchFolder

    static let pipeline = """
        version: 1
        name: small
        sources:
          - name: log
            input: log-*.ndjson
            fields: {time: t, channel: ch, touchpoint: tp, ids: {customer: c}}
        identity: {known: [customer]}
        channels:
          web: {kind: self-service, gap: 30m}
        journeys:
          - name: buy
            goal: 'touchpoint == "end"'
            steps:
              - {name: begin, match: 'touchpoint == "begin"', funnel: false}
              - {name: end, match: 'touchpoint == "end"'}

        """

    init(_ log: [UInt8], pipeline: String = Self.pipeline) throws {
        folder = try ScratchFolder()
        try folder.write(pipeline, to: "p.yaml")
        try folder.write(log, to: "log-1.ndjson")
    }

    /// Files that are there already.
    init(in folder: ScratchFolder) { self.folder = folder }

    init(_ log: String = Self.lines(20)) throws { try self.init(Array(log.utf8)) }

    /// A good line; `extra` are members such as `,"x":1`.
    static func line(_ number: Int, _ extra: String = "") -> String {
        let touchpoint = ["begin", "middle", "end"][number % 3]
        return "{\"t\":\(1_772_323_200 + number * 60),\"c\":\"c\(number % 7)\",\"ch\":\"web\",\"tp\":\"\(touchpoint)\"\(extra)}"
    }

    static func lines(_ count: Int) -> String { (0..<count).map { line($0) + "\n" }.joined() }

    /// `sojourn run p.yaml -o out` and more words, in the folder.
    func run(_ more: String..., input: [UInt8] = [], environment: [String: String] = [:]) throws -> Binary.Ended {
        try Binary.run(["run", "p.yaml", "-o", "out"] + more, input: input, in: folder.path, environment: environment)
    }

    var isPublished: Bool { FileManager.default.fileExists(atPath: folder.path("out")) }

    /// Hidden folders of a run that did not clean up.
    var leftOvers: [String] { folder.names().filter { $0.hasPrefix(".") } }

    /// A field of run.json as text, such as `ledger.lines`.
    func record(_ path: String) -> String? {
        guard let data = try? Data(contentsOf: folder.url.appendingPathComponent("out/run.json")) else { return nil }
        switch (try? NaiveJSONParser.parse(Array(data)))?.value(at: path) {
        case .number(let text)?: return text
        case let value?: return value.text?.description
        case nil: return nil
        }
    }

    /// `line:offset reason` for each line of quarantine.ndjson.
    var quarantine: [String] {
        let data = (try? Data(contentsOf: folder.url.appendingPathComponent("out/quarantine.ndjson"))) ?? Data()
        return data.split(separator: 0x0A).map { line in
            let json = try? NaiveJSONParser.parse(Array(line))
            func text(_ key: String) -> String { json?.value(at: key)?.text?.description ?? "?" }
            return "\(text("line")):\(text("offset")) \(text("reason"))"
        }
    }
}
