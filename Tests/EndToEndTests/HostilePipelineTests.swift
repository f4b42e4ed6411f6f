import Foundation
import Testing

@testable import TestSupport

/// Pipeline files made to hurt, given to the real program: it ends by itself, with a word at the place, within limits of
/// memory and time that the system enforces.
@Suite struct HostilePipelineTests {
    private static let limits = Binary.Limits()

    /// The pipeline of `SmallLog` with friction rules besides, a line each.
    private static func pipeline(_ patterns: [String]) -> String {
        let rules = patterns.enumerated().map { number, pattern in
            "    - {name: r\(number), pattern: '\(pattern)', where: {a: 'touchpoint == \"begin\"', b: 'touchpoint == \"end\"'}}\n"
        }
        return SmallLog.pipeline + "frictions:\n  include: []\n  define:\n" + rules.joined()
    }

    private func validate(_ pipeline: String) throws -> Binary.Ended {
        let log = try SmallLog(Array(SmallLog.lines(20).utf8), pipeline: pipeline)
        return try Binary.run("validate", "p.yaml", in: log.folder.path, limits: Self.limits)
    }

    private func expectEnded(_ ended: Binary.Ended, _ what: String) {
        #expect(ended.status == 0 || ended.status == 2, "\(what): status \(ended.status), \(ended.errors.suffix(400))")
        #expect(ended.status == 0 || ended.errors.contains("p.yaml:"), "\(what): \(ended.errors.suffix(400))")
    }

    @Test(arguments: [
        ("((((((a{0}){1000}){1000}){1000}){1000}){1000}) a", 4), ("(((^{1000}){1000}){1000}) a", 2), ("((a?){1000}){1000}", 0),
    ])
    func countsWithinCounts(_ pattern: String, offset: Int) throws {
        let pipeline = Self.pipeline([pattern])
        let ended = try validate(pipeline)
        #expect(ended.status == 2)
        let before = pipeline[..<pipeline.range(of: pattern)!.lowerBound].split(separator: "\n", omittingEmptySubsequences: false)
        let (line, column) = (before.count, before.last!.count + 1 + offset)
        #expect(
            ended.errors.contains("p.yaml:\(line):\(column): `pattern`: with its counts written out this has more than"), "\(ended.errors)")
    }

    @Test func randomPatterns() throws {
        for seed in UInt64(0)..<12 {
            var random = SeededGenerator(seed: seed)
            // Also some whose sizes are within bounds, so that what comes after sizes is reached as well.
            let patterns = (0..<40).map { _ in HostileText.pattern(&random) }
            expectEnded(try validate(Self.pipeline(patterns)), "seed \(seed)")
        }
    }

    @Test func manyOfTheLargestPatterns() throws {
        expectEnded(try validate(Self.pipeline(Array(repeating: "(a?){330} (a | b?){50}", count: 20))), "many ways")
        let rules = Self.pipeline(Array(repeating: "a", count: 501))
        #expect(try validate(rules).errors.contains("a pipeline may have 500"))
    }

    @Test func randomExpressions() throws {
        for seed in UInt64(0)..<12 {
            var random = SeededGenerator(seed: seed)
            let steps = (0..<8).map { "      - {name: s\($0), match: '\(HostileText.expression(&random))'}\n" }
            let pipeline = SmallLog.pipeline.replacing("    steps:\n", with: "    steps:\n" + steps.joined())
            expectEnded(try validate(pipeline), "seed \(seed)")
        }
    }

    /// Regular expressions are refused by the size of what the engine makes of them, one by one and together.
    @Test func regularExpressions() throws {
        func validate(_ patterns: [String]) throws -> Binary.Ended {
            let expression = patterns.map { "touchpoint.matches(\"\($0)\")" }.joined(separator: "||")
            return try self.validate(SmallLog.pipeline.replacing("'touchpoint == \"begin\"'", with: "'\(expression)'"))
        }
        #expect(try validate(["^/product/[0-9]+(\\\\?.*)?$", "(?i)checkout", "^[\\\\pL\\\\pN]{1,100}$"]).status == 0)
        let large = try validate(["\\\\pL{1000}"])
        #expect(large.status == 2 && large.errors.contains("cannot be used: pattern too large"), "\(large.errors)")
        for (pattern, count) in [("(ab|cd){700}", 800), ("a", 2001)] {
            let many = try validate(Array(repeating: pattern, count: count))
            #expect(many.status == 2 && many.errors.contains("of this file are too large together"), "\(many.errors)")
        }
    }

    /// The deepest tree that is accepted is also compiled, and asked of events, on threads of their own.
    @Test func deepestExpressionRuns() throws {
        var expression = "has(value)"
        for _ in 0..<199 { expression = "(" + expression + String(repeating: "||has(value)", count: 25) + ")" }
        let pipeline = SmallLog.pipeline.replacing("'touchpoint == \"begin\"'", with: "'\(expression)'")
        let log = try SmallLog(Array(SmallLog.lines(200).utf8), pipeline: pipeline)
        for more in [[], ["--state", "s"]] {
            let ended = try Binary.run(["run", "p.yaml", "-o", "out"] + more, in: log.folder.path, limits: Self.limits)
            #expect(ended.status == 0, "\(ended.status) \(ended.errors.prefix(400))")
        }
    }
}
