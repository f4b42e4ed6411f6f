/// Lines of a source: good ones, and ones that must be quarantined.
struct RandomLine {
    let pipeline: NaivePipeline
    let vocabulary: RandomVocabulary
    let source: NaiveSource

    func good(_ person: RandomPerson, _ number: Int, _ random: inout SeededGenerator) -> [UInt8] {
        guard !source.each.isEmpty else { return Array(object(person, number, &random).text(&random).utf8) }
        var line = RandomJSON.object([])
        let known = person.ids[pipeline.identity.known.first ?? ""].map { random.pick($0) } ?? "null"
        if random.chance(percent: 90) { line.put(known, at: "who") }
        line.put(records(person, number, depth: source.each.count, known, &random), at: source.each[0])
        return Array(line.text(&random).utf8)
    }

    /// The text of an array of records, or of arrays of them.
    private func records(_ person: RandomPerson, _ number: Int, depth: Int, _ known: String, _ random: inout SeededGenerator) -> String {
        var items: [String] = []
        for _ in 0..<random.pick([0, 1, 1, 2, 3]) {
            if random.chance(percent: 10) { items.append(random.pick(["7", "null", "[{}]", "\"x\""])) }
            var item = RandomJSON.object([])
            if depth == 1 {
                item = object(person, number + items.count, &random)
            } else {
                item.put(known, at: "who")
                item.put(records(person, number, depth: depth - 1, known, &random), at: source.each[source.each.count - depth + 1])
            }
            items.append(item.text(&random))
        }
        return random.chance(percent: 95) ? "[\(items.joined(separator: ","))]" : random.pick(["{}", "null", "5"])
    }

    private func object(_ person: RandomPerson, _ number: Int, _ random: inout SeededGenerator) -> RandomJSON {
        var object = RandomJSON.object([])
        func put(_ field: String, _ json: String?) {
            if let json, let path = source.fields[field] {
                RandomForm.put(json, field, source.forms[field] ?? .path(path), into: &object, &random)
            }
        }
        /// A text now and then as a number or a boolean, where it reads like one; null and containers count as absent.
        func label(_ texts: [String], absentPercent: Int) -> String? {
            if random.chance(percent: absentPercent) { return random.pick([nil, "null", "{\"deep\":[1]}", "[\"x\"]"]) }
            let text = random.pick(texts)
            return ["7", "42", "true"].contains(text) && random.chance(percent: 50) ? text : RandomJSON.string(text, &random)
        }
        put("time", RandomTime.json(person.now, source, &random))
        if !source.moments.isEmpty, random.chance(percent: 60) {
            object.put(random.pick([RandomTime.json(person.now + 5_000_000, source, &random), "null", "\"\"", "\"late\""]), at: "later")
        }
        put("sequence", random.pick(["0", "1", "2", "3", nil]))
        put(
            "event_id",
            random.chance(percent: 80) ? "\"e\(random.chance(percent: 92) ? number : max(1, number - random.int(1...6)))\"" : nil)
        put("channel", label(vocabulary.channels, absentPercent: 0))
        put("touchpoint", label([person.touchpoint], absentPercent: 0))
        put("action", label(vocabulary.actions, absentPercent: 15))
        put("outcome", label(vocabulary.outcomes, absentPercent: 40))
        put(
            "value",
            random.pick([
                "1", "2.5", "100", "10", "1e1", "-3", "9", "6", "7.0004", "6.9996", "8.75", "0.0625", "null", nil, nil, nil, "\"12\"",
                "[1]",
            ]))
        put("initiator", random.pick(["\"agent\"", "\"System\"", "\"customer\"", "\"AGENT\"", "null", "\"\"", nil, nil, nil, nil, nil]))
        putIDs(person, &object, &random)
        let attributes: [String: [String?]] = [
            "topic": vocabulary.topics.map { RandomJSON.string($0, &random) } + ["null", nil, "[]"],
            "order": ["7", "\"7\"", "1.50", "1.5", "\"A\"", "true", "{\"x\":1}", "null", nil],
            "vip": ["true", "false", "\"true\"", "1", nil, "null"], "amount": ["1", "3", "3.0", "5.5", "\"3\"", nil, "{}", "-0"],
        ]
        for (name, choices) in attributes.sorted(by: { $0.key < $1.key }) {
            guard let path = source.attributes[name], let json = random.pick(choices) else { continue }
            RandomForm.put(json, "attribute/\(name)", source.forms["attribute/\(name)"] ?? .path(path), into: &object, &random)
        }
        if random.chance(percent: 50) {
            object.put(
                random.pick(["{\"a\":[1,{\"b\":\"x\\n\\\"}{\"}],\"é\":null}", "[[],{},-0.0e-1,\"\\ud83d\\ude42\"]", "\"}\\\\\"", "false"]),
                at: "noise")
        }
        return object
    }

