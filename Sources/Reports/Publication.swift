package import Disk
import Dispatch
import Glibc
import Synchronization
package import Tables

/// An output folder that appears as a whole or not at all.
///
/// Files are written into a hidden folder beside DIR, made durable, and swapped in with one step. Until
/// `publish()` returns, DIR is as it was; after `discard()`, or after the last reference is gone, nothing remains.
/// Safe to use from several threads.
package final class Publication: Sendable {
    package let folder: OutputFolder
    private let partial: String
    private let swap: FolderSwap
    private let state: Mutex<State>

    private struct State {
        var phase = Phase.writing
        /// Holds the lock that tells other runs that the partial folder is in use.
        var lock: Int32
        /// Folders above DIR that did not exist, outermost first.
        var createdParents: [String]
        var subfolders: Set<String> = []
        var files: [OutputFile] = []
        /// Files that somebody else writes, by full path.
        var otherPaths: [String] = []
    }

    private enum Phase {
        case writing, published, discarded
    }

    /// Checks DIR, clears away what dead runs left beside it, and creates the partial folder. DIR itself is not
    /// touched. `canExchange` is false only in tests.
    package init(_ directory: String, canExchange: Bool = true) throws {
        let folder = try OutputFolder(directory)
        let leftOvers = LeftOvers(folder: folder)
        leftOvers.restorePrevious()
        _ = try folder.occupant()
        leftOvers.remove()
        let partial = FilePaths.join(folder.parent, LeftOvers.partialName(folder.name, pid: getpid()))
        let aside = FilePaths.join(folder.parent, LeftOvers.previousName(folder.name, pid: getpid()))
        var created: [String] = []
        do {
            var path = folder.base
            for name in folder.missingParents {
                path = FilePaths.join(path, name)
                if try Self.makeFolder(path) { created.append(path) }
            }
            // What is made in it must not be open to more people than the folder whose place it takes.
            let rights = try AccessRights(of: folder.path)
            guard try Self.makeFolder(partial, mode: rights == nil ? 0o755 : 0o700) else {
                throw OutputError("create", partial, reason: "this process is already writing to \(folder.path)")
            }
            do {
                try rights?.forWriting.give(to: partial, insteadOf: folder.path)
            } catch {
                Self.removeEmpty([partial])
                throw error
            }
        } catch {
            Self.removeEmpty(created)
            throw error
        }
        let lock = open(partial, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        // Where locks are not supported, the process number alone protects the folder.
        if lock >= 0 { _ = flock(lock, LOCK_EX | LOCK_NB) }
        self.folder = folder
        self.partial = partial
        self.swap = FolderSwap(new: partial, target: folder.path, aside: aside, canExchange: canExchange)
        self.state = Mutex(State(lock: lock, createdParents: created))
    }

    deinit { discard() }

    /// Creates a file of the output, e.g. `csv/journeys.csv`. It must be finished before `publish()`.
    package func file(_ name: String, mode: UInt32 = 0o644, hashing: Bool = false) throws -> OutputFile {
        try state.withLock { state in
            let file = try OutputFile(path: prepare(name, &state), mode: mode, hashing: hashing)
            state.files.append(file)
            return file
        }
    }

    /// Writes a whole file at once.
    @discardableResult
    package func write(_ bytes: [UInt8], to name: String, mode: UInt32 = 0o644, hashing: Bool = false) throws -> FileDigest {
        let file = try file(name, mode: mode, hashing: hashing)
        try file.write(bytes)
        return try file.finish()
    }

    /// The path for a file that is not written as an `OutputFile`, such as a database: it is there, empty, with its mode.
    package func path(for name: String, mode: UInt32 = 0o644) throws -> String {
        try state.withLock { state in
            let path = try prepare(name, &state)
            try OutputFile(path: path, mode: mode).finish()
            state.otherPaths.append(path)
            return path
        }
    }

    /// Makes everything durable and swaps it in. On an error DIR is as it was before; the partial folder stays
    /// until `discard()`.
    /// - Returns: where the earlier output lies now, if it could not be removed.
    @discardableResult
    package func publish() throws -> String? {
        try state.withLock { state in
            try checkWriting(state)
            for file in state.files where !file.isFinished {
                // A failed file throws its failure; one that is merely open has not got all its bytes.
                try file.write([])
                throw OutputError("publish", file.path, reason: "the file was not finished")
            }
            // Asked again: they may have been changed while the run was at work.
            try AccessRights(of: folder.path)?.give(to: partial, insteadOf: folder.path)
            for path in state.otherPaths + state.subfolders.sorted() + [partial] { try FileReplacement.sync(path) }
            let isReplacing = try folder.occupant() != .nothing
            CrashPoint.reach("before-swap")
            let outcome = try swap.perform(replacing: isReplacing)
            CrashPoint.reach("after-swap")
            do {
                for path in [folder.parent] + (state.createdParents.isEmpty ? [] : [folder.base]) { try FileReplacement.sync(path) }
            } catch {
                swap.undo(outcome)
                throw error
            }
            state.phase = .published
            if state.lock >= 0 { FolderLock.release(state.lock) }
            CrashPoint.reach("folder-synced")
            switch outcome {
            case .renamed: return nil
            case .exchanged: return LeftOvers.removeTree(partial) ? nil : partial
            case .movedAside: return LeftOvers.removeTree(swap.aside) ? nil : swap.aside
            }
        }
    }

    /// Removes everything written so far. Does nothing after a publication.
    /// - Returns: whether nothing was published; false when `publish()` was faster.
    @discardableResult
    package func discard() -> Bool {
        state.withLock { state in
            guard state.phase == .writing else { return state.phase == .discarded }
            state.phase = .discarded
            state.files = []
            // What stays is removed by the next run.
            _ = LeftOvers.removeTree(partial)
            Self.removeEmpty(state.createdParents)
            if state.lock >= 0 { FolderLock.release(state.lock) }
            return true
        }
    }

    private func checkWriting(_ state: State) throws {
        guard state.phase == .writing else {
            throw OutputError("write", folder.path, reason: state.phase == .published ? "it is already published" : "the run was stopped")
        }
    }

    /// The full path of a new file; creates the folder it lies in.
    private func prepare(_ name: String, _ state: inout State) throws -> String {
        try checkWriting(state)
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        precondition(
            (1...2).contains(parts.count) && parts.allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." }, "no output file: \(name)")
        if parts.count == 2 {
            let subfolder = FilePaths.join(partial, String(parts[0]))
            if state.subfolders.insert(subfolder).inserted { _ = try Self.makeFolder(subfolder) }
        }
        return FilePaths.join(partial, name)
    }

    /// False where it exists already.
    private static func makeFolder(_ path: String, mode: mode_t = 0o755) throws -> Bool {
        if mkdir(path, mode) == 0 { return true }
        guard errno == EEXIST else { throw OutputError("create", path, errno: errno) }
        return false
    }

    /// Those that somebody has put something into in the meantime stay.
    private static func removeEmpty(_ created: [String]) {
        for path in created.reversed() { _ = rmdir(path) }
    }
}

extension Publication {
    /// Writes one table as CSV, without an entry in datapackage.json.
    package func write(_ table: ReportTable, to name: String, form: CSVFile.Form = .exact) throws {
        let file = try file(name)
        try CSVFile.write(table, to: file, form: form)
        try file.finish()
    }

    /// Writes csv/NAME.csv for each table, datapackage.json for them, and metrics.sqlite with the tables by day.
    /// - Parameters:
    ///   - run: goes into the database: only what is the same for the same input.
    ///   - databaseMode: who may read the database.
    ///   - form: of the CSV files.
    ///   - others: are done meanwhile, on other threads, begun in this order before the files.
    package func write(
        _ tables: [ReportTable], byDay: [ReportTable], run: [(name: String, value: String)], packageName: String, title: String,
        databaseMode: UInt32 = 0o644, form: CSVFile.Form = .exact, besides others: [() throws -> Void] = []
    ) throws {
        var resources: [DataPackage.Resource] = []
        try Self.sideBySide(
            others + [
                {
                    for table in tables {
                        let file = try self.file("csv/\(table.name).csv", hashing: true)
                        try CSVFile.write(table, to: file, form: form)
                        resources.append(DataPackage.Resource(table: table, digest: try file.finish()))
                    }
                }, { try SQLiteFile.write(byDay, run: run, to: self.path(for: "metrics.sqlite", mode: databaseMode)) },
            ])
        try write(
            JSONText.pretty(DataPackage.json(name: packageName, title: title, resources: resources, form: form)), to: "datapackage.json")
    }

    /// All at once. Throws what the first of them throws that fails.
    private static func sideBySide(_ bodies: [() throws -> Void]) throws {
        let failures = Mutex<[Int: any Error]>([:])
        // Each of them is called once, and all have ended before this goes on.
        nonisolated(unsafe) let bodies = bodies
        DispatchQueue.concurrentPerform(iterations: bodies.count) { index in
            do { try bodies[index]() } catch { failures.withLock { $0[index] = error } }
        }
        if let failure = failures.withLock({ $0.min { $0.key < $1.key } }) { throw failure.value }
    }
}
