import Foundation
import Testing

@testable import TestSupport

/// What is probably a mistake is said on stderr and listed in run.json, by `validate` of its sample, and with `--strict` it is
/// the exit status.
@Suite struct WarningTests {
    private static let pipeline = """
        version: 1
        name: p
        sources:
          - name: log
            input: log-*.ndjson
            timezone: Europe/Berlin
            fields: {time: t, channel: ch, touchpoint: tp, ids: {customer: c, device: device}}
        identity: {known: [customer], linking: [device], max_known: 5}
        channels: {web: {}}
        journeys:
          - name: buy
            goal: 'touchpoint == "end"'
            steps:
              - {name: begin, match: 'touchpoint == "begin"'}
              - {name: end, match: 'touchpoint == "end"'}

        """

    private static func line(_ person: Int, _ touchpoint: String, _ minute: Int, channel: String = "web", _ more: String = "") -> String {
        let time = 1_772_323_200 + minute * 60
        return "{\"t\":\(time),\"c\":\"c\(person)\",\"device\":\"d\(person)\",\"ch\":\"\(channel)\",\"tp\":\"\(touchpoint)\"\(more)}\n"
    }

    /// Three persons who begin and end.
    private static let lines = (0..<3).map { line($0, "begin", $0) + line($0, "end", $0 + 5) }.joined()

    private func log(_ lines: String, _ change: (String) -> String = { $0 }) throws -> SmallLog {
        try SmallLog(Array(lines.utf8), pipeline: change(Self.pipeline))
    }

    /// `code; where: text` of run.json.
    private func warnings(_ log: SmallLog) throws -> [String] {
        let data = try Data(contentsOf: log.folder.url.appendingPathComponent("out/run.json"))
        guard case .array(let items)? = try NaiveJSONParser.parse(Array(data)).value(at: "warnings") else { return ["not there"] }
        return items.map { item in
            func text(_ key: String) -> String { item.value(at: key)?.text?.description ?? "?" }
            return "\(text("code")); \(text("where")): \(text("text"))"
        }
    }

    @Test func aLogWithoutMistakes() throws {
        let log = try log(Self.lines)
        let ended = try log.run("--strict")
        #expect(ended.status == 0 && ended.errors == "", "\(ended.errors)")
        #expect(try warnings(log) == [])
        #expect(try Binary.run(["validate", "p.yaml"], in: log.folder.path).errors == "")
    }

    struct Mistake: Sendable, CustomTestStringConvertible {
        var code: String
        /// In the pipeline: what stands there, and what is written instead.
        var from = ""
        var to = ""
        var lines = WarningTests.lines
        /// The beginning of what run.json says.
        var place: String
        var words: [String]
        /// Whether a sample can tell.
        var isInSample = true

        var testDescription: String { "\(code) \(to)" }
    }

    @Test(arguments: [
        Mistake(
            code: "never_true", from: "goal: 'touchpoint == \"end\"'", to: "goal: 'touchpoint == \"ent\"'",
            place: "`goal` of journey `buy`", words: ["`touchpoint == \"ent\"`", "no event has `ent` there, but some have `end`"]),
        Mistake(
            code: "never_true", from: "timezone: Europe/Berlin", to: "where: 'touchpoint == \"nothing\"'", place: "`where` of source `log`",
            words: ["no record of it is an event"]),
        Mistake(
            code: "never_there", from: "device: device}", to: "device: devcie}", place: "source `log`, `ids.device`",
            words: ["no line has `devcie`; did you mean `device`?"]),
        Mistake(
            code: "never_there", from: "touchpoint: tp,", to: "touchpoint: tp, outcome: {first: [props.result, $.other]},",
            place: "source `log`, `outcome`", words: ["no line has `props.result`, `$.other`"]),
        Mistake(
            code: "unreachable_step", from: "- {name: end,", to: "- {name: all, match: 'channel == \"web\"'}\n      - {name: end,",
            place: "step `end` of journey `buy`", words: ["`touchpoint == \"end\"`", "belongs to an earlier step: `all`"]),
        Mistake(
            code: "undeclared_channel", lines: WarningTests.lines + line(1, "begin", 60, channel: "wed"), place: "`channels`",
            words: ["not declared: `wed`", "meant to be `web`?"]),
        Mistake(
            code: "local_time",
            lines: WarningTests.lines + line(1, "begin", 0).replacingOccurrences(of: "1772323200", with: "\"2025-10-26T02:30:00\""),
            place: "source `log`", words: ["1 time without a zone", "Europe/Berlin"]),
        Mistake(
            code: "outside_funnel", from: "goal: 'touchpoint == \"end\"'", to: "goal: 'touchpoint in [\"end\", \"done\"]'",
            lines: WarningTests.lines + line(8, "begin", 1) + line(8, "done", 2), place: "journey `buy`",
            words: ["1 of 4 completed journeys did not reach the funnel's last step `end`"], isInSample: false),
        Mistake(
            code: "hub_id",
            lines: WarningTests.lines
                + (0..<50).map { line(9, "begin", $0).replacingOccurrences(of: "\"d9\"", with: "\"x\($0)\"") }.joined(),
            place: "`identity`", words: ["1 customer id is met with 50 or more values of device, at most 50"], isInSample: false),
        Mistake(
            code: "many_touchpoints", lines: WarningTests.lines + (0..<2000).map { line($0 % 90, "/p/\($0)", 20) }.joined(),
            place: "source `log`", words: ["2002 touchpoints", "`match`"], isInSample: false),
    ])
    func everyCode(_ mistake: Mistake) throws {
        let log = try log(mistake.lines) { mistake.from.isEmpty ? $0 : $0.replacingOccurrences(of: mistake.from, with: mistake.to) }
        func isSaid(_ text: String) -> Bool { ([mistake.code] + mistake.words).allSatisfy { text.contains($0) } }
        for state in [[], ["--state", "state"]] {
            let ended = try Binary.run(["run", "p.yaml", "-o", "out"] + state, in: log.folder.path)
            #expect(ended.status == 0 && isSaid(ended.errors), "\(ended.errors)")
            let listed = try warnings(log)
            #expect(listed.contains { $0.hasPrefix("\(mistake.code); \(mistake.place): ") && isSaid($0) }, "\(listed)")
        }
        #expect(try log.run("--strict").status == 4)
        #expect(try isSaid(Binary.run(["validate", "p.yaml"], in: log.folder.path).errors) == mistake.isInSample)
    }

    /// What only an earlier night had is there, and true.
    @Test func theStateCounts() throws {
        let log = try log(Self.lines)
        #expect(try log.run("--state", "state").errors == "")
        try log.folder.write(Array(Self.line(1, "begin", 90).utf8), to: "log-2.ndjson")
        let ended = try log.run("--state", "state")
        #expect(ended.status == 0 && ended.errors == "", "\(ended.errors)")
    }

    /// An example that does not come out is an error of `validate` too.
    @Test func validateRunsExamples() throws {
        let rule = "frictions:\n  define:\n    - {name: f, pattern: a, where: {a: 'action == \"x\"'}, examples: {match: ['web page y']}}\n"
        let log = try log(Self.lines) { $0 + rule }
        let ended = try Binary.run(["validate", "p.yaml"], in: log.folder.path)
        #expect(ended.status == 2 && ended.errors.contains("rule f: 1 example does not come out as it says"), "\(ended.errors)")
    }
}
