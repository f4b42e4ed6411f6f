import Foundation

@testable import TestSupport

/// A disk as it may be found after a power loss: what was waited for is there; of what was not, any part may be. Names
/// reach the disk in their order, as journaling file systems see to it, but none before its folder was waited for is sure.
struct PowerLoss {
    private final class File {
        var durable: [UInt8] = []
        /// Since the last wait: place and bytes; nil cuts or lengthens the file there.
        var pending: [(offset: Int, bytes: [UInt8]?)] = []

        static func apply(_ change: (offset: Int, bytes: [UInt8]?), to content: inout [UInt8]) {
            let end = change.offset + (change.bytes?.count ?? 0)
            if content.count < end { content += [UInt8](repeating: 0, count: end - content.count) }
            guard let bytes = change.bytes else { return content.removeLast(content.count - change.offset) }
            content.replaceSubrange(change.offset..<end, with: bytes)
        }
    }

    /// What a name stands for; a folder has no file.
    private struct Entry { var file: File? }

    private typealias Names = [String: Entry]

    private var names: Names = [:]
    /// All names after each change of any, and the folders whose waiting makes that change sure.
    private var history: [(names: Names, folders: [String])] = []
    private var sureChanges = 0

    /// Everything below a folder, all of it on the disk.
    init(_ folder: String) throws {
        for name in try FileManager.default.subpathsOfDirectory(atPath: folder) {
            var isFolder: ObjCBool = false
            _ = FileManager.default.fileExists(atPath: folder + "/" + name, isDirectory: &isFolder)
            let entry = Entry(file: isFolder.boolValue ? nil : File())
            entry.file?.durable = [UInt8](try Data(contentsOf: URL(fileURLWithPath: folder + "/" + name)))
            names[name] = entry
        }
        history = [(names, [])]
    }

    /// Paths of calls are relative to the folder.
    mutating func apply(_ call: FaultShim.Call) {
        switch call.kind {
        case "O":
            if let file = names[call.path]?.file {
                file.pending.append((0, nil))
            } else {
                change([call.path]) { $0[call.path] = Entry(file: File()) }
            }
        case "W": names[call.path]?.file?.pending.append((call.offset, call.bytes))
        case "T": names[call.path]?.file?.pending.append((call.offset, nil))
        case "M": change([call.path]) { $0[call.path] = Entry(file: nil) }
        case "U":
            // A folder goes empty: what lay in it went before, also where that was not seen.
            change([call.path]) { names in names = names.filter { $0.key != call.path && !$0.key.hasPrefix(call.path + "/") } }
        case "R": change([call.path, call.second!]) { Self.rename(call.path, call.second!, isExchange: call.length == 2, &$0) }
        default: wait(call.path)
        }
    }

    private mutating func change(_ paths: [String], _ body: (inout Names) -> Void) {
        body(&names)
        history.append((names, paths.map { $0.contains("/") ? String($0[..<$0.lastIndex(of: "/")!]) : "" }))
    }

    private static func rename(_ from: String, _ to: String, isExchange: Bool, _ names: inout Names) {
        func take(_ path: String) -> [(String, Entry)] {
            let found = names.filter { $0.key == path || $0.key.hasPrefix(path + "/") }
            for (name, _) in found { names[name] = nil }
            return found.map { (String($0.key.dropFirst(path.count)), $0.value) }
        }
        let (one, other) = (take(from), take(to))
        for (rest, entry) in one { names[to + rest] = entry }
        if isExchange { for (rest, entry) in other { names[from + rest] = entry } }
    }

    private mutating func wait(_ path: String) {
        if let file = names[path]?.file {
            for change in file.pending { File.apply(change, to: &file.durable) }
            file.pending = []
        } else {
            // The folder's last change, and with it all before.
            sureChanges = max(sureChanges, history.lastIndex { $0.folders.contains(path) } ?? 0)
        }
    }

    /// Writes what is left into an empty folder.
    /// - Parameter losesAll: all that is not sure is lost; otherwise any part of it.
    func write(to folder: String, _ random: inout SeededGenerator, losesAll: Bool) throws {
        let last = losesAll ? sureChanges : random.int(sureChanges...history.count - 1)
        for (name, entry) in history[last].names.sorted(by: { $0.key < $1.key }) {
            guard let file = entry.file else {
                try FileManager.default.createDirectory(atPath: folder + "/" + name, withIntermediateDirectories: true)
                continue
            }
            var content = file.durable
            if !losesAll { for change in file.pending where random.chance(percent: 50) { File.apply(change, to: &content) } }
            let path = URL(fileURLWithPath: folder + "/" + name)
            // A name may be there before the one of its folder is: then nobody finds it.
            guard FileManager.default.fileExists(atPath: path.deletingLastPathComponent().path) else { continue }
            try Data(content).write(to: path)
        }
    }
}
