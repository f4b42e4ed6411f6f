public import Foundation

/// Where the lines of a run went, and those of all runs on its state, as run.json says.
public struct RunLedgers: Sendable, Equatable {
    public private(set) var run: [String: Int] = [:]
    /// Empty without a state.
    public private(set) var total: [String: Int] = [:]

    /// - Parameter folder: an output.
    public init(folder: URL) throws {
        let record = try NaiveJSONParser.parse(Array(try Data(contentsOf: folder.appendingPathComponent("run.json"))))
        run = Self.counts(record.value(at: "ledger"))
        total = Self.counts(record.value(at: "total"))
    }

    private static func counts(_ ledger: NaiveJSON?) -> [String: Int] {
        guard case .object(let members)? = ledger else { return [:] }
        return Dictionary(
            uniqueKeysWithValues: members.compactMap { name, value in
                if case .number(let text) = value { (name.description, Int(text) ?? -1) } else { nil }
            })
    }

    /// In words, what is wrong with either; none when every line went somewhere.
    public var faults: [String] {
        [("ledger", run), ("total", total)].flatMap { name, counts -> [String] in
            guard let lines = counts["lines"] else { return name == "ledger" ? ["no ledger"] : [] }
            let given = ["lines", "expanded", "released"]
            let all = given.reduce(0) { $0 + (counts[$1] ?? 0) }
            let rest = counts.filter { !given.contains($0.key) }.values.reduce(0, +)
            return (rest == all ? [] : ["\(name): \(lines) lines, but \(rest) went somewhere: \(counts)"])
                + counts.filter { $0.value < 0 && $0.key != "expanded" }.map { "\(name): \($0.key) is \($0.value)" }
        }
    }
}
