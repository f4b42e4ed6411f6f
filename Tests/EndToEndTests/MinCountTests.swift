import Foundation
import Testing

@testable import TestSupport

/// `min_count`: a row stays when enough different persons stand behind it. Who stands behind a row is told by running every
/// person's events alone: a row of that run that counts anything is a row of that person.
@Suite struct MinCountTests {
    private static let pipeline = """
        version: 1
        name: few
        sources:
          - name: log
            input: log.ndjson
            fields: {time: t, channel: ch, touchpoint: tp, outcome: o, ids: {customer: c, device: d}}
        identity: {known: [customer], linking: [device]}
        channels: {web: {kind: self-service, gap: 30m}, phone: {kind: assisted, gap: 2h}}
        journeys:
          - name: buy
            start: 'touchpoint == "a"'
            goal: 'touchpoint == "d"'
            inactivity: 2h
            steps:
              - {name: a, match: 'touchpoint == "a"'}
              - {name: b, match: 'touchpoint == "b"', sla: 10m}
              - {name: c, match: 'touchpoint == "c"'}
            funnel: {mode: ordered}
          - {name: call, start: 'channel == "phone"', inactivity: 1h}
          - {name: nobody, start: 'touchpoint == "z"'}
        frictions:
          define:
            - {name: back, pattern: 'b a', where: {a: 'touchpoint == "a"', b: 'touchpoint == "b"'}}
            - {name: error, pattern: e, where: {e: 'outcome == "error"'}}

        """

    /// What a row must have for somebody to stand behind it.
    private static let counts = [
        "journeys": "started", "funnel": "reached", "stalls": "visits", "transitions": "count", "sessions": "sessions",
        "touchpoints": "events",
        "frictions": "journeys", "friction_places": "journeys", "identity": "persons", "next_steps": "count", "contacts": "contacts",
        "handoffs": "count", "step_channels": "visits",
    ]
    private static let keys = [
        "journeys": 1, "funnel": 2, "stalls": 2, "transitions": 4, "sessions": 1, "touchpoints": 2, "frictions": 2, "friction_places": 5,
        "identity": 1, "next_steps": 4, "contacts": 3, "handoffs": 4,
        "step_channels": 4,
    ]

    private func line(_ person: Int, _ time: Int, _ random: inout SeededGenerator) -> String {
        let touchpoint = random.pick(["a", "a", "b", "b", "c", "d", "e"].prefix(random.int(2...7)).map { $0 })
        let device = random.int(0...2) == 0 ? ",\"d\":\"d\(person)\"" : ""
        let outcome = random.int(0...9) == 0 ? ",\"o\":\"error\"" : ""
        return
            "{\"t\":\(1_772_323_200 + time),\"c\":\"p\(person)\"\(device),\"ch\":\"\(random.int(0...3) == 0 ? "phone" : "web")\",\"tp\":\"\(touchpoint)\"\(outcome)}\n"
    }

    private func table(_ name: String, _ folder: ScratchFolder) throws -> CSVTable {
        try CSVTable(Array(Data(contentsOf: folder.url.appendingPathComponent("out/csv/\(name).csv"))))
    }

    private func run(_ folder: ScratchFolder, _ log: String, minCount: Int?) throws {
        try folder.write(log, to: "log.ndjson")
        try folder.write(Self.pipeline + (minCount.map { "privacy: {min_count: \($0)}\n" } ?? ""), to: "p.yaml")
        let ended = try Binary.run(["run", "p.yaml", "-o", "out", "--as-of", "2026-03-05T00:00:00Z"], in: folder.path)
        #expect(ended.status == 0, "\(ended.errors)")
    }

    @Test(arguments: [1, 2, 3])
    func rowsStayWithEnoughPersons(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let persons = (0..<6).map { person in
            var time = 0
            return (0..<random.int(1...14)).map { _ in
                time += random.int(1...120) * 60
                return line(person, time, &random)
            }.joined()
        }
        let folder = try ScratchFolder()
        var behind: [String: [[String]: Int]] = [:]
        for log in persons {
            try run(folder, log, minCount: nil)
            for (name, count) in Self.counts {
                let rows = try table(name, folder)
                let counts = try #require(rows.column(count))
                for (row, count) in zip(rows.rows, counts) where count != "0" {
                    behind[name, default: [:]][Array(row.prefix(Self.keys[name]!)), default: 0] += 1
                }
            }
        }
        try run(folder, persons.joined(), minCount: nil)
        let whole = try Dictionary(uniqueKeysWithValues: Self.counts.keys.map { ($0, try table($0, folder)) })
        let database = try Data(contentsOf: folder.url.appendingPathComponent("out/metrics.sqlite"))
        #expect(try mode(folder) == 0o644)
        var leftOut = 0
        for minCount in [1, 2, 4, 7] {
            try run(folder, persons.joined(), minCount: minCount)
            let log = SmallLog(in: folder)
            for (name, all) in whole {
                let expected = all.rows.filter { behind[name]?[Array($0.prefix(Self.keys[name]!))] ?? 0 >= minCount }
                #expect(try table(name, folder).rows == expected, "seed \(seed), \(name), min_count \(minCount)")
                #expect(log.record("privacy.rows_left_out.\(name)") == "\(all.rows.count - expected.count)")
                leftOut += all.rows.count - expected.count
            }
            // The days stay, for whoever may read them.
            #expect(try Data(contentsOf: folder.url.appendingPathComponent("out/metrics.sqlite")) == database)
            #expect(try mode(folder) == 0o600)
        }
        #expect(leftOut > 20)
    }

    private func mode(_ folder: ScratchFolder) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: folder.path("out/metrics.sqlite"))[.posixPermissions] as? Int
    }

    /// What cannot be measured is nobody's: such a row stays, and says so.
    @Test func unmeasurableFrictionsStay() throws {
        let folder = try ScratchFolder()
        try folder.write("{\"t\":1772323200,\"c\":\"p\",\"ch\":\"web\",\"tp\":\"a\"}\n", to: "log.ndjson")
        let needy = Self.pipeline.replacingOccurrences(of: "frictions:\n", with: "frictions:\n  include: [re_explain]\n")
        try folder.write(needy + "privacy: {min_count: 3}\n", to: "p.yaml")
        let ended = try Binary.run(["run", "p.yaml", "-o", "out"], in: folder.path)
        #expect(ended.status == 0 && ended.output.contains("rows of fewer than 3 persons"), "\(ended.errors)")
        let frictions = try table("frictions", folder)
        #expect(frictions.rows.count == 3 && frictions.column("measurable") == ["false", "false", "false"])
        #expect(try table("journeys", folder).rows.isEmpty)
    }
}
