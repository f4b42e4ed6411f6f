import Definitions
import Testing

/// An edit of a valid file, and what must be said about it: `line:column: ` and parts of the message.
struct Damage: Sendable, CustomTestStringConvertible {
    var find: String
    var replacement: String
    var expected: [String]
    var testDescription: String { "\(find) → \(replacement)" }

    init(_ find: String, _ replacement: String, _ expected: String...) {
        (self.find, self.replacement, self.expected) = (find, replacement, expected)
    }
}

/// `line:column: message` for each fault; empty where the text is a pipeline.
func faults(_ bytes: [UInt8]) -> [String] {
    do {
        _ = try PipelineReader.read(text: bytes, name: "p")
        return []
    } catch {
        return error.diagnostics.map { String($0.description.dropFirst(2)) }
    }
}

func faults(_ text: String) -> [String] { faults(Array(text.utf8)) }

/// The faults are these and no others; each expectation is what the line begins with, and after `…` what it holds.
func expect(_ found: [String], are expected: [String], location: SourceLocation) {
    #expect(found.count == expected.count, "\(found)", sourceLocation: location)
    for (line, wanted) in zip(found, expected) {
        let parts = wanted.split(separator: "…").map(String.init)
        #expect(line.hasPrefix(parts[0]) && parts.dropFirst().allSatisfy(line.contains), "\(line)", sourceLocation: location)
    }
}

@Suite struct PipelineFaultTests {
    static let valid = """
        version: 1
        name: p
        timezone: UTC
        identity: {known: [customer], linking: [email]}
        sources:
          - name: web
            input: a-*.zst
            fields:
              time: ts
              channel: ch
              touchpoint: page
              ids: {customer: user.id}
              attributes: {topic: t, order: o}
            constants: {action: x}
        channels:
          web: {kind: assisted, gap: 30m}
        journeys:
          - name: buy
            start: touchpoint == "a"
            goal: 'touchpoint == "b"'
            key: order
            steps:
              - {name: one, match: 'action == "x"', sla: 1m}
              - {name: two, match: 'action == "y"'}
            funnel: {window: 1d}

        """

