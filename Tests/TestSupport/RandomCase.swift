public import Foundation

/// A small random pipeline with its logs: ties, shared devices, silences exactly as long as a limit, bad lines of every kind.
/// The same seed gives the same bytes on every machine.
public struct RandomCase: Sendable {
    public let seed: UInt64
    public let pipeline: NaivePipeline
    /// The pipeline file; its inputs are relative to the folder it lies in.
    public let yaml: String
    /// In position order: source in the pipeline's order, then path in byte order. Uncompressed.
    public let files: [NaiveFile]
    /// For `--as-of`; nil leaves it to the run.
    public let asOf: Int64?
    /// The tables this case should give.
    public let expected: NaiveTables

    /// About when the first events are.
    public static let start = RandomLog.start

    /// Whether cases have frictions, and comparisons look at them.
    public static let drawsFrictions = true

    public init(seed: UInt64, frictions: Bool = Self.drawsFrictions) {
        self.seed = seed
        var random = SeededGenerator(seed: seed)
        while true {
            let plan = RandomPipeline(frictions: frictions, &random)
            var log = RandomLog(pipeline: plan.pipeline, vocabulary: plan.vocabulary)
            let (files, asOf) = log.write(&random)
            let expected = NaiveReference.tables(plan.pipeline, files, asOf: asOf)
            // Patterns that take the naive matcher too long are drawn again.
            if expected.gaveUpPattern { continue }
            pipeline = plan.pipeline
            yaml = pipeline.yaml
            (self.files, self.asOf, self.expected) = (files, asOf, expected)
            return
        }
    }

    /// `asOf` as RFC 3339 text with microseconds.
    public var asOfText: String? { asOf.map { RandomTime.rfc3339($0, fractionDigits: 6) } }

    /// Writes `pipeline.yaml` and the logs into a folder, which must be there.
    /// - Returns: the pipeline file.
    public func write(to folder: URL) throws -> URL {
        for file in files { try Data(file.bytes).write(to: folder.appendingPathComponent(file.path)) }
        let pipelineFile = folder.appendingPathComponent("pipeline.yaml")
        try Data(yaml.utf8).write(to: pipelineFile)
        return pipelineFile
    }
}
