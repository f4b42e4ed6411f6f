import Foundation
import Scenarios
import TestSupport
import Testing

/// The tables of decisions (pipelines/rules.md, 21) on logs whose effects are known: what was planted is found as large as it is, and
/// where nothing was planted nothing is. The seeds are fixed, so a run is as good as the last one.
///
/// `SOJOURN_SEEDS='0..<200' swift test -c release -Xswiftc -enable-testing --filter EffectsTests` takes two hundred logs and prints the figures.
@Suite struct EffectsTests {
    private static let seeds = SeedSlices.of(0..<20, by: 1).flatMap { $0 }
    private static let problems = ["form_error", "no_results", "saved_address"]

    /// Lines of a log: as large as it takes to find what costs 20 points, with about 1,900 purchases, 370 of which meet it.
    private static let lines = 16_000

    @Test func whatWasPlantedIsFoundAsLargeAsItIs() throws {
        var tallies = Tallies()
        for seed in Self.seeds {
            let log = try EffectsLog(.effects, lines: Self.lines, seed: seed)
            try Self.countCoverage(log, &tallies)
            try Self.countRates(log, &tallies)
            let verdict = { (problem: String) in try log.row("priorities", ["kind": "friction", "problem": problem]).text("verdict") }
            tallies.count("form_error costs", try verdict("form_error") == "costs")
            tallies.count("saved_address costs", try verdict("saved_address") == "costs")
            tallies.count("no_results costs or helps", try verdict("no_results") != "unclear")
            let busy = try log.row("busy", ["channel": "chat", "other_channel": "email"])
            tallies.count("e-mail starves chat", try busy.isSignificant && busy.number("difference") < 0)
            for row in try log.rows("busy") where row.texts["channel"] == "phone" || row.texts["other_channel"] != "email" {
                tallies.count("another channel starves one", row.isSignificant)
            }
        }
        Self.expectCoverage(tallies)
        tallies.expect("form_error costs", atLeast: 0.95)
        tallies.expect("saved_address costs", atMost: 0.05)
        tallies.expect("no_results costs or helps", atMost: 0.05)
        tallies.expect("e-mail starves chat", atLeast: 0.95)
        tallies.expect("another channel starves one", atMost: 0.05)
    }

    @Test func nothingIsFoundWhereNothingIsPlanted() throws {
        var tallies = Tallies()
        for seed in Self.seeds {
            let log = try EffectsLog(.noEffects, lines: Self.lines, seed: seed)
            try Self.countCoverage(log, &tallies)
            try Self.countRates(log, &tallies)
            let verdicts = try log.rows("priorities").map { try $0.text("verdict") }
            tallies.count("anything costs or helps", verdicts.contains { $0 != "unclear" })
            for table in ["segments", "segment_steps", "segment_frictions", "busy"] {
                tallies.count("\(table) finds anything", try log.rows(table).contains(where: \.isSignificant))
            }
        }
        Self.expectCoverage(tallies)
        tallies.expect("anything costs or helps", atMost: 0.05)
        for table in ["segments", "segment_steps", "segment_frictions", "busy"] { tallies.expect("\(table) finds anything", atMost: 0.05) }
    }

    // MARK: Intervals

    private static func countCoverage(_ log: EffectsLog, _ tallies: inout Tallies) throws {
        let truth = log.truth
        let purchases = try log.row("journeys", ["journey": "purchase"])
        // The log has the journeys that the generator says, each as far as it says.
        #expect(try purchases.integer("mature") == truth.purchase.mature)
        #expect(try purchases.integer("converted") == truth.purchase.converted)
        tallies.count("conversion of purchases", try purchases.covers("conversion_rate", truth.purchase.conversionRate))
        for name in Self.problems {
            let row = try log.row("priorities", ["kind": "friction", "problem": name])
            let problem = try #require(truth.problems[name])
            #expect(try row.integer("journeys") == problem.journeys && row.integer("unmatched") == 0, "\(name)")
            tallies.count("lost by \(name)", try row.covers("lost", problem.lost))
            tallies.count("lost by any problem", try row.covers("lost", problem.lost))
            tallies.add("lost by \(name)", off: try row.number("lost") - problem.lost)
        }
        // Slow steps have no effect, in either scenario.
        for row in try log.rows("priorities", ["journey": "purchase", "kind": "stall"]) {
            tallies.count("lost by stalls", try row.covers("lost", 0))
            tallies.count("lost by any problem", try row.covers("lost", 0))
        }
        try countDevices(log, &tallies)
        for contact in truth.contacts {
            let name = ["channel": contact.channel, "topic": contact.topic]
            for (window, chance) in [("86400.000", contact.repeated1d), ("604800.000", contact.repeated7d)] {
                let row = try log.row("contacts", name.merging(["window_seconds": window]) { $1 })
                tallies.count("solved contacts", try row.covers("fcr", 1 - chance))
                tallies.add(
                    "repeats elsewhere", try row.integer("repeated_elsewhere"), of: try row.integer("repeated"), chance: contact.elsewhere)
            }
        }
        let phone = try log.row("responses", ["channel": "phone"])
        tallies.count("answers by phone", try phone.covers("within_rate", truth.chatAnswers.phoneWithinRate))
        let busy = try log.row("busy", ["channel": "chat", "other_channel": "email"])
        tallies.add("chat while e-mail floods", off: try busy.number("difference") - truth.chatAnswers.difference)
        try countSurvey(log, &tallies)
    }

