import Foundation
import Testing

@testable import Scenarios

/// What the retail scenario says of its frictions: that it says enough, and that the log says the same.
@Suite struct FrictionTests {
    private static let names = Friction.allCases.map { "\($0.name)" }

    @Test func everyFrictionIsThereAndSoIsWhatLooksLikeIt() throws {
        try withFolder { folder in
            _ = try Scenario.retail.generate(into: folder.path, lines: Scenario.retail.defaultLines, seed: 1)
            let reader = LogReader(folder: folder)
            let truths = try reader.frictionTruth().map { try FrictionTruth($0) }
            var counts: [String: [String: Int]] = [:]
            for truth in truths { counts[truth.friction, default: [:]][truth.kind, default: 0] += 1 }
            #expect(counts.keys.sorted() == Self.names.sorted())
            for (name, count) in counts {
                // At 200,000 lines that makes a hundred and more of each.
                #expect((8...250).contains(count["planted", default: 0]), "\(name): \(count)")
                #expect((8...250).contains(count["near_miss", default: 0]), "\(name): \(count)")
            }
            let said = try #require(try reader.truth()["frictions"] as? [String: [String: Int]])
            let found = counts.mapValues { count in
                ["planted": count["planted"] ?? 0, "near_misses": count["near_miss"] ?? 0, "cut": count["cut"] ?? 0]
            }
            #expect(said == found)
            let reasons = Set(truths.compactMap { truth in truth.because.map { "\(truth.friction): \($0)" } })
            #expect(reasons.count >= 35, "\(reasons.sorted())")
            // Nearly all is decided when the log ends.
            #expect(truths.count { $0.kind == "cut" } * 10 < truths.count)
        }
    }

    @Test(arguments: [(10_000, 1), (10_000, 21), (300, 2)] as [(Int, UInt64)])
    func theLogSaysTheSame(lines: Int, seed: UInt64) throws {
        try withFolder { folder in
            _ = try Scenario.retail.generate(into: folder.path, lines: lines, seed: seed)
            let reader = LogReader(folder: folder)
            let asOf = try FrictionTruth.seconds(try reader.truth()["as_of"] as? String)
            let events = try Dictionary(grouping: usableEvents(reader), by: \.time)
            var people: [String: [RetailFields.Event]] = [:]
            for event in events.values.joined() { people[event.customer ?? "", default: []].append(event) }
            for truth in try reader.frictionTruth().map({ try FrictionTruth($0) }) {
                #expect(truth.first <= truth.last && truth.first <= asOf, "\(truth)")
                guard truth.kind != "cut" else { continue }
                let lasts = events[truth.last, default: []].filter { truth.isShown(by: $0) }
                #expect(!lasts.isEmpty, "\(truth)")
                #expect(events[truth.first] != nil, "\(truth)")
                guard truth.kind == "planted" else { continue }
                #expect(lasts.contains { Self.canEnd(truth.friction, $0) }, "\(truth), \(lasts)")
                guard truth.idType == "customer", let own = people[truth.person] else { continue }
                let within = own.filter { (truth.first...truth.last).contains($0.time) }
                check(truth, within, own)
            }
        }
    }

    /// Lines with the number of a customer, or with another sign of one, duplicates included.
    private func usableEvents(_ reader: LogReader) throws -> [RetailFields.Event] {
        try RetailFields.all.flatMap { fields in
            try reader.lines(of: fields.source).compactMap { line in
                if case .event(let event) = fields.read(line) { event } else { nil }
            }
        }
    }

    /// Whether an event may be the last of a friction, by its own words alone.
    private static func canEnd(_ friction: String, _ event: RetailFields.Event) -> Bool {
        let isContact = ["chat", "phone"].contains(event.channel) && event.initiator == "customer"
        return switch friction {
        case "repeat_contact": isContact
        case "late_delivery_contact": isContact && event.attributes["topic"] == "delivery"
        case "unanswered": isContact && event.action == "message"
        case "bot_loop": event.initiator == "system" && event.action == "answer"
        case "ping_pong", "re_explain": event.initiator == "agent" && event.attributes["team"] != nil && event.attributes["agent"] != nil
        case "escalation_unresolved": event.initiator == "agent" && event.action == "escalate"
        case "dead_end": ["no-results", "not-found"].contains(event.outcome)
        case "error_exit", "error_burst": ["error", "declined", "timeout"].contains(event.outcome)
        case "channel_restart": ["add", "submit"].contains(event.action) && event.outcome == "ok"
        case "payment_retry": event.touchpoint == "checkout/payment" && event.action == "submit"
        case "terms_drift": event.attributes["price"] != nil && event.attributes["item"] != nil
        case "outreach_collision": event.channel == "email" && event.action == "send" && event.attributes["team"] == "sales"
        case "rage_click": event.action == "click" && event.attributes["target"] != nil
        case "forced_login": event.action == "login"
        case "quick_back", "rework_loop": event.action == "view"
        default: false
        }
    }

