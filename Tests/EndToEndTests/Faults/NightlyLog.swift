import Foundation
import States

@testable import TestSupport

/// Five nights of a small log: customers and devices, late lines, duplicates, lines that cannot be used. They were run once
/// in peace, on one state; what that published night by night is what every disturbed night must come to. The states it
/// leaves are the same every time, byte for byte, so that what is done to a byte of one can be done again.
final class NightlyLog: Sendable {
    static let nights = 5
    static let shared = Result { try NightlyLog(ScratchFolder()) }

    let folder: ScratchFolder
    /// By night, from 1; at 0 there is no output.
    let versions: [PublishedVersion?]

    private static let pipeline = """
        version: 1
        name: nightly
        sources:
          - name: log
            input: log/night-*.ndjson
            fields: {time: t, event_id: id, channel: ch, touchpoint: tp, ids: {customer: c, device: d}}
        identity: {known: [customer], linking: [device], max_known: 3}
        channels: {web: {kind: self-service, gap: 30m}, phone: {kind: assisted, gap: 1h}}
        journeys:
          - name: buy
            start: 'touchpoint == "begin"'
            goal: 'touchpoint == "end"'
            inactivity: 6h
            steps:
              - {name: begin, match: 'touchpoint == "begin"'}
              - {name: middle, match: 'touchpoint == "middle"', sla: 20m}
              - {name: end, match: 'touchpoint == "end"'}
        frictions:
          define:
            - {name: again, pattern: 'b m+ b', where: {b: 'touchpoint == "begin"', m: 'touchpoint == "middle"'}}
            - {name: unanswered, pattern: m, where: {m: 'channel == "phone"'}, absent: {where: 'touchpoint == "end"', for: 1h}}

        """

    /// In a folder that is empty.
    init(_ folder: ScratchFolder) throws {
        self.folder = folder
        try folder.write(Self.pipeline, to: "p.yaml")
        var random = SeededGenerator(seed: 11)
        for night in 1...Self.nights {
            try folder.write(Self.lines(night, &random), to: Self.file(night))
            // The state keeps when a file was changed.
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSince1970: 1_800_000_000)], ofItemAtPath: folder.path(Self.file(night)))
        }
        var versions: [PublishedVersion?] = [nil]
        try FileManager.default.createDirectory(atPath: folder.path("after-0/s"), withIntermediateDirectories: true)
        try FileManager.default.createDirectory(atPath: folder.path("after-0/o"), withIntermediateDirectories: true)
        for night in 1...Self.nights {
            try FileManager.default.copyItem(atPath: folder.path("after-\(night - 1)"), toPath: folder.path("after-\(night)"))
            if night == 1 { try Self.beginState(folder.path("after-1/s/state")) }
            // What workers come to first lies first, and what a set gives first.
            let ended = try Binary.run(
                Self.command(night, in: "after-\(night)", threads: 1), in: folder.path, environment: ["SWIFT_DETERMINISTIC_HASHING": "1"])
            guard ended.status == 0 else { throw Failure(words: ended.errors) }
            versions.append(try PublishedVersion(folder: folder.url.appendingPathComponent("after-\(night)/o/out")))
        }
        self.versions = versions
    }

    /// A state whose secret is not drawn.
    private static func beginState(_ path: String) throws {
        try StateFolder(path).use { try $0.set(.identifierSeed, Array(repeating: 7, count: 16)) }
    }

    struct Failure: Error { var words: String }

    static func file(_ night: Int) -> String { "log/night-\(night).ndjson" }

    /// State and output lie in folders of their own, so that neither is made durable along with the other.
    static func command(_ night: Int, in place: String, threads: Int = 2) -> [String] {
        [
            "run", "p.yaml", file(night), "-o", "\(place)/o/out", "--state", "\(place)/s/state", "--threads", "\(threads)", "--max-rejects",
            "5%", "--quiet",
        ]
    }

    func state(after night: Int) throws -> Data {
        try Data(contentsOf: folder.url.appendingPathComponent("after-\(night)/s/state/state.sqlite"))
    }

    private static func lines(_ night: Int, _ random: inout SeededGenerator) -> String {
        var lines: [String] = []
        for number in 0..<400 {
            // One in fifteen is a day late or more.
            let day = random.int(0...14) == 0 ? random.int(0...night) : night
            let time = 1_772_323_200 + day * 86_400 + random.int(0...86_399)
            let person = random.int(0...39)
            let touchpoint = random.pick(["begin", "begin", "middle", "middle", "look", "end"])
            var members = "\"t\":\(time),\"ch\":\"\(random.pick(["web", "web", "phone"]))\",\"tp\":\"\(touchpoint)\""
            if random.int(0...4) < 3 { members += ",\"c\":\"c\(person)\"" }
            // The last devices are seen with more and more customers.
            if !members.contains("\"c\"") || random.int(0...1) == 0 {
                members += ",\"d\":\"d\(random.int(0...9) == 0 ? 90 + person % 3 : person / 2)\""
            }
            if random.int(0...3) == 0 { members += ",\"id\":\"e\(random.int(0...60))\"" }
            lines.append(number % 90 == 7 ? "nul" : "{\(members)}")
        }
        return lines.map { $0 + "\n" }.joined()
    }
}

/// What one publication holds, but for run.json, which says when.
struct PublishedVersion: Equatable {
    var snapshot: RunSnapshot
    var files: [String: Data] = [:]
    var total: RunLedgers

    /// Throws where it is not whole: a file that is missing or unreadable, a database with an error in it.
    init(folder: URL) throws {
        snapshot = try RunSnapshot(folder: folder)
        for name in ["datapackage.json", "late.ndjson", "restated.csv", "report.html"] {
            files[name] = try Data(contentsOf: folder.appendingPathComponent(name))
        }
        total = try RunLedgers(folder: folder)
        let expected = [
            "csv", "datapackage.json", "late.ndjson", "metrics.sqlite", "quarantine.ndjson", "report.html", "restated.csv", "run.json",
        ]
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        guard names == expected else { throw NightlyLog.Failure(words: "\(names)") }
    }

    /// Numbers alone: a run that had nothing new to read says so of itself, and has nothing to restate.
    func hasSameNumbers(as other: Self) -> Bool {
        snapshot == other.snapshot && total.total == other.total.total && files["late.ndjson"] == other.files["late.ndjson"]
    }

    func hasSameRestatement(as other: Self) -> Bool { files["restated.csv"] == other.files["restated.csv"] }
}
