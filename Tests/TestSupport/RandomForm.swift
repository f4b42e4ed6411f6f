/// A random form of a field, and how a line is written that it reads.
enum RandomForm {
    /// Something else than the path, for fields that may have it.
    static func of(_ field: String, _ path: String, _ random: inout SeededGenerator) -> NaiveForm {
        let name = field.split(separator: "/").joined(separator: "_")
        let plain = NaiveForm.path(path)
        var changes = NaiveChanges()
        switch random.int(0...8) {
        case 0: return .first([.path("alt.\(name)"), plain])
        case 1: return .first([plain, .path("alt.\(name)"), .value("left over")])
        case 2: return .join([plain, .path("alt.\(name)")], with: random.pick(["/", "", " · "]))
        case 3:
            return .array("list.\(name)", where: random.chance(percent: 80) ? ["k": "v", "n.m": "1"] : ["k": "v"], paths: ["a.s", "b"])
        case 4: return .json("text.\(name)", path: "o.v")
        case 5:
            changes.clean = random.pick([["trim"], ["lower"], ["trim", "lower"], ["whole"], ["digits"]])
            // What is left of a word without digits is nothing.
            if changes.clean == ["digits"], !field.hasPrefix("attribute") { changes.clean = ["trim"] }
        case 6: changes.match = [(like: "^t[01]$", to: "t0"), (like: "err", to: "error")]
        case 7:
            changes.values = ["view": "click", "t1": "t2", "7": "seven", "bill": "ship", "web": "app"]
            if random.chance(percent: 40) { changes.otherwise = "other" }
        default: changes.conversion = random.pick(["number", "text"])
        }
        return .changed(plain, changes)
    }

    /// Puts a value where the form finds it, and beside it what the form has to pass over.
    static func put(_ json: String, _ field: String, _ form: NaiveForm, into object: inout RandomJSON, _ random: inout SeededGenerator) {
        switch form {
        case .path(let path): object.put(json, at: path)
        case .value: break
        case .first(let forms), .join(let forms, with: _):
            for case .path(let path) in forms where path.hasPrefix("alt.") {
                let beside = ["null", "\"\"", nil, nil, "\"alt\"", "5", "{}"]
                if let beside = random.pick(beside) { object.put(beside, at: path) }
            }
            for case .path(let path) in forms where !path.hasPrefix("alt.") {
                object.put(random.chance(percent: 90) ? json : random.pick(["null", "\"\""]), at: path)
            }
        case .array(let path, where: let conditions, paths: _):
            let n = conditions.count > 1 ? "\"n\":{\"m\":\(random.pick(["1", "\"1\"", "1", "2"]))}," : ""
            let hit = "{\"k\":\"v\",\(n)\(random.pick(["\"a\":{\"s\":\(json)}", "\"a\":{\"s\":null},\"b\":\(json)", "\"b\":\(json)"]))}"
            let misses = ["7", "null", "[]", "{\"k\":\"w\",\"b\":1}", "{}", "{\"k\":\"v\",\"n\":{\"m\":1},\"b\":{}}"]
            let before = random.chance(percent: 40) ? [random.pick(misses)] : []
            object.put("[" + (before + [hit] + (random.chance(percent: 20) ? [hit] : [])).joined(separator: ",") + "]", at: path)
        case .json(let path, path: _):
            let text =
                random.chance(percent: 92) ? "{\"o\":\(random.pick(["", "\n"])){\"v\":\(json)}}" : random.pick(["{\"o\":", "x", "[1]"])
            object.put(random.chance(percent: 95) ? RandomJSON.string(text, &random) : "5", at: path)
        case .changed(let inner, _): put(json, field, inner, into: &object, &random)
        }
    }
}
