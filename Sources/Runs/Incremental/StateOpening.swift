import Definitions
import Ingest
import States

/// Opens a state while a run is being set up: the inputs to be read depend on it, and it on the pipeline.
final class StateOpening {
    private let folder: String
    private let options: RunOptions
    private var opened: (state: StateFolder, inputs: StateInputs)?

    init(_ folder: String, _ options: RunOptions) {
        self.folder = folder
        self.options = options
    }

    func choose(_ inputs: [InputFile], _ definition: PipelineDefinition) throws -> [InputFile] {
        do {
            let state = try StateFolder(folder)
            let chosen = try state.use { state in
                try check(definition, state)
                return try StateInputs(
                    options.forgets == nil ? inputs : [], definition, state, reprocesses: options.reprocesses,
                    skipsCommitted: options.skipsCommitted)
            }
            opened = (state, chosen)
            return chosen.wanted.map(\.input)
        } catch {
            throw RunError(error)
        }
    }

    /// Whether what is summed up holds for this pipeline, or may be made to.
    private func check(_ definition: PipelineDefinition, _ state: StateFile) throws {
        guard let text = try state.text(.pipelineHash) else { return }
        let changed = definition.fingerprint.differences(from: text)
        guard !changed.contains(PipelineFingerprint.keySection) else {
            throw RunError.usage(
                "the state in \(folder) was made with another privacy key (or without one), and its identifiers cannot be brought under this one. "
                    + "Use the key it was made with, or another --state folder and all logs. Nothing was published")
        }
        guard changed.isEmpty || options.rebuilds else {
            throw RunError.usage(
                "the pipeline has changed since the state in \(folder) was made: \(changed.joined(separator: ", ")). Its sums hold only for the "
                    + "old one. Use --rebuild to fold everything that is kept by the new pipeline, or another --state folder. Nothing was published"
            )
        }
    }

    func run(_ route: LogRoute, _ cancellation: Cancellation) throws -> IncrementalRun {
        guard let opened else { throw RunError.broken("the state was not opened") }
        return IncrementalRun(route, options, opened.state, opened.inputs, cancellation)
    }
}
