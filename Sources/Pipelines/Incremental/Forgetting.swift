package import Ingest
import Store

/// `forget`: takes a person and all it contributed out of a state. What is published changes with the next run.
package enum Forgetting {
    package struct Outcome: Sendable {
        package var events: Int64
        /// Cells of published tables that the next publication shows otherwise.
        package var restated: Int
    }

    /// - Parameters:
    ///   - person: `type:id` or an id, as for `journey`.
    ///   - pipelinePath: nil for the file that the state was made with last.
    /// Throws `PipelineFileError`, `RunError`.
    package static func run(state folder: String, person: String, pipelinePath: String?, threads: Int, cancellation: Cancellation) throws -> Outcome {
        let path = try pipelinePath ?? pipeline(of: folder)
        var log = LogOptions(pipelinePath: path, threads: threads, memoryBytes: 1 << 30)
        log.allowsEmpty = true
        var options = RunOptions(log, outputFolder: "")
        options.stateFolder = folder
        options.forgets = person
        let opening = StateOpening(folder, options)
        let route = try LogRoute(log, cancellation: cancellation) { try opening.choose($0, $1) }
        let run = try opening.run(route, cancellation)
        do {
            var clock = StageClock()
            var empty = try route.read(&clock)
            let computed = try run.compute(&empty, Ledger(), [], clock)
            return Outcome(events: computed.forgotten, restated: computed.restated?.rows.count ?? 0)
        } catch {
            run.giveUp()
            throw RunError(error)
        }
    }

    private static func pipeline(of folder: String) throws -> String {
        do {
            guard FilePaths.exists(folder + "/state.sqlite"), let path = try StateFile(folder: folder).text(.pipelinePath) else {
                throw RunError.usage("\(folder): there is no state of sojourn in this folder, or nothing was read into it yet")
            }
            return path
        } catch {
            throw RunError(error)
        }
    }
}
