import Definitions
import Foundation
import Ingest
import Journeys
import Runs
import TestSupport
import Testing

@testable import Tables
@testable import Timelines

/// A trace keeps what the fold counts: the traces of all persons of a random case add up to its tables.
@Suite struct TraceSumTests {
    @Test(arguments: 0..<UInt64(12))
    func tracesAddUpToTheTables(slice: UInt64) throws {
        var matches = 0
        for seed in slice * 25..<slice * 25 + 25 { matches += try check(seed: 80_000 + seed) }
        #expect(matches > 10, "the cases no longer test anything")
    }

    /// - Returns: how many matches there were.
    private func check(seed: UInt64) throws -> Int {
        let folder = try ScratchFolder()
        let drawn = RandomCase(seed: seed)
        var options = LogOptions(pipelinePath: try drawn.write(to: folder.url).path, threads: 2, memoryBytes: 64 << 20)
        options.asOf = drawn.asOf
        let route = try LogRoute(options, cancellation: Cancellation())
        var clock = StageClock(route.stages)
        var log = try route.read(&clock)
        let stitched = try route.stitch(&log, keepsGraph: true, &clock)
        let shards = try route.shard(&log, stitched, &clock)
        let plan = try route.judge(shards, stitched, &clock).plan
        let folds = try route.fold(shards, keepsRows: true, plan, &clock)
        let cells = try route.sum(folds, &clock)
        let names = route.definition.tableNames(texts: stitched.texts, asOf: plan.asOf) { _, _ in [] }
        let thresholds = cells.stallThresholds(names: names)
        var sums = Sums()
        let tracer = PersonTracer(plan: plan)
        for person in 0..<UInt32(stitched.persons) {
            try shards.withRows(of: person) { rows in
                let trace = tracer.trace(rows: rows)
                // The marks of a picture are the stalls; everything else comes from the trace itself.
                let timeline = Timeline(
                    pipeline: route.definition, trace: trace, thresholds: thresholds, zone: .utc, asOf: plan.asOf, person: "",
                    otherNames: [],
                    focus: .person, limit: 1)
                sums.add(trace, TimelineMarks(timeline), route.definition)
            }
        }
        #expect(sums.events == folds.reduce(0) { $0 + Int($1.events) }, "seed \(seed)")
        for (table, counters) in [
            (JourneyTable.make(.total, cells, names), ["started", "completed", "failed", "abandoned", "open", "events"]),
            (SessionTable.make(.total, cells, names), ["sessions", "events", "bounces", "concurrent"]),
            (StallTable.make(.total, cells, names), ["visits", "progressed", "goal", "stopped", "open", "slow", "idle"]),
            (FrictionTable.make(.total, cells, names), ["occurrences", "journeys", "customers", "events"]),
        ] {
            for row in table.rows {
                // What cannot be measured has no numbers, and is matched all the same.
                guard table.name != "frictions" || cell("measurable", row, table) == .boolean(true) else { continue }
                let key = table.keyColumns.map { name -> String in
                    switch cell(name, row, table) {
                    case .text(let text): text
                    case .integer(let number): "\(number)"
                    default: ""
                    }
                }
                for counter in counters {
                    let sum = sums.counts["\(table.name) \(counter) \(key.joined(separator: " "))", default: 0]
                    #expect(
                        cell(counter, row, table) == .integer(Int64(sum)), "seed \(seed): \(table.name) \(key) \(counter) against \(sum)")
                }
            }
        }
        return sums.matches
    }

    private func cell(_ column: String, _ row: [ReportTable.Cell], _ table: ReportTable) -> ReportTable.Cell {
        row[table.columns.firstIndex { $0.name == column }!]
    }

    private struct Sums {
        var counts: [String: Int] = [:]
        var events = 0
        var matches = 0

        mutating func add(_ trace: PersonTrace, _ marks: TimelineMarks, _ pipeline: PipelineDefinition) {
            events += trace.events.count
            matches += trace.matches.count
            for session in trace.sessions {
                count("sessions sessions \(session.channel)")
                count("sessions events \(session.channel)", session.events)
                if session.events == 1 { count("sessions bounces \(session.channel)") }
                if session.isConcurrent { count("sessions concurrent \(session.channel)") }
            }
            var persons: Set<String> = []
            for journey in trace.journeys {
                let type = pipeline.journeys[journey.type]
                count("journeys started \(type.name)")
                count("journeys \(journey.status) \(type.name)")
                count("journeys events \(type.name)", journey.events.count)
                for visit in journey.visits {
                    count("stalls visits \(type.name) \(visit.step + 1)")
                    count("stalls \(word(visit.end)) \(type.name) \(visit.step + 1)")
                }
                for match in journey.matches {
                    let rule = pipeline.frictions[trace.matches[match].rule].name
                    count("frictions occurrences \(type.name) \(rule)")
                    count("frictions events \(type.name) \(rule)", trace.matches[match].bound.count)
                    persons.insert("frictions customers \(type.name) \(rule)")
                }
                for rule in Set(journey.matches.map { trace.matches[$0].rule }) {
                    count("frictions journeys \(type.name) \(pipeline.frictions[rule].name)")
                }
            }
            for person in persons { count(person) }
            for stall in marks.stalls where stall.kind != .stopped {
                let journey = trace.journeys[stall.journey]
                count("stalls \(stall.kind.rawValue) \(pipeline.journeys[journey.type].name) \(journey.visits[stall.visit].step + 1)")
            }
        }

        private mutating func count(_ key: String, _ amount: Int = 1) { counts[key, default: 0] += amount }

        private func word(_ end: VisitEnd) -> String {
            switch end {
            case .progressed: "progressed"
            case .goal: "goal"
            case .stopped: "stopped"
            case .open: "open"
            }
        }
    }
}
