import Foundation
import Scenarios
import Testing

@Suite struct TicketsTests {
    @Test(arguments: [1, 2] as [UInt64])
    func truthIsWhatTheLinesSay(seed: UInt64) throws {
        try withFolder { folder in
            _ = try Scenario.tickets.generate(into: folder.path, lines: 6000, seed: seed)
            let reader = LogReader(folder: folder)
            let truth = try reader.truth()
            var reasons: [String: Int] = [:]
            var cases: Set<String> = []
            var activities: [String: Int] = [:]
            var last = ""
            for line in try reader.lines(of: "tickets") {
                switch read(line) {
                case .failure(let bad): reasons[bad.reason, default: 0] += 1
                case .success(let event):
                    cases.insert(event.ticket)
                    activities[event.activity, default: 0] += 1
                    last = max(last, event.time)
                }
            }
            #expect((truth["quarantined_by_reason"] as? [String: Int])?.filter { $0.value != 0 } == reasons)
            #expect(truth["cases"] as? Int == cases.count)
            #expect(truth["events_by_activity"] as? [String: Int] == activities)
            let ledger = try #require(truth["ledger"] as? [String: Int])
            #expect(ledger["lines"] == 6000 && ledger["events"] == activities.values.reduce(0, +))
            // Wall clock of central Europe to UTC; the log ends in summer time.
            let asOf = try #require(truth["as_of"] as? String).replacing(".000000Z", with: "Z")
            let seconds = try #require(ISO8601DateFormatter().date(from: asOf))
            #expect(ISO8601DateFormatter().date(from: last + "+02:00") == seconds)
        }
    }

    private struct Bad: Error { var reason: String }
    private typealias Ticket = (ticket: String, activity: String, time: String)

    private func read(_ line: Data) -> Result<Ticket, Bad> {
        guard String(validating: line, as: UTF8.self) != nil else { return .failure(Bad(reason: "invalid_utf8")) }
        guard let value = try? JSONSerialization.jsonObject(with: line, options: .fragmentsAllowed) else {
            return .failure(Bad(reason: "invalid_json"))
        }
        guard let object = value as? [String: Any] else { return .failure(Bad(reason: "not_an_object")) }
        guard let time = object["timestamp"] as? String else { return .failure(Bad(reason: "missing_time")) }
        guard ISO8601DateFormatter().date(from: time + "Z") != nil else { return .failure(Bad(reason: "bad_time")) }
        guard let ticket = object["case"] as? String, ticket != "unknown" else { return .failure(Bad(reason: "missing_identity")) }
        guard let activity = object["activity"] as? String else { return .failure(Bad(reason: "missing_touchpoint")) }
        return .success((ticket, activity, time))
    }
}
