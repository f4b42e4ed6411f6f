package import Events
package import Reports

/// What the command line says of the log to be looked at, and of the means for it.
package struct LogOptions: Sendable {
    package var pipelinePath: String
    /// Files, globs, folders or `-`; empty: the `input` of each source.
    package var inputs: [String] = []
    package var source: String?
    /// nil: the latest time on the last alive day.
    package var asOf: EventTime?
    package var threads: Int
    /// Rows beyond this are kept on disk while the work goes on.
    package var memoryBytes: Int
    package var allowsEmpty = false
    package var keepsRawText = false
    /// Every input must end with a trailer.
    package var expectsEnd = false
    /// Size of the blocks of text that workers take; any size gives the same bytes.
    package var blockBytes = 1 << 20

    package init(pipelinePath: String, threads: Int, memoryBytes: Int) {
        self.pipelinePath = pipelinePath
        self.threads = threads
        self.memoryBytes = memoryBytes
    }
}

/// What the command line says of one run, already read.
package struct RunOptions: Sendable {
    package var log: LogOptions
    package var outputFolder: String
    package var maxRejects = RejectLimit.share(percent: 1)
    /// Lines that the run must have, all inputs together; nil: any number.
    package var expectedLines: Int64?
    /// Where what was read is kept from run to run; nil: nowhere, each run reads everything.
    package var stateFolder: String?
    /// Where the caller writes the run's metrics, which this run does not do; to be kept clear of everything else.
    package var metricsFile: String?
    /// Read files again that earlier runs read.
    package var reprocesses = false
    /// Fold what is kept again by a pipeline that changed.
    package var rebuilds = false
    /// As-of may move on by much of the pipeline's retention and seal what lies before.
    package var acceptsJump = false
    /// A run with warnings ends as one with breached checks does.
    package var isStrict = false
    /// For whom CSV files are written.
    package var csvForm = CSVFile.Form.exact
    /// Standard input begins with what earlier runs read.
    package var skipsCommitted = false
    /// Standard input has no end: what has come is committed and published after each such time. nil: once, at its end.
    package var every: Microseconds?

    package init(_ log: LogOptions, outputFolder: String) {
        self.log = log
        self.outputFolder = outputFolder
    }
}

/// `--max-rejects`: how many lines may be put aside before a run publishes nothing.
package enum RejectLimit: Sendable, Equatable, CustomStringConvertible {
    case count(Int64)
    /// Of all lines.
    case share(percent: Double)

    /// Reads `100`, `0`, `1%`, `0.5%`.
    package init?(_ text: String) {
        if text.hasSuffix("%") {
            guard let percent = Double(text.dropLast()), percent >= 0, percent <= 100 else { return nil }
            self = .share(percent: percent)
        } else {
            guard let count = Int64(text), count >= 0 else { return nil }
            self = .count(count)
        }
    }

    package func allows(_ quarantined: Int64, of lines: Int64) -> Bool {
        switch self {
        case .count(let limit): quarantined <= limit
        case .share(let percent): Double(quarantined) * 100 <= percent * Double(lines)
        }
    }

    /// More than this are too many, however many lines there are; nil: that is known at the end.
    var countMax: Int64? {
        switch self {
        case .count(let limit): limit
        case .share(let percent): percent == 0 ? 0 : nil
        }
    }

    package var description: String {
        switch self {
        case .count(let limit): "\(limit)"
        case .share(let percent): percent == percent.rounded() ? "\(Int(percent))%" : "\(percent)%"
        }
    }
}
