import Disk
import Foundation
import Glibc
import Ingest
import TestSupport
import Testing

@Suite struct InputPatternTests {
    private static let names = ["a", "b", "ab", "[ab]", "a*", "?", ".h", "-", "\u{E4}", "a\u{308}", "b\\", "{a}"]
    private static let parts = [
        "a", "b", "*", "?", "a*", "[ab]", "[!a]", "[!a]*", "[[]*", "\\*", "a\\*", "ab", "[a-b]b", "{a}", "-", "..", ".", "[", ".h",
    ]

    /// As the C library has it, with everything below the folders that are found.
    private func naive(_ pattern: String) throws -> [String] {
        var found = glob_t()
        defer { globfree(&found) }
        let isThere = FileManager.default.fileExists(atPath: pattern)
        let paths =
            isThere || glob(pattern, 0, nil, &found) != 0
            ? [pattern].filter { _ in isThere } : (0..<Int(found.gl_pathc)).map { String(cString: found.gl_pathv[$0]!) }
        return try paths.flatMap { try filesBelow($0) }
    }

    private func filesBelow(_ path: String) throws -> [String] {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else { return [path] }
        return try FileManager.default.contentsOfDirectory(atPath: path).filter { $0.utf8.first != 46 }.flatMap {
            try filesBelow(path + "/" + $0)
        }
    }

    private func bytes(_ paths: [String]) -> Set<[UInt8]> { Set(paths.map { Array($0.utf8) }) }

    @Test(arguments: 0..<60 as Range<UInt64>) func asTheCLibrary(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let folder = try ScratchFolder()
        func path(_ words: [String], _ count: ClosedRange<Int>) -> String {
            (0..<Int.random(in: count, using: &random)).map { _ in words.randomElement(using: &random)! }.joined(separator: "/")
        }
        // Where a file is in the way of a folder, there is one less.
        for _ in 0..<30 { _ = try? folder.write("", to: path(Self.names, 1...4)) }
        let enumerator = try #require(FileManager.default.enumerator(atPath: folder.path))
        let every = enumerator.map { folder.path("\($0)") }
        for _ in 0..<60 {
            let text = path(Self.parts, 1...4)
            let pattern = InputPattern(text, from: folder.path)
            // What lies beside the folder of the test is not the test's.
            guard pattern.path.hasPrefix(folder.path + "/") else { continue }
            let found = try bytes(pattern.files())
            #expect(found == bytes(try naive(pattern.path)), "\(text), seed \(seed)")
            for path in every where !isFolder(path) {
                #expect(
                    pattern.wouldRead(RealPath(path, from: "/"), from: pattern.realStart) == found.contains(Array(path.utf8)),
                    "\(text), \(path), seed \(seed)")
                if found.contains(Array(path.utf8)) { #expect(pattern.covers(path), "\(text), \(path), seed \(seed)") }
            }
        }
    }

    private func isFolder(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// What is not there yet is judged as if it were, but for what is hidden below a folder.
    @Test func whatIsNotThereYet() throws {
        let folder = try ScratchFolder()
        try folder.write("", to: "logs/a")
        for (text, path, isRead) in [
            ("logs", "logs/out/run.json", true), ("logs", "logs/.out/run.json", false), ("logs", "logs2/run.json", false),
            ("l*", "logs2/x/y", true),
            ("*/*.json", "out/run.json", true), ("*/*.json", "out/csv/a.json", false), ("*", ".out/run.json", false),
            (".*", ".out/run.json", true),
            ("out", "out/run.json", true), ("out/run.json", "out/run.json", true), ("out/run.json", "out/run.json.x", false),
            (".", "out/run.json", true),
        ] {
            let pattern = InputPattern(text, from: folder.path)
            #expect(pattern.wouldRead(RealPath(path, from: folder.path), from: pattern.realStart) == isRead, "\(text) \(path)")
        }
    }
}
