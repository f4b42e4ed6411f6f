import Foundation
import Testing

@testable import Definitions

/// The shipped rules and the documented ones, each with its examples.
@Suite struct FrictionRuleTests {
    /// `body` stands under the key `frictions`.
    private func definition(_ body: String) throws -> PipelineDefinition {
        let text = """
            version: 1
            name: test
            sources: [{name: s, input: x, fields: {time: t, channel: c, touchpoint: p, ids: {customer: u}, attributes: {order: o}}}]
            identity: {known: [customer]}
            channels: {phone: {kind: assisted}}
            journeys:
              - name: buy
                steps: [{name: pay, match: 'touchpoint == "pay"'}, {name: done, match: 'touchpoint == "done"'}]
            frictions:
            \(body.split(separator: "\n", omittingEmptySubsequences: false).map { "  " + $0 }.joined(separator: "\n"))
            """
        return try PipelineReader.read(text: Array(text.utf8), name: "p.yaml")
    }

    private func test(_ body: String) throws -> RuleTest { try RuleTest(definition(body)) }

    private static let shippedNames = [
        "repeat_contact", "channel_restart", "rework_loop", "rage_click", "dead_end", "error_burst", "error_exit", "ping_pong",
        "escalation_unresolved",
        "re_explain", "forced_login", "quick_back", "terms_drift", "unanswered", "outreach_collision", "bot_loop", "payment_retry",
        "late_delivery_contact",
    ]

    @Test func theLibraryHasItsEighteenRulesWithAllTheirParts() throws {
        let rules = try definition("include: [standard]").frictions
        #expect(rules.map(\.name) == Self.shippedNames)
        for rule in rules {
            #expect(rule.summary != nil && rule.falsePositives != nil && !rule.needs.isEmpty, "\(rule.name)")
            #expect(rule.examples.contains { $0.isMatch } && rule.examples.filter { !$0.isMatch }.count >= 2, "\(rule.name)")
        }
    }

    @Test(arguments: shippedNames)
    func everyExampleOfTheLibraryComesOutAsItSays(_ name: String) throws {
        let test = try test("include: [\(name)]")
        #expect(test.rules.map(\.name) == [name])
        for failure in test.rules.flatMap(\.failures) {
            Issue.record("\(name), must match: \(failure.mustMatch): \(failure.text) \(failure.found)")
        }
    }

    /// What `--show` prints can be put under `define` as it is, and is the same rule.
    @Test(arguments: shippedNames)
    func everyShippedRuleCanBeCopied(_ name: String) throws {
        let text = try #require(StandardLibrary.shared.text(of: name))
        let copy = try #require(try definitionWithAttributes("define:\n" + text).frictions.first)
        var original = try #require(StandardLibrary.shared.rules.first { $0.name == name })
        original.isFromLibrary = false
        #expect(copy == original)
    }

    private func definitionWithAttributes(_ body: String) throws -> PipelineDefinition {
        let names = StandardLibrary.shared.attributes.sorted().map { "\($0): \($0)" }.joined(separator: ", ")
        let text = """
            version: 1
            name: test
            sources: [{name: s, input: x, fields: {time: t, channel: c, touchpoint: p, ids: {customer: u}, attributes: {\(names)}}}]
            identity: {known: [customer]}
            frictions:
              \(body)
            """
        return try PipelineReader.read(text: Array(text.utf8), name: "p.yaml")
    }

    /// Every rule in the page on rules is read and its examples are run.
    @Test func theDocumentedRulesDoWhatThePageSays() throws {
        let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../pipelines/frictions.md")
        let parts = try String(contentsOf: page, encoding: .utf8).components(separatedBy: "\n```yaml\n").dropFirst()
        let rules = parts.map { $0.components(separatedBy: "\n```")[0] }
        #expect(rules.count == 12)
        let test = try test("define:\n" + rules.joined(separator: "\n"))
        #expect(test.rules.count == 12 && test.rules.allSatisfy { $0.matches > 0 && $0.examples > $0.matches })
        for rule in test.rules {
            for failure in rule.failures {
                Issue.record("\(rule.name), must match: \(failure.mustMatch): \(failure.text) \(failure.found)")
            }
        }
    }