    private static func countSurvey(_ log: EffectsLog, _ tallies: inout Tallies) throws {
        func row(_ metric: String, _ journey: String, _ name: String) throws -> EffectsRow {
            try log.row("metrics", ["metric": metric, "journey": journey, "name": name])
        }
        func count(_ name: String, _ row: EffectsRow, _ value: Double) throws {
            tallies.count(name, try row.covers(value))
            tallies.add(name, off: try row.number("value") - value)
        }
        let truth = log.truth.survey
        try count("answers to the survey", row("surveys", "", "ces"), truth.mean)
        try count("effort of purchases", row("effort", "purchase", "mean"), truth.meanEffort)
        try count("effort and answers", row("effort", "purchase", "correlation ces"), truth.correlation)
    }

    /// Each device against the two others together, of which the log has as many as it has.
    private static func countDevices(_ log: EffectsLog, _ tallies: inout Tallies) throws {
        for (name, device) in log.truth.devices {
            let cart = try log.row("segment_steps", ["segment": name, "step": "cart"])
            #expect(try cart.integer("mature") == device.carts && cart.integer("lost") == device.lostAtCart, "\(name)")
            let others = log.truth.devices.filter { $0.key != name }.values
            let lost = others.reduce(0) { $0 + Double($1.carts) * $1.lostRateAtCart } / Double(others.reduce(0) { $0 + $1.carts })
            tallies.count("loss of a device at the cart", try cart.covers("difference", device.lostRateAtCart - lost))
            let row = try log.row("segments", ["segment": name])
            tallies.count("conversion of a device", try row.covers("conversion_rate", device.conversionRate))
            var (converted, mature) = (0.0, 0.0)
            for other in try log.rows("segments", ["journey": "purchase"]) where other.texts["segment"] != name {
                let count = Double(try other.integer("mature"))
                mature += count
                converted += count * (try #require(log.truth.devices[other.text("segment")]).conversionRate)
            }
            tallies.count("difference of a device", try row.covers("difference", device.conversionRate - converted / mature))
        }
    }

    private static func expectCoverage(_ tallies: Tallies) {
        let intervals =
            [
                "conversion of purchases", "lost by stalls", "loss of a device at the cart", "conversion of a device",
                "difference of a device",
                "solved contacts", "answers by phone", "lost by any problem", "answers to the survey", "effort of purchases",
                "effort and answers",
            ] + problems.map { "lost by \($0)" }
        for name in intervals { tallies.expect(name, chance: 0.95) }
        for name in ["repeats elsewhere", "hand-overs that return", "newest purchases", "newest contacts", "newest answers"] {
            tallies.expectNoDrift(name)
        }
        let centred = ["chat while e-mail floods", "answers to the survey", "effort of purchases", "effort and answers"]
        for name in centred + problems.map({ "lost by \($0)" }) { tallies.expectCentred(name) }
    }

    // MARK: Rates without an interval, and the newest days

    private static func countRates(_ log: EffectsLog, _ tallies: inout Tallies) throws {
        for handoff in log.truth.handoffs {
            let row = try log.row("handoffs", ["scope": "owner", "from": handoff.from, "to": handoff.to])
            tallies.add("hand-overs that return", try row.integer("returned"), of: try row.integer("count"), chance: handoff.returned)
        }
        // A journey that is over early must not be judged early: the newest days would show those that went well.
        for row in try log.newest("journeys", "journey = 'purchase'", having: "mature", days: 3) {
            let (converted, mature) = (try row.integer("converted"), try row.integer("mature"))
            tallies.add("newest purchases", converted, of: mature, chance: log.truth.purchase.conversionRate)
        }
        for contact in log.truth.contacts {
            let condition = "channel = '\(contact.channel)' AND topic = '\(contact.topic)' AND window_seconds = 604800"
            for row in try log.newest("contacts", condition, having: "judged", days: 3) {
                tallies.add("newest contacts", try row.integer("repeated"), of: try row.integer("judged"), chance: contact.repeated7d)
            }
        }
        for row in try log.newest("responses", "channel = 'phone'", having: "judged", days: 3) {
            let (within, judged) = (try row.integer("within_sla"), try row.integer("judged"))
            tallies.add("newest answers", within, of: judged, chance: log.truth.chatAnswers.phoneWithinRate)
        }
    }
}
