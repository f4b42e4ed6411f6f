import Disk
import Foundation
import Glibc

/// What belongs to an output, so that what somebody else put there is seen before the folder is replaced.
package enum OutputContents {
    /// Files that lie in the folder itself. One that a run writes and that is not here would keep the next run from replacing it.
    package static let fileNames = [
        "report.html", "metrics.sqlite", "run.json", "datapackage.json", "quarantine.ndjson", "late.ndjson", "restated.csv",
    ]
    /// Holds a file for each table, and datapackage.json says which.
    package static let tableFolder = "csv"

    /// Paths in the folder of what is no part of the output that lies there, in byte order. Throws `OutputError`.
    static func strangers(in folder: String) throws -> [String] {
        var strangers: [String] = []
        for name in try FolderListing.names(folder) where !isTrace(name) {
            if name == tableFolder, isKind(S_IFDIR, FilePaths.join(folder, name)) {
                strangers += try strangersAmongTables(in: folder)
            } else if !fileNames.contains(name) || !isKind(S_IFREG, FilePaths.join(folder, name)) {
                strangers.append(name)
            }
        }
        return strangers
    }

    private static func strangersAmongTables(in folder: String) throws -> [String] {
        let tables = Set(tablePaths(of: folder))
        return try FolderListing.names(FilePaths.join(folder, tableFolder)).filter { !isTrace($0) }.map { "\(tableFolder)/\($0)" }.filter {
            !tables.contains($0) || !isKind(S_IFREG, FilePaths.join(folder, $0))
        }
    }

    /// None where the description is gone or unreadable: then nobody can tell whose the files are, and they are kept.
    private static func tablePaths(of folder: String) -> [String] {
        guard let description = FileManager.default.contents(atPath: FilePaths.join(folder, "datapackage.json")),
            let package = try? JSONSerialization.jsonObject(with: description) as? [String: Any],
            let resources = package["resources"] as? [[String: Any]]
        else { return [] }
        return resources.compactMap { $0["path"] as? String }
    }

    private static func isKind(_ kind: mode_t, _ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == kind
    }

    /// What programs leave where somebody only looks: desktops, office programs, SQLite. Nobody misses it.
    private static func isTrace(_ name: String) -> Bool {
        [".DS_Store", "Thumbs.db", "desktop.ini", "metrics.sqlite-journal", "metrics.sqlite-wal", "metrics.sqlite-shm"].contains(name)
            || name.hasPrefix(".~lock.") && name.hasSuffix("#")
    }
}
