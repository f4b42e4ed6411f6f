package import Foundation
import Ingest
import Runs

/// A run in process, with all rejects allowed, and jumps of as-of where nothing else is said.
package enum CaseRun {
    /// - Parameters:
    ///   - pipeline: the pipeline file; the output is the folder `name` beside it.
    ///   - state: the state's folder, beside it too.
    @discardableResult
    package static func run(
        _ pipeline: URL, into name: String = "out", inputs: [String] = [], threads: Int = 1, blockBytes: Int = 1 << 20, asOf: Int64? = nil,
        memoryBytes: Int = 64 << 20, state: String? = nil, reprocesses: Bool = false, rebuilds: Bool = false,
        keepsRawText: Bool = false, acceptsJump: Bool = true
    ) throws -> URL {
        let output = pipeline.deletingLastPathComponent().appendingPathComponent(name)
        var log = LogOptions(pipelinePath: pipeline.path, threads: threads, memoryBytes: memoryBytes)
        log.inputs = inputs
        log.blockBytes = blockBytes
        log.asOf = asOf
        log.keepsRawText = keepsRawText
        var options = RunOptions(log, outputFolder: output.path)
        options.maxRejects = .share(percent: 100)
        options.stateFolder = state.map { pipeline.deletingLastPathComponent().appendingPathComponent($0).path }
        options.reprocesses = reprocesses
        options.rebuilds = rebuilds
        options.acceptsJump = acceptsJump
        options.log.allowsEmpty = state != nil
        _ = try PipelineRun(options, cancellation: Cancellation()).run()
        return output
    }
}