    /// Looks closer where that is cheap: at the person's events from the first to the last, and at all of their events.
    private func check(_ truth: FrictionTruth, _ within: [RetailFields.Event], _ own: [RetailFields.Event]) {
        let seconds = truth.last - truth.first
        switch truth.friction {
        case "rage_click":
            #expect(seconds <= 1 && Set(within.filter { $0.action == "click" }.map(\.id)).count >= 3, "\(truth)")
            #expect(Set(within.map { $0.attributes["target"] }).count == 1, "\(truth)")
        case "error_burst":
            #expect(seconds <= 300 && Set(within.filter { Self.canEnd("error_burst", $0) }.map(\.id)).count >= 3, "\(truth)")
        case "dead_end", "error_exit":
            guard let channel = within.first?.channel else { return }
            let next = own.filter { $0.channel == channel && $0.initiator == "customer" && $0.time > truth.last }.map(\.time).min()
            #expect(next.map { $0 - truth.last > 1800 } ?? true, "\(truth)")
        case "escalation_unresolved":
            #expect(!own.contains { $0.outcome == "resolved" && $0.time > truth.last && $0.time <= truth.last + 3 * 86_400 }, "\(truth)")
        case "unanswered":
            #expect(!own.contains { $0.action == "answer" && $0.time > truth.last && $0.time <= truth.last + 86_400 }, "\(truth)")
        case "re_explain":
            #expect(seconds <= 7 * 86_400 && within.count { $0.initiator == "agent" } >= 3, "\(truth)")
        case "outreach_collision":
            #expect(seconds <= 86_400, "\(truth)")
            #expect(Set(within.filter { $0.channel == "email" }.compactMap { $0.attributes["team"] }).count == 2, "\(truth)")
        case "terms_drift":
            let items = Dictionary(grouping: within.filter { $0.attributes["price"] != nil }, by: { $0.attributes["item"] })
            #expect(
                items.values.contains { Set($0.map { $0.attributes["price"] }).count > 1 && Set($0.map(\.channel)).count > 1 }, "\(truth)")
        case "repeat_contact":
            #expect(seconds <= 7 * 86_400, "\(truth)")
            let spoken = within.filter { ["chat", "phone"].contains($0.channel) && $0.time < truth.last }.map(\.time).max()
            #expect(spoken.map { truth.last - $0 > 600 } ?? false, "\(truth)")
        case "late_delivery_contact": #expect(within.contains { $0.outcome == "late" }, "\(truth)")
        case "payment_retry": #expect(seconds <= 1800, "\(truth)")
        default: break
        }
    }

    /// Nobody comes twice within half a round, and nobody who shares a computer comes near the others of the household.
    @Test(arguments: [1, 15, 16, 17, 1000, 18_182] as [UInt64])
    func peopleComeFarApart(people: UInt64) {
        let rota = Rota(people: people)
        #expect(UInt64(rota.people) >= people)
        let round = UInt64(rota.people)
        var places: [UInt32: UInt64] = [:]
        for arrival in 0..<round { places[rota.person(arrival: arrival)] = arrival }
        #expect(places.count == Int(rota.people), "everybody comes once in a round")
        for arrival in round..<round * 2 { #expect(places[rota.person(arrival: arrival)] == arrival - round) }
        for household in 0..<rota.people / 16 {
            let members = (0..<3 as Range<UInt32>).compactMap { places[household * 16 + $0] }.sorted()
            let gaps = zip(members, members.dropFirst() + [members[0] + round]).map { $1 - $0 }
            #expect(gaps.allSatisfy { $0 >= round / 4 }, "household \(household): \(members)")
        }
    }
}
