import Definitions
import Events
import Foundation
import Ingest
import Reports
import Tables

/// run.json: what this run read, counted and took. The only file with paths and the time of the run.
struct RunRecord {
    let definition: PipelineDefinition
    let options: RunOptions
    let inputs: [InputFile]
    /// What was read of each.
    let read: [LogInput]
    let tables: [ReportTable]
    let ledger: Ledger
    /// Of all runs on the state; the same where there is none.
    let total: Ledger
    let reasons: [(reason: RejectReason, count: Int64)]
    let asOf: EventTime?
    let persons: Int
    let checks: [CheckResult]
    let warnings: [RunWarning]
    let outlook: RunOutlook
    let started: Date
    var stages: [StageTime]

    var json: JSONValue {
        var members: [JSONValue.Member] = [.init("tool", "sojourn"), .init("version", .text(SojournVersion.current))]
        members.append(.init("platform", .text(Self.platform)))
        members.append(.init("pipeline", .text(definition.name)))
        members.append(.init("pipeline_hash", .text(definition.fingerprint.digest)))
        members.append(.init("pipeline_file", .text(options.log.pipelinePath)))
        members.append(.init("pipeline_sha256", definition.fileSHA256.map { .text($0) } ?? .null))
        members.append(.init("as_of", asOf.map { .text(TimeFormat.utc($0)) } ?? .null))
        members.append(.init("timezone", .text(definition.timezone)))
        members.append(.init("ledger", .object(ledger.counts.map { .init($0.name, .integer($0.value)) })))
        if options.stateFolder != nil { members.append(.init("total", .object(total.counts.map { .init($0.name, .integer($0.value)) }))) }
        members.append(.init("quarantined_by_reason", .object(reasons.map { .init($0.reason.rawValue, .integer($0.count)) })))
        members.append(.init("persons", .integer(Int64(persons))))
        members.append(.init("checks", .array(checks.map(\.json))))
        members.append(.init("warnings", .array(warnings.map(\.json))))
        members.append(.init("trends", trends))
        members.append(.init("forecast", forecast))
        members.append(.init("inputs", .array(inputs.indices.map { input($0) })))
        members.append(.init("privacy", privacy))
        members.append(.init("started_at", .text(ISO8601DateFormatter().string(from: started))))
        members.append(.init("ended_at", .text(ISO8601DateFormatter().string(from: Date()))))
        members.append(.init("threads", .integer(Int64(options.log.threads))))
        members.append(.init("peak_memory_bytes", .integer(Self.peakMemoryBytes)))
        members.append(.init("stages", .array(stages.map { Self.stage($0) })))
        return .object(members)
    }

    private func input(_ index: Int) -> JSONValue {
        let input = inputs[index]
        return .object([
            .init("source", .text(definition.sources[input.source].name)), .init("file", .text(input.name)),
            .init("bytes", .integer(read[index].bytes)), .init("sha256", .text(read[index].sha256)),
            .init("lines", .integer(read[index].lines)),
        ])
    }

    /// Without `min_count` no row is left out; with it every table is named, so that a missing row is not taken for zero.
    private var privacy: JSONValue {
        let privacy = definition.privacy
        let leftOut = privacy.minCount == nil ? [] : tables.map { JSONValue.Member($0.name, .integer(Int64($0.rowsLeftOut))) }
        return .object([
            .init("key_id", privacy.keyID.map { .text($0) } ?? .null), .init("drop", .array(privacy.drop.map { .text($0) })),
            .init("min_count", privacy.minCount.map { .integer(Int64($0)) } ?? .null), .init("rows_left_out", .object(leftOut)),
        ])
    }

    /// By journey type: those that began on the last 28 days of which all journeys are mature, and on the 28 before.
    private var trends: JSONValue {
        func share(_ share: Share) -> JSONValue {
            .object([.init("mature", .integer(share.whole)), .init("converted", .integer(share.part))])
        }
        return .array(
            outlook.trends.map {
                .object([.init("journey", .text($0.journey)), .init("recent", share($0.recent)), .init("before", share($0.before))])
            })
    }

    /// Of all journey types together, and of each.
    private var forecast: JSONValue {
        func members(_ forecast: StepForecast) -> [JSONValue.Member] {
            let tenths = forecast.calibration.enumerated().map { number, tenth in
                JSONValue.object([
                    .init("from", .number(Double(number) / 10)), .init("to", .number(Double(number + 1) / 10)),
                    .init("visits", .integer(tenth.visits)), .init("foretold", .number((tenth.foretold * 1000).rounded() / 1000)),
                    .init("converted", .integer(tenth.converted)),
                ])
            }
            return [
                .init("visits", .integer(forecast.visits)), .init("right", .integer(forecast.right)),
                .init("right_by_most_frequent", .integer(forecast.rightByMostFrequent)), .init("calibration", .array(tenths)),
            ]
        }
        let types = zip(definition.journeys, outlook.forecasts).map { journey, forecast in
            JSONValue.object([.init("journey", .text(journey.name))] + members(forecast))
        }
        guard let first = outlook.forecasts.first else { return .null }
        return .object(members(outlook.forecasts.dropFirst().reduce(first, +)) + [.init("journeys", .array(types))])
    }

    private static func stage(_ stage: StageTime) -> JSONValue {
        func seconds(_ value: Double) -> JSONValue { .number((value * 1000).rounded() / 1000) }
        return .object([
            .init("stage", .text(stage.name)), .init("wall_seconds", seconds(stage.wallSeconds)),
            .init("cpu_seconds", seconds(stage.cpuSeconds)),
        ])
    }

    /// What metrics.sqlite says of the run: the same for the same input.
    static func databaseRows(_ definition: PipelineDefinition, _ ledger: Ledger, asOf: EventTime?, persons: Int) -> [(
        name: String, value: String
    )] {
        var rows = [(name: "pipeline", value: definition.name), (name: "version", value: SojournVersion.current)]
        rows.append(("as_of", asOf.map { TimeFormat.utc($0) } ?? ""))
        rows.append(("timezone", definition.timezone))
        rows += ledger.counts.map { ($0.name, String($0.value)) }
        rows.append(("persons", String(persons)))
        return rows
    }

    /// System and processor, such as `Linux x86_64`.
    private static var platform: String {
        var names = utsname()
        uname(&names)
        func text<Field>(_ field: Field) -> String { withUnsafeBytes(of: field) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) } }
        return "\(text(names.sysname)) \(text(names.machine))"
    }

    /// From /proc, since getrusage also counts the program that started this one, up to the moment of its start.
    private static var peakMemoryBytes: Int64 {
        let status = FileManager.default.contents(atPath: "/proc/self/status").map { String(decoding: $0, as: UTF8.self) } ?? ""
        if let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
            let size = line.split(whereSeparator: \.isWhitespace).dropFirst().first,
            let kibibytes = Int64(size)
        {
            return kibibytes * 1024
        }
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return Int64(usage.ru_maxrss) * 1024
    }
}

package enum SojournVersion {
    package static let current = "0.1.0"
}