    @Test func validFileHasNoFaults() { #expect(faults(Self.valid) == []) }

    static let topLevelDamages = [
        Damage("version: 1\n", "", "1:1: the pipeline file has no `version`"),
        Damage("version: 1", "version: 2", "1:10: `version` must be 1, but is `2`"),
        Damage("version: 1", "version: '1'", "1:10: `version` must be 1"),
        Damage("version: 1", "version: [1]", "1:10: `version` must be 1, but is a list"),
        Damage("name: p\n", "name:\n", "2:6: `name` of the pipeline file has no value"),
        Damage("name: p\n", "name: ''\n", "2:7: `name` is empty"),
        Damage(
            "timezone: UTC", "timezone: Europe/Berln", "3:11: `timezone`: unknown time zone `Europe/Berln`; did you mean `Europe/Berlin`?"),
        Damage("timezone: UTC", "timezone: Mars", "3:11: `timezone`…IANA"),
        Damage("timezone: UTC", "timezon: UTC", "3:1: unknown key `timezon` in the pipeline file; did you mean `timezone`?"),
        Damage("timezone: UTC", "dashboards: {include: []}", "3:1: unknown key `dashboards`…the keys here are version, name,"),
        Damage("timezone: UTC", "checks: journeys.started > 0", "3:9: `checks` must be a list"),
        Damage("timezone: UTC", "checks: [journeys.startd > 0]", "3:19: `checks`: unknown column `startd`; did you mean `started`?"),
        Damage("timezone: UTC", "checks: [[]]", "3:10: `checks` must be a check, but is a list"),
        Damage("timezone: UTC", "check: []", "3:1: unknown key `check` in the pipeline file; did you mean `checks`?"),
        Damage(
            "timezone: UTC", "max_line_bytes: 512",
            "3:17: `max_line_bytes` must be a whole number from 1024 to 16777216, without quotes, but is `512`"),
        Damage("timezone: UTC", "max_line_bytes: lots", "3:17: `max_line_bytes` must be a whole number"),
        Damage(
            "timezone: UTC", "error_outcomes: error",
            "3:17: `error_outcomes` must be a list, as in `error_outcomes: [error]`, but is a single value"),
        Damage("timezone: UTC", "sessions: {gap: 30}", "3:17: `gap`: `30` is no duration; write numbers with units"),
        Damage("timezone: UTC", "sessions: [30m]", "3:11: `sessions` must be a mapping"),
    ]

    @Test(arguments: topLevelDamages)
    func topLevel(_ damage: Damage) throws { try check(damage) }

    static let identityAndSourcesDamages = [
        Damage("[email]}", "[email, customer]}", "4:48: the identity type `customer` is declared twice"),
        Damage("[email]}", "[email], max_known: 0}", "4:60: `max_known` must be a whole number from 1"),
        Damage("[email]}", "[email], block_defaults: yes}", "4:65: `block_defaults` must be true or false, without quotes, but is `yes`"),
        Damage("[email]}", "{email: 1}}", "4:40: `linking` must be a list"),
        Damage("[email]}", "[[email]]}", "4:41: `linking` must be text, but is a list"),
        Damage(
            "{known: [customer], linking: [email]}", "{}", "4:11: `identity` declares no type",
            "12:13: `customer` under `ids` is not declared in `identity`; none is"),
        Damage("identity: {known: [customer], linking: [email]}\n", "", "1:1: the pipeline file has no `identity`"),
        Damage(
            "{customer: user.id}", "{custmer: user.id}",
            "12:13: `custmer` under `ids` is not declared in `identity`; did you mean `customer`?"),
        Damage("{customer: user.id}", "{phone: user.id}", "12:13: `phone`…declared: customer, email"),
        Damage("{customer: user.id}", "{}", "12:12: `ids` maps no identity type"),
        Damage("{customer: user.id}", "{customer: }", "12:13: `customer` under `ids` has no value"),
        Damage("      ids: {customer: user.id}\n", "", "9:7: `fields` has no `ids`"),
        Damage("customer: user.id", "customer: user..id", "12:23: `customer`: `user..id` is no path to a field"),
        Damage("customer: user.id", "customer: /a~2", "12:23: `customer`…JSON Pointer"),
        Damage("customer: user.id", "customer: [a, .b]", "12:27: `customer`: `.b` is no path to a field"),
        Damage("customer: user.id", "customer: []", "12:23: `customer` under `ids` has 0 places"),
        Damage("customer: user.id", "customer: $1.id", "12:23: `customer`: `$1.id` names array 1, but this place has no array around it"),
        Damage("customer: user.id", "customer: {}", "12:23: the form of `customer` says nothing"),
        Damage("customer: user.id", "customer: {path: a, value: b}", "12:23: the form of `customer` says several things (path, value)"),
        Damage(
            "customer: user.id", "customer: {path: a, clan: [trim]}",
            "12:33: unknown key `clan` in the form of `customer`; did you mean `clean`?"),
        Damage("customer: user.id", "customer: {path: a, clean: [trimm]}", "12:41: `clean` cannot be `trimm`; did you mean `trim`?"),
        Damage("customer: user.id", "customer: {path: a, clean: [[trim]]}", "12:41: `clean` must be text, but is a list"),
        Damage("customer: user.id", "customer: {path: a, with: b}", "12:39: `with` belongs to `join`"),
        Damage("customer: user.id", "customer: {path: a, where: {b: c}}", "12:40: `where` belongs to `array`"),
        Damage("customer: user.id", "customer: {path: a, match: [{like: '(', to: b}]}", "12:48: `like`: missing )"),
        Damage("customer: user.id", "customer: {path: a, else: b}", "12:39: `else` belongs to `values`"),
        Damage("customer: user.id", "customer: {path: a, unit: s}", "12:39: only `time` has a `unit`"),
        Damage("customer: user.id", "customer: {json: a}", "12:23: the form of `customer` has no `path`"),
        Damage("customer: user.id", "customer: {first: a}", "12:31: `first` must be a list of paths or forms"),
        Damage("      time: ts\n", "", "9:7: `fields` has no `time`; map it to a field, or give it under `constants`"),
        Damage("      channel: ch\n      touchpoint: page\n", "", "9:7: `fields` has no `channel`", "9:7: `fields` has no `touchpoint`"),
        Damage(
            "constants: {action: x}", "constants: {initiator: robot}",
            "14:28: `initiator` cannot be `robot`; valid: customer, agent, system"),
        Damage("constants: {action: x}", "constants: {action: {a: b}}", "14:25: `action` must be text, but is a mapping"),
        Damage("constants: {action: x}", "constants: {topic: x}", "14:17: unknown key `topic` in `constants`"),
        Damage("action: x}", "action: x}\n    time_unit: fortnights", "15:16: `time_unit` cannot be `fortnights`; valid: s, seconds, ms"),
        Damage("    input: a-*.zst", "    input: 'a[.zst'", "7:12: `input`: `a[.zst` is no file pattern: a `[` is not closed"),
        Damage("    input: a-*.zst", "    input: [a, [b]]", "7:16: `input` must be text, but is a list"),
        Damage("    input: a-*.zst", "    inputs: a", "7:5: unknown key `inputs` in source `web`; did you mean `input`?"),
        Damage("  - name: web\n    input", "  - input", "6:5: this source has no `name`"),
        Damage(
            "channels:\n", "  - {name: web, fields: {time: t, channel: c, touchpoint: p, ids: {email: e}}}\nchannels:\n",
            "15:12: another source is already named `web`"),
        Damage("topic: t, order: o", "topic: t, order: o, topic: x", "13:40: the key `topic` is already given on line 13"),
        Damage(
            "{topic: t, order: o}", "[topic, order]", "13:19: `attributes` must be a mapping",
            "21:10: `key`: no source declares the attribute `order`"),
    ]

    @Test(arguments: identityAndSourcesDamages)
    func identityAndSources(_ damage: Damage) throws { try check(damage) }

    static let channelsAndJourneysDamages = [
        Damage(
            "kind: assisted", "kind: asisted",
            "16:15: `kind` cannot be `asisted`; did you mean `assisted`? valid: self-service, assisted, outbound"),
        Damage("gap: 30m", "gap: 30 m", "16:30: `gap`: `30 m` is no duration"),
        Damage("gap: 30m", "gap: [30m]", "16:30: `gap` must be a duration such as 30m, but is a list"),
        Damage("gap: 30m}", "gap: 30m}\n  web: {}", "17:3: the key `web` is already given on line 16"),
        Damage("start: touchpoint", "start: touchpont", "19:12: `start`: unknown field `touchpont`; did you mean `touchpoint`?"),
        Damage("start: touchpoint == \"a\"", "start: channel == \"ö\" && touchpont == \"a\"", "19:30: `start`: unknown field `touchpont`"),
        Damage(
            "goal: 'touchpoint == \"b\"'", "goal: 'touchpoint = \"b\"'",
            "20:23: `goal`: `=` is not part of an expression; use == to compare"),
        Damage("goal: 'touchpoint == \"b\"'", "goal: 'touchpoint == ''b'' && x'", "20:35: `goal`: unknown field `x`"),
        Damage("goal: 'touchpoint == \"b\"'", "goal: \"touchpoint == \\\"b\\\" && x\"", "20:35: `goal`: unknown field `x`"),
        Damage(
            "goal: 'touchpoint == \"b\"'", "goal: \"touchpoint == \\x22b\\\" && x\"",
            "20:11: `goal`: unknown field `x`…(character 22 of the expression)"),
        Damage(
            "goal: 'touchpoint == \"b\"'", "goal: touchpoint == \"b\"\n      && x",
            "20:11: `goal`: unknown field `x`…(character 22 of the expression)"),
        Damage("goal: 'touchpoint == \"b\"'", "goal: >\n      x", "20:11: `goal`: unknown field `x`"),
        Damage("goal: 'touchpoint == \"b\"'", "goal: touchpoint", "20:11: `goal`: the expression must be true or false"),
        Damage("goal: 'touchpoint == \"b\"'", "goal: has(", "20:15: `goal`: expected a field in has( ), but the text ends"),
        Damage(
            "goal: 'touchpoint == \"b\"'", "goal: has(attributes.topik)", "20:26: `goal`: unknown attribute `topik`; did you mean `topic`?"),
        Damage(
            "goal: 'touchpoint == \"b\"'", "goal: channel.matches('a(')",
            "20:27: `goal`: the pattern of `matches` cannot be used: missing )"),
        Damage("goal: 'touchpoint == \"b\"'", "goal: prev.step == \"b\"", "20:11: `goal`: `prev` can only be used in patterns"),
        Damage("goal: 'touchpoint == \"b\"'", "goals: 'x'", "20:5: unknown key `goals` in journey `buy`; did you mean `goal`?"),
        Damage("key: order", "key: ordr", "21:10: `key`: no source declares the attribute `ordr`; did you mean `order`?"),
        Damage("key: order", "key: step", "21:10: `key`: no source declares the attribute `step`"),
        Damage("match: 'action == \"x\"', sla", "match: 'step == \"x\"', sla", "23:29: `match`: `step` cannot be used here"),
        Damage("match: 'action == \"x\"', sla", "sla", "23:9: step `one` has no `match`; say which events belong to the step"),
        Damage("sla: 1m", "sla: soon", "23:50: `sla`: `soon` is no duration"),
        Damage("sla: 1m", "funnel: 0", "23:53: `funnel` must be true or false, without quotes, but is `0`"),
        Damage("name: two", "name: one", "24:16: another step of journey `buy` is already named `one`"),
        Damage("{name: two, match: 'action == \"y\"'}", "two", "24:9: this step must be a mapping"),
        Damage("{window: 1d}", "{window: 1d, mode: loose}", "25:32: `mode` cannot be `loose`; valid: ordered, strict, any"),
        Damage("{window: 1d}", "false", "25:13: `funnel` must be a mapping"),
        Damage("{window: 1d}\n", "{window: 1d}\n  - name: buy\n", "26:11: another journey is already named `buy`"),
    ]

    @Test(arguments: channelsAndJourneysDamages)
    func channelsAndJourneys(_ damage: Damage) throws { try check(damage) }

    @Test func allFaultsOfAFileAreReported() {
        let text = """
            version: 3
            nam: p
            identity: {known: [a, a]}
            sources:
              - {name: s, fields: {time: .x, touchpoint: p, ids: {b: c}}}
            journeys:
              - {start: 'x', goal: 'channel = 1', steps: [{match: 'gap'}]}
            """
        let expected = [
            "1:1: the pipeline file has no `name`", "1:10: `version` must be 1", "2:1: unknown key `nam`", "3:23: the identity type `a`",
            "5:23: `fields` has no `channel`", "5:30: `time`: `.x` is no path", "5:55: `b` under `ids`",
            "7:5: this journey has no `name`", "7:14: `start`: unknown field `x`", "7:33: `goal`: `=`", "7:47: this step has no `name`",
            "7:56: `match`: `gap`",
        ]
        expect(faults(text), are: expected, location: #_sourceLocation)
    }

    /// The valid file with the edit.
    static func text(_ damage: Damage) throws -> String {
        let parts = valid.components(of: damage.find)
        try #require(parts.count == 2, "the edit must fit one place")
        return parts.joined(separator: damage.replacement)
    }

    private func check(_ damage: Damage) throws {
        expect(faults(try Self.text(damage)), are: damage.expected, location: #_sourceLocation)
    }
}

extension String {
    func components(of separator: String) -> [String] {
        split(separator: separator, omittingEmptySubsequences: false).map(String.init)
    }
}
