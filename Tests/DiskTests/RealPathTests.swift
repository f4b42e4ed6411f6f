import Disk
import Foundation
import Glibc
import TestSupport
import Testing

struct RealPathTests {
    /// Whatever exists is where the system says it is.
    @Test(arguments: 0..<40 as Range<UInt64>) func asTheSystemHasIt(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let folder = try TemporaryFolder()
        let names = ["a", "b", "c", "\u{E4}", "a\u{308}"]
        func word() -> String { (names + ["..", "."]).randomElement(using: &random)! }
        func path(_ length: Int) -> String {
            (0..<Int.random(in: 1...length, using: &random)).map { _ in word() }.joined(separator: Bool.random(using: &random) ? "/" : "//")
        }
        // Made only in folders of the test; links may lead anywhere.
        var folders = [folder.path]
        for _ in 0..<25 {
            let place = folders.randomElement(using: &random)! + "/" + names.randomElement(using: &random)!
            if Bool.random(using: &random) {
                if mkdir(place, 0o755) == 0 { folders.append(place) }
            } else {
                symlink(Bool.random(using: &random) ? path(3) : folder.path + "/" + path(3), place)
            }
        }
        for _ in 0..<60 {
            let path = path(6)
            guard let real = realpath(folder.path + "/" + path, nil) else { continue }
            defer { free(real) }
            #expect(RealPath(path, from: folder.path).text.utf8.elementsEqual(String(cString: real).utf8), "\(path), seed \(seed)")
        }
    }

    @Test func whatIsNotThereYet() throws {
        let folder = try TemporaryFolder()
        try FileManager.default.createDirectory(atPath: folder("real/deep"), withIntermediateDirectories: true)
        for (link, target) in [("link", "real/deep"), ("nowhere", "real/new"), ("loop", "loop"), ("up", "..")] {
            try FileManager.default.createSymbolicLink(atPath: folder(link), withDestinationPath: target)
        }
        for (path, place) in [
            ("new", "new"), ("new/a/../b", "new/b"), ("link/new", "real/deep/new"), ("link/../x", "real/x"), ("nowhere/a", "real/new/a"),
            ("nowhere/../a", "real/a"),
            ("up/x/.", "../x"), ("", "."), ("./real//deep/", "real/deep"), ("/", "/"), ("/../x", "/x"),
        ] {
            let wanted = place.hasPrefix("/") ? place : URL(fileURLWithPath: folder(place)).standardizedFileURL.path
            #expect(RealPath(path, from: folder.path).text == wanted, "\(path)")
        }
        // It leads nowhere, and does not go on for ever.
        #expect(RealPath("loop/x", from: folder.path).text == folder("loop/x"))
    }

    @Test func relations() {
        func at(_ path: String) -> RealPath { RealPath(path, from: "/") }
        #expect(at("/nowhere/a/b").isIn(at("/nowhere/a")) && at("/nowhere/a").isIn(at("/nowhere/a")) && at("/nowhere").isIn(at("/")))
        #expect(!at("/nowhere/ab").isIn(at("/nowhere/a")) && !at("/nowhere").isIn(at("/nowhere/a")))
        // A letter's two spellings are two names.
        #expect(!at("/nowhere/\u{E4}/x").isIn(at("/nowhere/a\u{308}")))
        #expect(at("/nowhere/a").appending("b/c") == at("/nowhere/a/b/c") && at("/nowhere/a/b").parts(below: at("/nowhere"))?.count == 2)
        #expect(at("/nowhere/a/b").relative(to: at("/nowhere/c/d")) == "../../a/b" && at("/nowhere/a").relative(to: at("/nowhere")) == "a")
    }
}