    @Test func includesExcludesChangesAndReplaces() throws {
        let some = try definition("include: [rage_click, standard]\nexclude: [quick_back, dead_end]").frictions
        #expect(some.map(\.name) == Self.shippedNames.filter { $0 != "quick_back" && $0 != "dead_end" })
        let changed = try definition(
            "include: [repeat_contact]\nchange: {repeat_contact: {within: 14d, owner: service, where: {contact: 'channel == \"x\"'}}}"
        ).frictions
        #expect(changed.count == 1 && changed[0].within == 14 * 86_400_000_000 && changed[0].owner == "service")
        #expect(
            changed[0].variables.map(\.name) == ["contact", "same", "again"]
                && changed[0].variables[0].condition.source == "channel == \"x\"")
        let replaced = try definition("include: [rage_click, error_exit]\ndefine: [{name: rage_click, pattern: a, where: {a: 'true'}}]")
            .frictions
        #expect(replaced.map(\.name) == ["error_exit", "rage_click"] && replaced[1].variables.map(\.name) == ["a"])
        #expect(try definition("include: []").frictions.isEmpty)
        let skips = try definition(
            "include: [repeat_contact, rage_click]\nchange: {repeat_contact: {skip: past_last}, rage_click: {skip: to_next}}"
        ).frictions
        #expect(skips.map(\.skip) == [.pastLast, .toNext])
    }

    @Test func aFailingExampleSaysWhatWasFound() throws {
        let test = try test(
            """
            define:
              - name: mine
                pattern: a b
                where: {a: 'touchpoint == "x"', b: 'step == "pay"'}
                examples: {match: ['web x', ['web x', 'web pay']], no_match: ['web x click; web pay click ok +1m']}
            """)
        #expect(test.examples == 3 && test.failures == 2)
        #expect(test.rules[0].failures.map(\.text) == ["web x", "web x click; web pay click ok +1m"])
        #expect(test.rules[0].failures[1].found == ["a: web x click", "b: web pay click ok"])
    }

    @Test(arguments: [
        ("include: [standart]", "10:13: the library has no friction `standart`; did you mean `standard`?"),
        ("include: [rage_clik]", "did you mean `rage_click`?"),
        ("change: {rage_click: {within: 2s}}", "`rage_click` is changed but not included"),
        (
            "include: [standard]\nchange: {rage_click: {withn: 2s}}",
            "unknown key `withn` in the change of `rage_click`; did you mean `within`?"
        ),
        ("define: [{name: a, where: {x: 'true'}}]", "has no `pattern`"),
        ("define: [{name: a, pattern: x}]", "has no `where`"),
        ("define: [{name: a, pattern: x y, where: {x: 'true'}}]", "10:33: `pattern`: unknown variable `y`"),
        ("define: [{name: a, pattern: x, where: {x: 'prev.chanel == channel'}}]", "did you mean `channel`?"),
        (
            "define: [{name: a, pattern: x, where: {x: 'true'}, absent: {where: 'gap > duration(\"1h\")', for: 1h}}]",
            "`gap` can only be used in patterns"
        ),
        ("define: [{name: a, pattern: x, where: {x: 'true'}, absent: {where: 'true'}}]", "has no `for`"),
        ("define: [{name: a, pattern: x, where: {x: 'true'}, partition_by: [ordr]}]", "did you mean `order`?"),
        ("define: [{name: a, pattern: x, where: {x: 'true'}, scope: visit}]", "`scope` cannot be `visit`"),
        (
            "define: [{name: a, pattern: x, where: {x: 'true'}, skip: to_lst}]",
            "10:60: `skip` cannot be `to_lst`; did you mean `to_last`? valid: past_last, to_last, to_next"
        ),
        ("define: [{name: a, pattern: x, where: {'x-y': 'true'}}]", "`x-y` is no name for a variable"),
        ("define: [{name: a, pattern: '((x{30}){30}){30}', where: {x: 'true'}}]", "more than 1000 variables"),
        ("define: [{name: a, pattern: x, where: {x: 'true'}, examples: {match: ['web']}}]", "needs a channel and a touchpoint"),
        ("define: [{name: a, pattern: x, where: {x: 'true'}, examples: {match: ['web x; now 5m']}}]", "`now +1h`"),
        ("define: [{name: a, pattern: x, where: {x: 'true'}, examples: {match: ['web x; now +5m; web y']}}]", "`now` comes last"),
        ("define: [{name: a, pattern: x, where: {x: 'true'}, examples: {match: ['web x y z w']}}]", "a fifth word"),
        ("define: [{name: a, pattern: x, where: {x: 'true'}, examples: {match: ['web x +5']}}]", "`+5` is no time"),
        (
            "define: [{name: a, pattern: x, where: {x: 'true'}}, {name: a, pattern: x, where: {x: 'true'}}]",
            "another friction is already named `a`"
        ),
    ])
    func faultsSayWhereAndHow(_ body: String, _ message: String) {
        do {
            _ = try definition(body)
            Issue.record("read without a fault")
        } catch {
            #expect("\(error)".contains(message), "\(error)")
        }
    }
}
