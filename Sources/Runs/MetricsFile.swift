package import Definitions
import Disk
import Events
import Foundation
import Reports

/// `--metrics-file`: what a monitor wants to know of the last run, in the text format of Prometheus, for the textfile
/// collector of its node exporter. Samples carry no timestamps, as the collector demands.
package struct MetricsFile: Sendable {
    private let path: String
    private let pipelinePath: String
    private let start = ContinuousClock.now
    /// It lies where something would be lost, or read as something else.
    private var isMisplaced = false
    /// What the run came to, as far as it is known; nil in what failed before.
    private var name: String?
    private var counts: [(name: String, value: Int64)] = []
    private var asOf: EventTime?
    private var breachedChecks: Int?

    /// The run begins now. Throws `RunError.output` where the file could not be written in the end, `.misplaced` and `.usage`
    /// where something else would be lost.
    package init(path: String, pipelinePath: String, places: RunPlaces) throws(RunError) {
        (self.path, self.pipelinePath) = (path, pipelinePath)
        try places.check(.metrics)
        do { try FileReplacement.check(path) } catch { throw .output("--metrics-file: \(error)") }
        guard try Self.isReplaceable(path) else {
            throw .usage(
                "--metrics-file: \(path) exists and holds something else than metrics of sojourn, so it is not replaced; name another file")
        }
    }

    /// Only nothing, an empty file and earlier metrics are replaced: a mistyped name must not cost anybody a file.
    private static func isReplaceable(_ path: String) throws(RunError) -> Bool {
        guard let file = fopen(path, "rbe") else {
            if errno == ENOENT { return true }
            throw .output("--metrics-file: \(OutputError("read", path, errno: errno))")
        }
        defer { fclose(file) }
        let beginning = [UInt8](unsafeUninitializedCapacity: 64) { buffer, count in count = fread(buffer.baseAddress, 1, buffer.count, file)
        }
        guard ferror(file) == 0 else { throw .output("--metrics-file: \(OutputError("read", path, errno: errno))") }
        return beginning.isEmpty || ["# HELP sojourn_", "# TYPE sojourn_", "sojourn_"].contains { beginning.starts(with: $0.utf8) }
    }

    package mutating func note(_ definition: PipelineDefinition) { name = definition.name }

    package mutating func note(_ outcome: PipelineRun.Outcome) {
        counts = outcome.ledger.counts
        asOf = outcome.asOf
        breachedChecks = outcome.checks.count { !$0.holds }
    }

    package mutating func note(_ error: RunError) {
        switch error {
        case .tooManyRejects(let quarantined, let lines, _, _, _, _): counts = [("lines", lines), ("quarantined", quarantined)]
        case .wrongLineCount(let lines, _): counts = [("lines", lines)]
        case .misplaced(_, let roles): isMisplaced = roles.contains(.metrics)
        default: break
        }
    }

    /// Replaces the file. The time of the last success moves only with a run that published; else the file's old one stays.
    /// Does nothing where not even the pipeline's name is known, or where the file is in the way. Throws `RunError.output`.
    package func write(exitStatus: Int32) throws(RunError) {
        guard !isMisplaced else { return }
        guard let name = name ?? (try? PipelineReader.read(path: pipelinePath))?.name else { return }
        let label = "{pipeline=\"\(Self.escaped(name))\"}"
        let isSuccess = exitStatus == 0 || exitStatus == PipelineRun.Outcome.breachedStatus
        let ended = Self.seconds(Int64(Date().timeIntervalSince1970 * 1_000_000))
        var text = ""
        func add(_ metric: String, _ value: String?, _ help: String) {
            guard let value else { return }
            text += "# HELP \(metric) \(help)\n# TYPE \(metric) gauge\n\(metric)\(label) \(value)\n"
        }
        add(Self.lastSuccess, isSuccess ? ended : earlier(Self.lastSuccess + label), "Unix time of the end of the last run that published.")
        add("sojourn_run_success", isSuccess ? "1" : "0", "Whether the last run published.")
        add("sojourn_run_exit_status", "\(exitStatus)", "Exit status of the last run.")
        add("sojourn_run_duration_seconds", Self.seconds(Self.microseconds(start.duration(to: .now))), "Wall time of the last run.")
        for (count, value) in counts {
            add(
                "sojourn_run_\(count)", "\(value)",
                count == "lines" ? "Lines of the last run." : "Lines of the last run that the ledger counts as \(count).")
        }
        add("sojourn_as_of_timestamp_seconds", asOf.map { Self.seconds($0) }, "Unix time as of which the last run judged journeys.")
        add("sojourn_run_breached_checks", breachedChecks.map { "\($0)" }, "Checks of the pipeline that do not hold after the last run.")
        do { try FileReplacement.write(Array(text.utf8), to: path) } catch { throw .output("--metrics-file: \(error)") }
    }

    private static let lastSuccess = "sojourn_last_success_timestamp_seconds"

    /// The sample's value in the file as it is; nil where there is none.
    private func earlier(_ sample: String) -> String? {
        guard let old = FileManager.default.contents(atPath: path) else { return nil }
        let prefix = Array((sample + " ").utf8)
        let line = old.split(separator: UInt8(ascii: "\n")).first { $0.starts(with: prefix) }
        return line.map { String(decoding: $0.dropFirst(prefix.count), as: UTF8.self) }.flatMap { Double($0)?.isFinite == true ? $0 : nil }
    }

    /// As the format demands of labels.
    private static func escaped(_ label: String) -> String {
        label.unicodeScalars.reduce(into: "") { text, scalar in
            switch scalar {
            case "\\": text += "\\\\"
            case "\"": text += "\\\""
            case "\n": text += "\\n"
            default: text.unicodeScalars.append(scalar)
            }
        }
    }

    private static func microseconds(_ duration: Duration) -> Int64 {
        duration.components.seconds * 1_000_000 + duration.components.attoseconds / 1_000_000_000_000
    }

    /// With three decimals.
    private static func seconds(_ microseconds: Int64) -> String {
        var bytes: [UInt8] = []
        DecimalText.appendSeconds(microseconds: microseconds, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}
