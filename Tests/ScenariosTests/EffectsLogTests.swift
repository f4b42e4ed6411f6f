import Foundation
import Testing

@testable import Scenarios

/// The log whose effects are known: its effects are what the scenario promises, and the log says the same.
@Suite struct EffectsLogTests {
    private struct Line: Decodable {
        var time, customer, channel, touchpoint, action: String
        var outcome, device: String?
        var value: Double?
    }

    private func read(_ folder: URL) throws -> [Line] {
        try LogReader(folder: folder).lines(of: "effects").map { try JSONDecoder().decode(Line.self, from: $0) }
    }

    /// What the chances come to, step by step: twenty points, none, ten.
    @Test(arguments: [(Scenario.effects, 1.0), (.noEffects, 0.0)])
    func effectsAreAsLargeAsPromised(scenario: Scenario, scale: Double) throws {
        let ways = ShopJourney.all(scenario == .effects ? .planted : .nothing)
        #expect(abs(ways.reduce(0) { $0 + $1.probability } - 1) < 1e-12)
        try withFolder { folder in
            _ = try scenario.generate(into: folder.path, lines: 16_000, seed: 1)
            let truth = try LogReader(folder: folder).truth()
            let problems = try #require(truth["problems"] as? [String: [String: Any]])
            let wanted = ["form_error": ([3, 4], -0.2), "no_results": ([1, 2], 0), "saved_address": ([3], 0.1)]
            #expect(problems.keys.sorted() == wanted.keys.sorted())
            for (name, (levels, difference)) in wanted {
                let found = try #require(problems[name]?["levels"] as? [[String: Double]])
                #expect(found.map { $0["level"] } == levels.map { Double($0) }, "\(name)")
                #expect(found.allSatisfy { $0["difference"] == scale * difference }, "\(name): \(found)")
                let journeys = found.reduce(0) { $0 + ($1["journeys"] ?? 0) }
                let lost = try #require(problems[name]?["lost"] as? Double)
                #expect(abs(lost + scale * difference * journeys) < 1e-6, "\(name)")
            }
            let devices = try #require(truth["devices"] as? [String: [String: Double]])
            let loss = devices.mapValues { $0["lost_rate_at_cart"] }
            #expect(loss == ["desktop": 0.2, "phone": scale > 0 ? 0.3 : 0.2, "tablet": 0.2])
        }
    }

    /// Purchases that began a week before the end, by what their lines say.
    @Test(arguments: [Scenario.effects, .noEffects], [3, 4] as [UInt64])
    func truthIsWhatTheLinesSay(scenario: Scenario, seed: UInt64) throws {
        try withFolder { folder in
            _ = try scenario.generate(into: folder.path, lines: 12_000, seed: seed)
            let truth = try LogReader(folder: folder).truth()
            let lines = try read(folder)
            let asOf = try #require(truth["as_of"] as? String)
            #expect(asOf.replacing("000Z", with: "Z") == lines.map(\.time).max())
            let end = try #require(RetailFields.seconds(asOf.replacing("000Z", with: "Z")))
            let shoppers = Dictionary(grouping: lines.filter { $0.channel == "web" }, by: \.customer).values.filter { lines in
                RetailFields.seconds(lines[0].time).map { end - $0 >= 7 * 86_400 } ?? false
            }
            let purchase = try #require(truth["purchase"] as? [String: Double])
            #expect(purchase["mature"] == Double(shoppers.count))
            #expect(purchase["converted"] == Double(shoppers.count { $0.contains { $0.touchpoint == "order/confirmed" } }))
            let problems = try #require(truth["problems"] as? [String: [String: Any]])
            let signs: [String: (Line) -> Bool] = [
                "form_error": { $0.outcome == "error" }, "no_results": { $0.outcome == "no-results" },
                "saved_address": { $0.action == "autofill" },
            ]
            for (name, isSign) in signs {
                #expect(problems[name]?["journeys"] as? Int == shoppers.count { $0.contains(where: isSign) }, "\(name)")
            }
            let devices = try #require(truth["devices"] as? [String: [String: Double]])
            for (name, device) in devices {
                let carts = shoppers.filter { $0[0].device == name && $0.contains { $0.touchpoint == "shop/cart" } }
                #expect(device["carts"] == Double(carts.count))
                #expect(device["lost_at_cart"] == Double(carts.count { !$0.contains { $0.touchpoint == "checkout/address" } }))
            }
        }
    }

    /// Busy hours of e-mail are those of the floods: the upper quarter of its hours begins among them.
    @Test func floodsAreTheBusyHours() {
        let floods = MailFloods(seed: 11)
        let counts = (0..<UInt64(60 * 24)).map { floods.mails(inHour: $0) }.filter { $0 > 0 }.sorted()
        #expect(counts.count == 600 && counts[counts.count / 2] == 1)
        #expect(counts[(counts.count * 3 + 3) / 4 - 1] == 3)
    }

    /// No table has the survey yet; the log has it, as the truth says.
    @Test(arguments: [Scenario.effects, .noEffects])
    func surveyAnswersFollowTheErrors(scenario: Scenario) throws {
        try withFolder { folder in
            _ = try scenario.generate(into: folder.path, lines: 60_000, seed: 5)
            let truth = try #require(LogReader(folder: folder).truth()["survey"] as? [String: Any])
            let people = Dictionary(grouping: try read(folder), by: \.customer).values
            let answers = people.compactMap { lines -> (effort: Double, points: Double)? in
                guard let points = lines.first(where: { $0.touchpoint == "survey/effort" })?.value else { return nil }
                return (Double(lines.count { ["error", "no-results"].contains($0.outcome) }), points)
            }
            #expect(answers.count > 1000 && answers.allSatisfy { (1...7).contains($0.points) })
            let count = Double(answers.count)
            let (effort, points) = (answers.reduce(0) { $0 + $1.effort } / count, answers.reduce(0) { $0 + $1.points } / count)
            func covariance(_ one: (Double, Double) -> Double) -> Double {
                answers.reduce(0) { $0 + one($1.effort - effort, $1.points - points) } / count
            }
            let correlation =
                covariance { $0 * $1 } / (covariance { one, _ in one * one } * covariance { _, two in two * two }).squareRoot()
            #expect(abs(points - (try #require(truth["mean"] as? Double))) < 0.12)
            #expect(abs(effort - (try #require(truth["mean_effort"] as? Double))) < 0.07)
            #expect(abs(correlation - (try #require(truth["correlation"] as? Double))) < 0.08)
        }
    }
}
