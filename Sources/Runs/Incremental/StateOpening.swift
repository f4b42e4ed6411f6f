import Definitions
import Disk
import States

/// Opens a state for a pipeline: what is summed up in it must hold for this one.
enum StateOpening {
    /// - Parameter rebuilds: whether what is kept may be folded anew by a pipeline that changed.
    /// Throws `StateError`, and `RunError` where the state is another pipeline's. Nothing is changed then.
    static func open(_ folder: String, for definition: PipelineDefinition, rebuilds: Bool) throws -> StateFolder {
        let state = try StateFolder(folder)
        try state.use { try check($0, folder, definition, rebuilds: rebuilds) }
        return state
    }

    /// For commands that read no log: a mistyped folder must not become a state. Throws as `open`.
    static func openExisting(_ folder: String, for definition: PipelineDefinition) throws -> StateFolder {
        try checkExists(folder)
        return try open(folder, for: definition, rebuilds: false)
    }

    static func checkExists(_ folder: String) throws(RunError) {
        guard FilePaths.exists(folder + "/state.sqlite") else { throw noState(folder) }
    }

    static func noState(_ folder: String) -> RunError {
        .usage("\(folder): there is no state of sojourn in this folder, or nothing was read into it yet")
    }

    private static func check(_ state: StateFile, _ folder: String, _ definition: PipelineDefinition, rebuilds: Bool) throws {
        guard let text = try state.text(.pipelineHash) else { return }
        let changed = definition.fingerprint.differences(from: text)
        guard !changed.contains(PipelineFingerprint.keySection) else {
            throw RunError.usage(
                "the state in \(folder) was made with another privacy key (or without one), and its identifiers cannot be brought under this one. "
                    + "Use the key it was made with, or another --state folder and all logs. Nothing was published")
        }
        guard changed.isEmpty || rebuilds else {
            throw RunError.usage(
                "the pipeline has changed since the state in \(folder) was made: \(changed.joined(separator: ", ")). Its sums hold only for the "
                    + "old one. Use --rebuild to fold everything that is kept by the new pipeline, or another --state folder. Nothing was published"
            )
        }
    }
}
