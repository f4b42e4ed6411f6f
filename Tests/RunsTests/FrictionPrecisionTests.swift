import Events
import Foundation
import Identity
import Ingest
import Journeys
import Scenarios
import TestSupport
import Testing

@testable import Runs

/// The shipped rules on a log whose every friction is known: what they find, and what they take for one by mistake.
@Suite struct FrictionPrecisionTests {
    /// A friction of one person that ended at one time.
    private struct Occurrence: Hashable {
        var friction: String
        var person: UInt32
        var last: Int64
    }

    private struct Pair: Hashable {
        var friction: String
        var person: UInt32
    }

    /// SOJOURN_TRUTH=seed:lines tries other logs by hand.
    private static let log: (seed: UInt64, lines: Int) = {
        let parts = (ProcessInfo.processInfo.environment["SOJOURN_TRUTH"] ?? "").split(separator: ":")
        guard parts.count == 2, let seed = UInt64(parts[0]), let lines = Int(parts[1]) else { return (20_261_121, 60_000) }
        return (seed, lines)
    }()

    @Test func everyShippedRuleFindsWhatWasPlantedAndNothingElse() throws {
        let folder = try ScratchFolder()
        _ = try Scenario.retail.generate(into: folder.url.appendingPathComponent("log").path, lines: Self.log.lines, seed: Self.log.seed)
        let (route, stitched, shards) = try prepared(folder)
        let graph = try #require(stitched.graph)
        let finder = PersonFinder(graph, route.definition)
        var planted: Set<Occurrence> = []
        var nearMisses: [String: Int] = [:]
        var undecided: Set<Pair> = []
        let truth = try String(contentsOf: folder.url.appendingPathComponent("log/truth-frictions.ndjson"), encoding: .utf8)
        for line in truth.split(separator: "\n") {
            let object = try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: String])
            let friction = try #require(object["friction"])
            let (idType, id) = (try #require(object["id_type"]), try #require(object["person"]))
            let person = try finder.person("\(idType):\(id)")
            let last = try #require(object["last"])
            switch object["kind"] {
            case "planted": planted.insert(Occurrence(friction: friction, person: person, last: try #require(TimeText.instant(last))))
            case "near_miss": nearMisses[friction, default: 0] += 1
            default: undecided.insert(Pair(friction: friction, person: person))
            }
        }
        var found: Set<Occurrence> = []
        var clock = StageClock(route.stages)
        let tracer = PersonTracer(plan: try route.judge(shards, stitched, &clock).plan)
        let scratch = PersonShards.Scratch()
        for shard in 0..<shards.count {
            try shards.forEachPerson(in: shard, scratch) { person, rows in
                let trace = tracer.trace(rows: rows)
                for match in Set(trace.journeys.flatMap(\.matches)).map({ trace.matches[$0] }) {
                    let last = trace.events[match.bound.last!.event].time
                    found.insert(Occurrence(friction: route.definition.frictions[match.rule].name, person: person, last: last))
                }
            }
        }
        for friction in route.definition.frictions.map(\.name) {
            // Of people for whom the log ends too early nothing is known.
            func decided(_ all: Set<Occurrence>) -> Set<Occurrence> {
                all.filter { $0.friction == friction && !undecided.contains(Pair(friction: friction, person: $0.person)) }
            }
            let (wanted, had) = (decided(planted), decided(found))
            let right = wanted.intersection(had).count
            #expect(wanted.count >= 20 && nearMisses[friction, default: 0] >= 20, "\(friction): too few to say anything")
            let (precision, recall) = (Double(right) / Double(max(1, had.count)), Double(right) / Double(max(1, wanted.count)))
            #expect(precision >= 0.99 && recall >= 0.99, "\(friction): \(right) right of \(had.count) found and \(wanted.count) planted")
        }
    }

    private func prepared(_ folder: ScratchFolder) throws -> (LogRoute, LogRoute.Stitched, PersonShards) {
        let project = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../..")
        let pipeline = try String(contentsOf: project.appendingPathComponent("pipelines/retail.yaml"), encoding: .utf8)
        let path = folder.url.appendingPathComponent("pipeline.yaml")
        try pipeline.replacingOccurrences(of: "../sample-data/", with: "log/").write(to: path, atomically: true, encoding: .utf8)
        let route = try LogRoute(LogOptions(pipelinePath: path.path, threads: 2, memoryBytes: 256 << 20), cancellation: Cancellation())
        var clock = StageClock(route.stages)
        var log = try route.read(&clock)
        let stitched = try route.stitch(&log, keepsGraph: true, &clock)
        return (route, stitched, try route.shard(&log, stitched, &clock))
    }
}
