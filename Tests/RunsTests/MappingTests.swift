import Foundation
import RunSupport
import TestSupport
import Testing

/// What fields of a source may say (pipelines/rules.md, 20), by small logs whose tables were made by hand.
@Suite struct MappingTests {
    /// Channel, touchpoint and action of every event with how many there are, as actions.csv has them, and the ledger.
    private func actions(_ source: String, identity: String = "{known: [customer]}", _ lines: [String]) throws -> (
        rows: [String], ledger: [String: Int]
    ) {
        let folder = try ScratchFolder()
        let text = """
            version: 1
            name: p
            identity: \(identity)
            sources:
              - name: log
                input: log.ndjson
            \(source.split(separator: "\n").map { "    " + $0 }.joined(separator: "\n"))
            """
        let pipeline = folder.url.appendingPathComponent("p.yaml")
        try Data(text.utf8).write(to: pipeline)
        try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: folder.url.appendingPathComponent("log.ndjson"))
        let output = try CaseRun.run(pipeline)
        let table = try CSVTable(Array(try Data(contentsOf: output.appendingPathComponent("csv/actions.csv"))))
        let rows = table.rows.map { row in table.header.indices.prefix(5).map { row[$0].description }.joined(separator: " ") }
        let ledgers = try RunLedgers(folder: output)
        #expect(ledgers.faults == [])
        return (rows, ledgers.run)
    }

    private func one(_ touchpoint: String, _ line: String) throws -> [String] {
        let fields = "constants: {channel: web, action: a}\nfields: {time: t, ids: {customer: c}, touchpoint: \(touchpoint)}"
        return try actions(fields, [#"{"t":1,"c":"ann",\#(line)}"#]).rows
    }

    @Test(arguments: [
        ("{first: [a, {path: b}]}", #""a":null,"b":"x""#, "x"), ("{first: [a, b]}", #""a":"","b":"x""#, "x"),
        ("{first: [a, b]}", #""a":"y","b":"x""#, "y"), ("{join: [a, b, d]}", #""a":"y","b":"","d":7"#, "y/7"),
        ("{join: [a, b], with: ' > '}", #""a":"y","b":true"#, "y > true"), ("{value: home}", #""a":1"#, "home"),
        ("{path: a, clean: [trim, lower]}", #""a":" \u00a0ÄB\t""#, "äb"), ("{path: a, clean: [digits]}", #""a":"+49 (30) 1""#, "49301"),
        ("{path: a, clean: [whole]}", #""a":12.00"#, "12"), ("{path: a, clean: [whole]}", #""a":"12.50""#, "12.50"),
        ("{path: a, match: [{like: '^/p/[0-9]+', to: product}, {like: '^/', to: other}]}", #""a":"/p/12?x""#, "product"),
        ("{path: a, match: [{like: '^/p/[0-9]+', to: product}]}", #""a":"/q""#, "/q"),
        ("{path: a, values: {WEB: web, '7': seven}}", #""a":7"#, "seven"),
        ("{path: a, values: {WEB: web}, else: rest}", #""a":"Web""#, "rest"),
        ("{array: p, where: {k: page}, path: [v.s, v.i]}", #""p":[7,{"k":"x","v":{"s":"no"}},{"k":"page","v":{"s":null,"i":5}}]"#, "5"),
        ("{array: p, where: {k: '1'}, path: v}", #""p":[{"k":1,"v":{}},{"k":1,"v":"yes"}]"#, "yes"),
        ("{json: j, path: user.plan}", #""j":"{\"user\":\n{\"plan\":\"p\\u0072o\"}}""#, "pro"),
        ("{first: [{json: j, path: a}, b]}", #""j":"{\"a\":1","b":"unsound""#, "unsound"),
        ("{first: [{join: [a, b]}, d], values: {x: y}}", #""d":"x""#, "y"), ("/a/1/b", #""a":[0,{"b":"deep"}]"#, "deep"),
    ])
    func forms(_ form: String, _ members: String, _ expected: String) throws {
        #expect(try one(form, members) == ["web \(expected) a 1 1"])
    }

    @Test(arguments: [
        ("{first: [a, b]}", #""a":null"#), ("{join: [a, b]}", #""a":"","b":{}"#), ("{json: j, path: a}", #""j":"[1]""#),
        ("{array: p, where: {k: x}, path: v}", #""p":{"k":"x","v":1}"#), ("{path: a, clean: [digits]}", #""a":"none""#),
    ])
    func nothingThere(_ form: String, _ members: String) throws {
        #expect(try one(form, members) == [])
    }

    /// What becomes of a text is remembered for some thousands of short ones; the others come to the same.
    @Test func manyTextsForOneMatch() throws {
        let names = (0..<6000).map { "/\($0 % 3 == 0 ? "p" : "q")/\($0)" } + ["/p/" + String(repeating: "x", count: 600)]
        let lines = (names + names.reversed()).enumerated().map { #"{"t":\#($0.offset),"c":"ann","a":"\#($0.element)"}"# }
        let form = "{path: a, match: [{like: '^/p/', to: product}, {like: '/[0-9]+5$', to: five}], values: {/q/1: one}, else: rest}"
        let fields = "constants: {channel: web, action: a}\nfields: {time: t, ids: {customer: c}, touchpoint: \(form)}"
        let fives = (0..<6000).filter { $0 % 3 != 0 && $0 % 10 == 5 && $0 > 9 }.count
        let rest = 2 * 4000 - 2 * fives - 2
        // Neither word is one of the values, so each is the rest, as the texts are that match nothing.
        #expect(try actions(fields, lines).rows == ["web one a 2 1", "web rest a \(2 * 2001 + 2 * fives + rest) 1"])
        let words = form.replacingOccurrences(of: ", else: rest", with: "").replacingOccurrences(
            of: "values: {", with: "values: {five: V, ")
        let named = fields.replacingOccurrences(of: form, with: words)
        let rows = try actions(named, lines).rows
        #expect(rows.filter { !$0.hasPrefix("web /q/") } == ["web V a \(2 * fives) 1", "web one a 2 1", "web product a \(2 * 2001) 1"])
        #expect(rows.count == 3 + rest / 2)
    }

    /// The elements of arrays, with what stands around them; elements that are no objects, and lines without any, give nothing.
    @Test func eachElement() throws {
        let source = """
            each: [groups, items]
            constants: {channel: web}
            fields: {time: $.t, ids: {customer: $1.who}, touchpoint: name, action: $.kind}
            """
        let lines = [
            #"{"t":1,"kind":"k","groups":[{"who":"ann","items":[{"name":"x"},5,{"name":"y"}]},{"who":"bob","items":[{"name":"x"}]},null]}"#,
            #"{"t":2,"kind":"k","groups":[]}"#, #"{"t":3,"kind":"k","groups":[{"who":"ann","items":[{}]}]}"#,
        ]
        let (rows, ledger) = try actions(source, lines)
        #expect(rows == ["web x k 2 2", "web y k 1 1"])
        #expect(ledger["lines"] == 3 && ledger["expanded"] == 1 && ledger["events"] == 3 && ledger["quarantined"] == 1)
    }

    /// One event for each moment that is there, the first where none is.
    @Test func momentsOfALine() throws {
        let source = """
            constants: {channel: phone, action: none}
            fields: {time: at, ids: {customer: c}, touchpoint: queue}
            events:
              - {action: {value: queued}}
              - {time: answered, touchpoint: {value: agent}, action: {value: answered}}
            """
        let lines = [
            #"{"at":1,"answered":9,"queue":"q","c":"ann"}"#, #"{"at":2,"answered":"","queue":"q","c":"bob"}"#,
            #"{"answered":null,"queue":"q","c":"bob"}"#, #"{"answered":"late","queue":"q","c":"bob"}"#,
        ]
        let (rows, ledger) = try actions(source, lines)
        #expect(rows == ["phone agent answered 1 1", "phone q queued 2 2"])
        #expect(ledger["expanded"] == 1 && ledger["quarantined"] == 2 && ledger["lines"] == 4)
    }

    /// Records that `where` leaves out say who is who, and no more.
    @Test func recordsThatOnlyLink() throws {
        let source = """
            constants: {channel: web}
            fields: {time: t, ids: {customer: user, device: [anon, previous]}, touchpoint: page, action: type}
            where: 'action != "alias" && action != "identify"'
            """
        let identity = "{known: [customer], linking: [device]}"
        let lines = [
            #"{"t":1,"anon":"d1","page":"x","type":"page"}"#, #"{"t":2,"anon":"d2","page":"x","type":"page"}"#,
            #"{"t":3,"user":"jane","previous":"d1","type":"alias"}"#, #"{"t":4,"anon":"d2","previous":"d1","type":"identify"}"#,
        ]
        let (rows, ledger) = try actions(source, identity: identity, lines)
        #expect(rows == ["web x page 2 1"])
        #expect(ledger["events"] == 2 && ledger["filtered"] == 2)
    }

    /// `keep: last`: later copies replace earlier ones, in whatever order they come.
    @Test(arguments: [false, true])
    func lastCopyCounts(_ isReversed: Bool) throws {
        let source = """
            constants: {channel: web}
            fields: {time: t, event_id: id, ids: {customer: c}, touchpoint: page, action: a}
            keep: last
            """
        let lines = [
            #"{"t":1,"id":7,"c":"ann","page":"x","a":"old"}"#, #"{"t":2,"id":"7","c":"ann","page":"x","a":"new"}"#,
            #"{"t":2,"id":"","c":"ann","page":"x","a":"none"}"#, #"{"t":2,"id":"","c":"ann","page":"x","a":"none"}"#,
        ]
        let (rows, ledger) = try actions(source, isReversed ? lines.reversed() : lines)
        #expect(rows == ["web x new 1 1", "web x none 2 1"])
        #expect(ledger["duplicates"] == 1)
    }

    /// Times known to the second come after what another source logged within it.
    @Test func precisionAndUnits() throws {
        let source = """
            constants: {channel: web, touchpoint: x}
            fields: {time: {first: [{path: s, as: text}, t]}, ids: {customer: c}, action: a}
            precision: 1s
            epoch_timezone: Europe/Berlin
            """
        // 1,772,323,200 s are midnight in Berlin's local time: 23:00 UTC the day before.
        let (rows, ledger) = try actions(
            source, [#"{"s":1772323200,"c":"ann","a":"n"}"#, #"{"t":"2026-02-28 23:00:00 UTC","c":"ann","a":"t"}"#])
        #expect(rows == ["web x n 1 1", "web x t 1 1"])
        #expect(ledger["events"] == 2)
    }

    @Test func whoActs() throws {
        let source = """
            constants: {channel: web, touchpoint: x}
            fields: {time: t, ids: {customer: c}, action: a, initiator: {path: by, values: {end-user: customer, bot: system}}}
            """
        let lines = ["Customer", "AGENT", "end-user", "bot", "robot", ""].enumerated().map {
            #"{"t":\#($0.offset),"c":"ann","a":"x","by":"\#($0.element)"}"#
        }
        let (rows, ledger) = try actions(source, lines)
        #expect(rows == ["web x x 5 1"])
        #expect(ledger["quarantined"] == 1)
    }
}
