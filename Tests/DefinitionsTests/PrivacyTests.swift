import Foundation
import Testing

@testable import Definitions
@testable import TestSupport

/// `privacy` of the pipeline file: the key, what is dropped, and what cannot be.
@Suite struct PrivacyTests {
    private static let valid = """
        version: 1
        name: p
        identity: {known: [customer], linking: [email]}
        sources:
          - name: web
            input: a
            fields:
              time: t.at
              event_id: id
              channel: ch
              touchpoint: /page
              outcome: o.result
              ids: {customer: user.id, email: user.mail}
              attributes: {topic: props.topic, order: /props/order}
          - name: phone
            input: b
            fields: {time: t, channel: ch, touchpoint: tp, ids: {customer: c}, attributes: {topic: about}}
        journeys:
          - {name: buy, goal: 'has(attributes.topic)'}
        privacy:

        """

    private func faults(_ privacy: String, _ edit: (String, String)? = nil) -> [String] {
        let text = edit.map { Self.valid.replacingOccurrences(of: $0.0, with: $0.1) } ?? Self.valid
        return DefinitionsTests.faults(text + "  " + privacy + "\n")
    }

    @Test(arguments: [
        ("keyfile: k", "21:3: unknown key `keyfile` in `privacy`; did you mean `key_file`?"),
        ("key_file: [k]", "21:13: `key_file` must be text"), ("key_file: ''", "21:13: `key_file` is empty"),
        ("drop: props", "21:9: `drop` must be a list, as in `drop: [user.name]`"),
        ("drop: [a..b]", "21:10: `drop`: `a..b` is no path"),
        ("min_count: 0", "21:14: `min_count` must be a whole number from 1"), ("min_count: '5'", "21:14: `min_count`"),
        (
            "drop: [x, t]",
            "21:13: `drop`: `t` would take `time` from the source `web`…21:13: `drop`: `t` would take `time` from the source `phone`"
        ),
        ("drop: [/ch]", "21:10: `drop`: `/ch` would take `channel`…\n21:10: `drop`: `/ch` would take `channel`"),
        ("drop: [page]", "21:10: `drop`: `page` would take `touchpoint`"),
        ("drop: [user]", "21:10: `drop`: `user` would take all `ids` from the source `web`"),
        ("drop: [user.id, user.mail]", "21:10: `drop`: `user.id` would take all `ids`"),
    ])
    func wrong(_ privacy: String, _ expected: String) {
        let found = faults(privacy)
        let parts = expected.split(separator: "…").map(String.init)
        #expect(found.joined(separator: "\n").hasPrefix(parts[0]), "\(found)")
        for part in parts { #expect(found.joined(separator: "\n").contains(part), "\(found)") }
    }

    /// An attribute that no source has any more is told from one that nobody ever declared.
    @Test(arguments: [
        ("goal: 'has(attributes.topic)'", "goal: 'has(attributes.order)'", "`goal`: the attribute `order` is dropped by `privacy`"),
        ("goal: 'has(attributes.topic)'", "key: order", "`key`: the attribute `order` is dropped by `privacy`"),
        (
            "privacy:", "frictions: {define: [{name: f, pattern: a, where: {a: 'action == \"x\"'}, partition_by: [order]}]}\nprivacy:",
            "the attribute `order` is dropped by `privacy`"
        ), ("goal: 'has(attributes.topic)'", "goal: 'has(attributes.odrer)'", "unknown attribute `odrer`"),
    ])
    func droppedAttributesInExpressions(_ find: String, _ replacement: String, _ message: String) {
        let found = faults("drop: [props]", (find, replacement))
        #expect(found.count == 1 && found[0].contains(message), "\(found)")
    }

    @Test func droppedFieldsAreMappedNoMore() throws {
        let privacy = "  drop: [/props, id, o.result, user.mail, nobody.has.this]\n"
        let pipeline = try read(Self.valid + privacy)
        #expect(pipeline.privacy.drop == ["/props", "id", "o.result", "user.mail", "nobody.has.this"])
        let web = pipeline.sources[0]
        #expect(Set(web.mappings[0].fields.keys) == [.time, .channel, .touchpoint])
        #expect(web.mappings[0].identifiers.map(\.type) == ["customer"] && web.attributeNames.isEmpty)
        #expect(pipeline.sources[1].attributeNames == ["topic"])
        // What lies beside or above a dropped field stays, and a constant needs no field.
        #expect(faults("drop: [props.top, o.result.x, t.a, us]") == [])
        #expect(faults("drop: [ch]", ("channel: ch", "channel: c2")) == [])
        #expect(faults("drop: [tp]", ("touchpoint: tp, ids", "ids")).allSatisfy { !$0.contains("`drop`") })
    }

    @Test(arguments: [
        ("attributes: {topic: props.topic,", "attributes: {who: /user/id, topic: props.topic,", "`customer` and as `who`"),
        ("touchpoint: /page", "touchpoint: user.mail", "`email` and as `touchpoint`"),
    ])
    func identifiersThatWouldStayReadable(_ find: String, _ replacement: String, _ words: String) {
        #expect(faults("min_count: 2", (find, replacement)) == [])
        let found = faults("key_file: k", (find, replacement))
        #expect(found.count == 1 && found[0].hasPrefix("21:13: `key_file`: the source `web`") && found[0].contains(words), "\(found)")
    }

    // MARK: The key

    private func key(_ bytes: String, mode: Int = 0o600) throws -> PseudonymKey? {
        let folder = try ScratchFolder()
        let path = try folder.write(bytes.utf8, to: "keys/k")
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        try folder.write(Self.valid + "  key_file: keys/k\n", to: "p.yaml")
        #expect(try PipelineReader.read(path: folder.path("p.yaml"), opensKey: false).privacy.key == nil)
        return try PipelineReader.read(path: folder.path("p.yaml")).privacy.key
    }

    /// By `printf %s TEXT | openssl dgst -sha256 -hmac KEY`; one line end is not part of the key.
    @Test(arguments: ["", "\n", "\r\n"])
    func theKeyIsTheFile(_ end: String) throws {
        let key = try #require(try key("a key of the canary test" + end))
        #expect(key.id == "8f27705256ff036f")
        #expect(key.hmac.code("CANARY-ann").hex == "6634a52c3289d59bbbe64e90e66f375941698669d1ac0f6261081a7f7fafcd75")
        #expect(key.warnings == [])
    }

    @Test func everyByteOfTheKeyCounts() throws {
        let ids = try ["k", "k\n\n", "k ", "k\r", " k", "\u{FEFF}k"].map { try #require(try key($0)).id }
        #expect(Set(ids).count == ids.count)
    }

    @Test func warnings() throws {
        #expect(try #require(try key(String(repeating: "k", count: 16), mode: 0o600)).warnings == [])
        for mode in [0o604, 0o640, 0o644] {
            let warnings = try #require(try key(String(repeating: "k", count: 16), mode: mode)).warnings
            #expect(
                warnings.count == 1 && warnings[0].contains("others may read this key") && warnings[0].contains("keys/k"), "\(warnings)")
        }
        let warnings = try #require(try key(String(repeating: "k", count: 15))).warnings
        #expect(warnings.count == 1 && warnings[0].contains("15 bytes can be guessed"))
    }

    @Test(arguments: [
        ("empty", "is empty"), ("end", "is empty"), ("missing", "cannot be opened"), (".", "cannot be read"), ("big", "larger than"),
    ])
    func noKey(_ name: String, _ words: String) throws {
        let folder = try ScratchFolder()
        try folder.write("", to: "empty")
        try folder.write("\n", to: "end")
        try folder.write(String(repeating: "k", count: 70_000), to: "big")
        try folder.write(Self.valid + "  key_file: \(name)\n", to: "p.yaml")
        let error = try #require(throws: PipelineFileError.self) { try PipelineReader.read(path: folder.path("p.yaml")) }
        #expect(error.diagnostics.count == 1 && error.diagnostics[0].line == 21 && error.diagnostics[0].column == 13)
        #expect(error.description.contains(words) && error.description.contains(folder.path), "\(error)")
    }
}

/// Forms that reach one place by several ways hide it on all of them.
@Suite struct PrivacyOfFormsTests {
    private func faults(_ source: String, _ privacy: String) -> [String] {
        DefinitionsTests.faults(
            """
            version: 1
            name: p
            identity: {known: [u]}
            sources:
              - {name: s, constants: {channel: web}, \(source)}
            privacy: {\(privacy)}

            """
        ).filter { !$0.contains("No such file") }
    }

