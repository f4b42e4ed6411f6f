import Foundation
import Scenarios
import Testing

/// The retail log, read back line by line and compared with what the generator says of it.
@Suite struct RetailTests {
    @Test(arguments: [(6000, 1), (6000, 77), (400, 3)] as [(Int, UInt64)])
    func truthIsWhatTheLinesSay(lines: Int, seed: UInt64) throws {
        try withFolder { folder in
            _ = try Scenario.retail.generate(into: folder.path, lines: lines, seed: seed)
            let reader = LogReader(folder: folder)
            let truth = try reader.truth()
            var events: [RetailFields.Event] = []
            var reasons: [String: Int] = [:]
            var duplicates = 0
            for fields in RetailFields.all {
                let lines = try reader.lines(of: fields.source)
                var ids: Set<String> = []
                var bad = 0
                var again = 0
                for line in lines {
                    switch fields.read(line) {
                    case .bad(let reason):
                        reasons[reason, default: 0] += 1
                        bad += 1
                    case .event(let event):
                        if ids.insert(event.id).inserted { events.append(event) } else { again += 1 }
                    }
                }
                duplicates += again
                let said = try #require((truth["sources"] as? [String: [String: Int]])?[fields.source])
                #expect(said == ["lines": lines.count, "quarantined": bad, "duplicates": again], "source \(fields.source)")
            }

            let sharing = Sharing(events)
            let filtered = events.count { sharing.isNobodys($0) }
            #expect(
                truth["ledger"] as? [String: Int] == [
                    "lines": lines, "events": events.count - filtered, "quarantined": reasons.values.reduce(0, +), "duplicates": duplicates,
                    "filtered": filtered, "late": 0,
                ])
            #expect((truth["quarantined_by_reason"] as? [String: Int])?.filter { $0.value != 0 } == reasons)
            #expect(
                (truth["usable_lines_by_channel"] as? [String: Int])?.filter { $0.value != 0 }
                    == Dictionary(grouping: events, by: \.channel).mapValues(\.count))
            #expect((truth["people"] as? [String: Int])?["with_customer_number"] == Set(events.compactMap(\.customer)).count)
            #expect(truth["devices"] as? [String: Int] == ["shared": sharing.shared.count, "placeholders": sharing.placeholders.count])
            #expect((truth["happened"] as? [String: Int])?["orders_confirmed"] == events.count { $0.touchpoint == "order/confirmed" })
            #expect((truth["happened"] as? [String: Int])?["phone_calls"] == events.count { $0.touchpoint == "phone/menu" })
            let asOf = try #require(truth["as_of"] as? String).replacing("000Z", with: "Z")
            let format = ISO8601DateFormatter()
            format.formatOptions.insert(.withFractionalSeconds)
            #expect(abs(try #require(format.date(from: asOf)).timeIntervalSince1970 - (events.map(\.time).max() ?? 0)) < 0.0005)
        }
    }

    /// Devices by the number of customers seen on them.
    private struct Sharing {
        var shared: Set<String>
        var placeholders: Set<String>

        init(_ events: [RetailFields.Event]) {
            var customers: [String: Set<String>] = [:]
            for event in events {
                guard let customer = event.customer else { continue }
                for id in [event.email, event.device].compactMap({ $0 }) { customers[id, default: []].insert(customer) }
            }
            shared = Set(customers.filter { (2...5).contains($0.value.count) }.keys)
            placeholders = Set(customers.filter { $0.value.count > 5 }.keys)
        }

        func isNobodys(_ event: RetailFields.Event) -> Bool {
            event.customer == nil && event.email == nil && event.device.map(placeholders.contains) == true
        }
    }

    @Test func theDefaultLogHasAllItPromises() throws {
        try withFolder { folder in
            let summary = try Scenario.retail.generate(into: folder.path, lines: Scenario.retail.defaultLines, seed: 1)
            let truth = try LogReader(folder: folder).truth()
            let reasons = try #require(truth["quarantined_by_reason"] as? [String: Int])
            #expect(reasons.count == 8 && reasons.values.allSatisfy { $0 > 0 })
            let ledger = try #require(truth["ledger"] as? [String: Int])
            // Below the 1 % at which a run refuses a log.
            #expect(try #require(ledger["quarantined"]) * 200 < summary.lines)
            #expect(try #require(ledger["duplicates"]) > 0 && #require(ledger["filtered"]) > 0)
            let devices = try #require(truth["devices"] as? [String: Int])
            #expect(try #require(devices["shared"]) > 2 && #require(devices["placeholders"]) > 2)
            let channels = try #require(truth["usable_lines_by_channel"] as? [String: Int])
            #expect(channels.count == 6 && channels.values.allSatisfy { $0 > 100 })
            #expect(summary.fileBytes < 2_000_000)
        }
    }

    @Test func linesAreNotInTheOrderOfTime() throws {
        try withFolder { folder in
            _ = try Scenario.retail.generate(into: folder.path, lines: 3000, seed: 1)
            for fields in RetailFields.all where fields.source == "web" || fields.source == "app" {
                let times = try LogReader(folder: folder).lines(of: fields.source).compactMap { line in
                    if case .event(let event) = fields.read(line) { event.time } else { nil }
                }
                #expect(zip(times, times.dropFirst()).contains { $0 > $1 })
            }
        }
    }

    @Test func customerNumbersAreBeyondWhatFloatingPointKeeps() throws {
        try withFolder { folder in
            _ = try Scenario.retail.generate(into: folder.path, lines: 2000, seed: 1)
            let text = try LogReader(folder: folder).lines(of: "app").map { String(decoding: $0, as: UTF8.self) }.joined()
            #expect(text.contains("\"account\":90071992") || text.contains("\"account\":9007200"))
        }
    }
}