    /// A known id on most events, linking ids on many, now and then a placeholder or a value that is none. At least one id is good.
    private func putIDs(_ person: RandomPerson, _ object: inout RandomJSON, _ random: inout SeededGenerator) {
        let isDefault = pipeline.identity.blockDefaults
        let blocked =
            ["\"unknown\"", "\"NULL\"", "\"0000\"", "0", "-1", "\"--\"", "\"Anonymous\"", "null", "{}"] + (isDefault ? ["\"\""] : [])
        var hasGood = false
        for type in pipeline.identity.known + pipeline.identity.linking {
            guard let path = source.ids[type], random.chance(percent: type == "device" ? 75 : 45) else { continue }
            let form = source.forms["id/\(type)"] ?? .path(path)
            if random.chance(percent: 8) {
                RandomForm.put(random.pick(blocked), "id/\(type)", form, into: &object, &random)
            } else {
                RandomForm.put(random.pick(person.ids[type] ?? []), "id/\(type)", form, into: &object, &random)
                hasGood = true
            }
            for case .path(let path) in source.moreIDs[type] ?? [] where random.chance(percent: 30) {
                object.put(random.pick((person.ids[type] ?? []) + blocked), at: path)
            }
        }
        guard !hasGood, let type = pipeline.identity.known.last, let path = source.ids[type] else { return }
        object.put(random.pick(person.ids[type] ?? []), at: path)
    }

    /// A line for each reason there is; which one holds is for the reference to say.
    func bad(_ person: RandomPerson, _ number: Int, _ random: inout SeededGenerator) -> [UInt8] {
        var object = object(person, number, &random)
        func spoil(_ field: String, _ choices: [String]) {
            if let path = source.fields[field] { object.put(random.pick(choices), at: path) }
        }
        switch random.int(0...9) {
        case 0:
            // Long lines are dear: few of them.
            guard random.chance(percent: 5) else { return Array("nul".utf8) }
            object.put("\"\(String(repeating: "x", count: pipeline.maxLineBytes + 100))\"", at: "noise")
        case 1:
            let text = Array(object.text(&random).utf8)
            let bytes: [UInt8] = random.pick([[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xC3]])
            return Array(text.dropLast()) + Array(",\"z\":\"".utf8) + bytes + Array("\"}".utf8)
        case 2: return badJSON(object.text(&random), &random)
        case 3: return Array(random.pick(["[]", "1", "\"x\"", "null", "true", " [{\"a\":1}] "]).utf8)
        case 4: spoil("time", ["null"])
        case 5:
            spoil(
                "time",
                [
                    "\"yesterday\"", "true", "{}", "[1]", "\"2026-02-30T00:00:00Z\"", "\"2026-03-01T24:00:00Z\"", "\"\"",
                    "\"2026-03-01T10:00:00.Z\"", "\"2026-03-01\"", "\"2026-03-01T10:00:00\"", "\"2026-3-1T10:00:00Z\"",
                    "\"2026-03-01T10:00:00+5:30\"", "\"2026-03-01T10:00:00 UT\"", "\"12.5\"", "\"-\"",
                ])
        case 6:
            for path in source.ids.values.sorted() {
                object.put(random.pick(["\"none\"", "\"000\"", "null", "[]", "\"undefined\""]), at: path)
            }
        case 7: spoil("initiator", ["\"robot\"", "7", "\"agents\""])
        case 8: spoil("channel", ["null", "\"\"", "{}", "[\"web\"]"])
        default: spoil("touchpoint", ["null", "\"\"", "{}"])
        }
        return Array(object.text(&random).utf8)
    }

    private func badJSON(_ text: String, _ random: inout SeededGenerator) -> [UInt8] {
        // What goes wrong after the last good member, and what goes wrong with the whole.
        let endings: [String] = [
            "", ",}", ",\"z\":tru}", ",\"z\":01}", ",\"z\":1.}", ",\"z\":.5}", ",\"z\":+1}", ",\"z\":NaN}", ",\"z\":'x'}", ",z:1}",
            ",\"z\":[1,]}", ",\"z\":\"\t\"}", ",\"z\":\"\\x\"}", ",\"z\":\"\\u12G4\"}", ",\"z\"}", ",\"z\":1e}", ",\"z\":-}", ",\"z\":[1}}",
            ",\"z\":\u{0}}",
        ]
        switch random.int(0...4) {
        case 0: return Array((text + random.pick(["TRAILER", "\u{FEFF}", "}", ",", "{}"])).utf8)
        case 1: return Array(text.utf8.prefix(1))
        case 2 where random.chance(percent: 30):
            let deep = String(repeating: "[", count: 2000) + String(repeating: "]", count: 2000)
            return Array((text.dropLast() + ",\"z\":" + deep + "}").utf8)
        default: return Array((text.dropLast() + random.pick(endings)).utf8)
        }
    }
}