    @Test(arguments: [
        "each: events, fields: {time: $.t, touchpoint: value, ids: {u: {array: $.events, where: {f: r}, path: value}}}",
        "each: [a, $.b], fields: {time: $.t, touchpoint: id, ids: {u: $.b.id}}",
        "fields: {time: t, touchpoint: payload, ids: {u: {json: payload, path: user}}}",
        "fields: {time: t, touchpoint: {first: [x, {join: [user.id, y]}]}, ids: {u: [account, user.id]}}",
        "fields: {time: t, touchpoint: page, ids: {u: user}}, events: [{time: t}, {time: t2, touchpoint: user}]",
    ])
    func identifiersShownByAnotherWay(_ source: String) {
        #expect(faults(source, "min_count: 2") == [])
        let found = faults(source, "key_file: none")
        #expect(found.count == 1 && found[0].contains("reads one field as the id `u` and as `touchpoint`"), "\(found)")
    }

    @Test(arguments: [
        ("each: items, fields: {time: $.t, touchpoint: name, ids: {u: id}}", "name"),
        ("each: items, fields: {time: $.t, touchpoint: name, ids: {u: id}}", "items.name"),
        ("fields: {time: t, touchpoint: {array: p, where: {k: page}, path: v.s}, ids: {u: id}}", "p.v"),
        ("fields: {time: t, touchpoint: {json: payload, path: page}, ids: {u: id}}", "payload.page"),
        ("fields: {time: t, touchpoint: {first: [page, {join: [page, page]}]}, ids: {u: id}}", "page"),
        ("fields: {time: t, touchpoint: /items/0/page, ids: {u: id}}", "items.page"),
    ])
    func whatIsDroppedIsAbsent(_ source: String, _ drop: String) {
        let found = faults(source, "drop: [\(drop)]")
        #expect(found.count == 1 && found[0].contains("would take `touchpoint` from the source `s`"), "\(found)")
    }

    /// Of several places those that are left count; and a text in which something is dropped is not shown whole.
    @Test func placesThatAreLeft() throws {
        #expect(faults("fields: {time: t, touchpoint: {first: [a, b]}, ids: {u: [x, y]}}", "drop: [a, x]") == [])
        let embedded = "fields: {time: t, touchpoint: payload, ids: {u: {json: payload, path: id}}}"
        let found = faults(embedded, "drop: [payload.name]")
        #expect(found.count == 1 && found[0].contains("shows as `touchpoint` the whole text in which `payload.name` stands"), "\(found)")
    }
}
