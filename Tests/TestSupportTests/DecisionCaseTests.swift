import Testing

@testable import TestSupport

/// Random cases must reach what the decision tables are for.
@Suite struct DecisionCaseTests {
    @Test func casesReachTheCornersOfDecisions() {
        var counts: [String: Int] = [:]
        for seed in UInt64(0)..<150 {
            let decisions = RandomCase(seed: seed).expected.decisions
            func count(_ name: String, _ rows: [NaiveRow], _ isMeant: (NaiveRow) -> Bool) {
                counts[name, default: 0] += rows.contains(where: isMeant) ? 1 : 0
            }
            func has(_ column: String) -> (NaiveRow) -> Bool {
                { row in
                    switch row[column] {
                    case .integer(let number?)?: number > 0
                    case .ratio(let ratio?)?: ratio != 0
                    default: false
                    }
                }
            }
            count("segments tested", decisions.segments, has("p_value"))
            count("none", decisions.segments) { $0.text("segment") == "(none)" }
            count("segment steps tested", decisions.segmentSteps, has("p_value"))
            count("segment frictions tested", decisions.segmentFrictions, has("p_value"))
            count("lost", decisions.priorities, has("lost"))
            count("value", decisions.priorities, has("value_lost"))
            count("unmatched", decisions.priorities) { has("unmatched")($0) && has("converted")($0) }
            count("stalls", decisions.priorities) { $0.text("kind") == "stall" && has("lost")($0) }
            count("verdicts", decisions.priorities) { $0.text("verdict") != "unclear" }
            count("trends", decisions.priorities, has("trend_difference_high"))
            count("repeated", decisions.contacts, has("repeated"))
            count("elsewhere", decisions.contacts, has("repeated_elsewhere"))
            count("within", decisions.responses, has("within_sla"))
            count("busy", decisions.busy, has("difference"))
            count("busy tested", decisions.busy, has("p_value"))
            count("returned", decisions.handoffs, has("returned"))
            count("handed converted", decisions.handoffs, has("converted"))
        }
        #expect(counts.values.allSatisfy { $0 >= 4 }, "\(counts)")
    }

    /// A limit one microsecond shorter changes a table only where something is exactly as long as the limit.
    @Test func casesReachTheLimitsOfDecisions() {
        var changes: [String: Int] = [:]
        for seed in UInt64(0)..<240 {
            let drawn = RandomCase(seed: seed)
            func change(_ name: String, _ rows: (NaiveDecisions) -> [NaiveRow], _ change: (inout NaivePipeline) -> Void) {
                var pipeline = drawn.pipeline
                change(&pipeline)
                let changed = rows(NaiveReference.tables(pipeline, drawn.files, asOf: drawn.asOf).decisions)
                changes[name, default: 0] += changed == rows(drawn.expected.decisions) ? 0 : 1
            }
            func counts(_ rows: [NaiveRow]) -> [NaiveRow] {
                rows.map { ["repeated": $0["repeated"]!, "judged": $0["judged"]!, "contacts": $0["contacts"]!] }
            }
            change("handover", { counts($0.contacts) }) { $0.contacts.handover -= 1 }
            change("windows", { counts($0.contacts) }) { pipeline in
                for index in pipeline.contacts.windows.indices { pipeline.contacts.windows[index] -= 1 }
            }
            change("gaps", { counts($0.contacts) }) { pipeline in
                for index in pipeline.channels.indices { pipeline.channels[index].gap? -= 1 }
            }
            change("response SLAs", { $0.responses.map { ["within": $0["within_sla"]!] } }) { pipeline in
                for index in pipeline.channels.indices { pipeline.channels[index].responseSLA? -= 1 }
            }
            change("horizons", { $0.priorities }) { pipeline in
                for index in pipeline.journeys.indices { pipeline.journeys[index].horizon? -= 1 }
            }
            change("slas", { $0.priorities }) { pipeline in
                for index in pipeline.journeys.indices {
                    for step in pipeline.journeys[index].steps.indices { pipeline.journeys[index].steps[step].sla? -= 1 }
                }
            }
        }
        #expect(changes.values.allSatisfy { $0 >= 2 }, "\(changes)")
    }
}
