import Foundation

@testable import TestSupport

/// Another program that a test asks.
enum Command {
    /// Runs to the end; it must end by itself.
    static func run(_ program: String, _ arguments: [String]) throws -> Binary.Ended {
        let folder = try ScratchFolder()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [program] + arguments
        // To files, so that nobody must read while it writes.
        for (name, key) in [("out", \Process.standardOutput), ("err", \Process.standardError)] {
            try folder.write("", to: name)
            process[keyPath: key] = try FileHandle(forWritingTo: folder.url.appendingPathComponent(name))
        }
        try process.run()
        process.waitUntilExit()
        func text(_ name: String) -> String { (try? String(contentsOf: folder.url.appendingPathComponent(name), encoding: .utf8)) ?? "" }
        return Binary.Ended(status: process.terminationStatus, output: text("out"), errors: text("err"))
    }
}
