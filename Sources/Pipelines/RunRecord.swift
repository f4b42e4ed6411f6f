import Events
import Foundation
import Ingest
import Reports

/// run.json: what this run read, counted and took. The only file with paths and the time of the run.
struct RunRecord {
    let definition: PipelineDefinition
    let options: RunOptions
    let inputs: [InputFile]
    let linesOfInput: [Int64]
    let ledger: Ledger
    let reasons: [(reason: RejectReason, count: Int64)]
    let asOf: EventTime?
    let persons: Int
    let stages: [StageTime]

    var json: JSONValue {
        .object([
            .init("tool", "sojourn"), .init("version", .text(SojournVersion.current)), .init("pipeline", .text(definition.name)),
            .init("pipeline_file", .text(options.pipelinePath)), .init("as_of", Self.time(asOf)), .init("ledger", .object(Self.ledger(ledger))),
            .init("quarantined_by_reason", .object(reasons.map { .init($0.reason.rawValue, .integer($0.count)) })),
            .init("persons", .integer(Int64(persons))),
            .init(
                "inputs",
                .array(
                    inputs.enumerated().map { index, input in
                        .object([
                            .init("source", .text(definition.sources[input.source].name)), .init("file", .text(input.name)),
                            .init("bytes", input.bytes.map { .integer($0) } ?? .null), .init("lines", .integer(linesOfInput[index])),
                        ])
                    })),
            .init("written_at", .text(ISO8601DateFormatter().string(from: Date()))), .init("threads", .integer(Int64(options.threads))),
            .init("peak_memory_bytes", .integer(Self.peakMemoryBytes)),
            .init(
                "stages",
                .array(
                    stages.map {
                        .object([
                            .init("stage", .text($0.name)), .init("wall_seconds", .number($0.wallSeconds, decimals: 3)),
                            .init("cpu_seconds", .number($0.cpuSeconds, decimals: 3)),
                        ])
                    })),
        ])
    }

    /// What metrics.sqlite says of the run: the same for the same input.
    static func databaseRows(_ definition: PipelineDefinition, _ ledger: Ledger, asOf: EventTime?, persons: Int) -> [(name: String, value: String)] {
        [("pipeline", definition.name), ("version", SojournVersion.current), ("as_of", asOf.map { TimeFormat.utc($0) } ?? ""), ("timezone", definition.timezone)]
            + Self.ledger(ledger).map { member in
                if case .integer(let value) = member.value { return (member.name, String(value)) }
                return (member.name, "")
            } + [("persons", String(persons))]
    }

    private static func ledger(_ ledger: Ledger) -> [JSONValue.Member] {
        [
            .init("lines", .integer(ledger.lines)), .init("events", .integer(ledger.events)), .init("quarantined", .integer(ledger.quarantined)),
            .init("duplicates", .integer(ledger.duplicates)), .init("filtered", .integer(ledger.filtered)), .init("late", .integer(ledger.late)),
        ]
    }

    private static func time(_ time: EventTime?) -> JSONValue { time.map { .text(TimeFormat.utc($0)) } ?? .null }

    private static var peakMemoryBytes: Int64 {
        var usage = rusage()
        getrusage(RUSAGE_SELF, &usage)
        return Int64(usage.ru_maxrss) * 1024
    }
}

package enum SojournVersion {
    package static let current = "0.1.0"
}
