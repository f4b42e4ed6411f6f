import ArgumentParser
import Foundation
import Ingest
import Runs

/// The words that say which log a command looks at, and with what means: the same for every command that reads all of it.
struct LogArguments: ParsableArguments {
    @Argument(help: ArgumentHelp("The pipeline file (YAML).", valueName: "pipeline"))
    var pipeline: String

    @Argument(help: ArgumentHelp("Files, globs, folders, or - for standard input; without: each source's input.", valueName: "input"))
    var inputs: [String] = []

    @Option(
        name: .customLong("as-of"),
        help: ArgumentHelp(
            "Judge journeys as of this time; later events wait. Default: the latest time on the last day with enough persons.",
            valueName: "time"))
    var asOf: String?

    @Option(help: ArgumentHelp("Worker threads. Default: all processors. Any number gives the same bytes.", valueName: "n"))
    var threads: Int?

    @Option(
        help: ArgumentHelp("Keep rows beyond this size on disk, e.g. 512M, 4G. Default: half of the machine's memory.", valueName: "size"))
    var memory: String?

    @Option(help: ArgumentHelp("The source that the inputs belong to, where it cannot be told.", valueName: "name"))
    var source: String?

    @Flag(name: .customLong("allow-empty"), help: "Let a pattern match no file.")
    var allowEmpty = false

    @Option(name: .customLong("block-bytes"), help: .hidden)
    var blockBytes: Int = 1 << 20

    /// Throws `RunError.usage`.
    func options() throws -> LogOptions {
        let processors = ProcessInfo.processInfo.activeProcessorCount
        let threads = threads ?? processors
        guard (1...256).contains(threads) else { throw RunError.usage("--threads \(threads): give a number from 1 to 256") }
        var options = LogOptions(pipelinePath: pipeline, threads: threads, memoryBytes: Int(ProcessInfo.processInfo.physicalMemory / 2))
        if let memory {
            guard let bytes = ByteSize.parse(memory), bytes >= 16 << 20 else {
                throw RunError.usage("--memory \(memory): give a size of at least 16M, e.g. 512M or 4G")
            }
            options.memoryBytes = bytes
        }
        if let asOf {
            guard let time = TimeText.instant(asOf) else {
                throw RunError.usage("--as-of \(asOf): give a time with its zone, e.g. 2026-03-31T23:59:59Z, or seconds since 1970")
            }
            options.asOf = time
        }
        guard blockBytes >= 1 else { throw RunError.usage("--block-bytes must be at least 1") }
        options.blockBytes = blockBytes
        options.inputs = inputs
        options.source = source
        options.allowsEmpty = allowEmpty
        return options
    }
}

/// Sizes as people write them: `512M`, `4G`, `2GiB`, `100000`. Powers of 1024.
enum ByteSize {
    static func parse(_ text: String) -> Int? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let number = Int(digits) else { return nil }
        let power: Int
        switch text.dropFirst(digits.count).uppercased() {
        case "", "B": power = 0
        case "K", "KB", "KIB": power = 10
        case "M", "MB", "MIB": power = 20
        case "G", "GB", "GIB": power = 30
        case "T", "TB", "TIB": power = 40
        default: return nil
        }
        let (bytes, overflow) = number.multipliedReportingOverflow(by: 1 << power)
        return overflow ? nil : bytes
    }
}
