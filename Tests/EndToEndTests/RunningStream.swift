import Foundation

@testable import TestSupport

/// `run p.yaml - --state state --every …` in the folder of a log, and what it says.
struct RunningStream {
    /// A line of its output.
    struct Commit: Equatable {
        var lines: Int64
        var number: Int64
        var asOf: String?
        /// Of the ledger.
        var counts: [String: Int64]

        init?(_ line: String) {
            guard let json = try? NaiveJSONParser.parse(Array(line.utf8)), case .bool(true)? = json.value(at: "published"),
                let lines = Self.number(json, "lines"), let number = Self.number(json, "commit")
            else { return nil }
            (self.lines, self.number, asOf) = (lines, number, json.value(at: "as_of")?.text?.description)
            let names = ["lines", "events", "quarantined", "duplicates", "filtered", "late"]
            counts = Dictionary(uniqueKeysWithValues: names.map { ($0, Self.number(json, "ledger.\($0)") ?? -1) })
        }

        private static func number(_ json: NaiveJSON, _ path: String) -> Int64? {
            if case .number(let text)? = json.value(at: path) { Int64(text) } else { nil }
        }
    }

    let running: Running

    init(_ log: SmallLog, state: String = "state", output: String = "out", every: String = "200ms", _ more: [String] = []) throws {
        running = try Running(["run", "p.yaml", "-", "--state", state, "-o", output, "--every", every] + more, in: log.folder.path)
    }

    var commits: [Commit] { running.lines.compactMap { Commit($0) } }

    func write(_ text: String) { running.write(Array(text.utf8)) }

    /// Until so many lines are committed.
    func waitForLines(_ count: Int64) { running.wait { Commit($0.last ?? "")?.lines ?? -1 >= count } }

    /// Ends the input, or sends the signal, and waits for the program's end. Answers all its commits.
    func end(by signal: Int32? = nil) -> (ended: Binary.Ended, commits: [Commit]) {
        if let signal { running.send(signal) } else { running.closeInput() }
        let ended = running.wait()
        return (ended, commits)
    }

    /// One process over the whole text.
    static func run(_ log: SmallLog, state: String = "state", output: String = "out", _ more: [String] = [], input: String = "") throws
        -> (ended: Binary.Ended, commits: [Commit])
    {
        let stream = try RunningStream(log, state: state, output: output, every: "1h", more)
        stream.write(input)
        return stream.end()
    }
}
