/// Random texts in the small languages of a pipeline file that ask for more than is good: counts within counts, groups of
/// nothing, long chains and lists, deep nesting. Most are well formed; whether they are accepted is for the program to say.
public enum HostileText {
    private static let counts = [
        "", "", "", "?", "*", "+", "{0}", "{1}", "{2}", "{3}", "{10}", "{1000}", "{0,1000}", "{999,}", "{1,3}", "{0,2}?", "*?", "{1000}?",
    ]

    /// A pattern over the variables a and b, at most 4,000 bytes long.
    public static func pattern(_ random: inout SeededGenerator) -> String {
        while true {
            let text = alternatives(random.pick([1, 2, 3, 5, 8, 40]), &random)
            if text.utf8.count <= 4000 { return text }
        }
    }

    private static func alternatives(_ depth: Int, _ random: inout SeededGenerator) -> String {
        // Deep ones are narrow, so that they end.
        let parts = (0..<random.pick(depth > 8 ? [1] : [1, 1, 1, 1, 2, 3])).map { _ in sequence(depth, &random) }
        return parts.joined(separator: random.pick(["|", " | "]))
    }

    private static func sequence(_ depth: Int, _ random: inout SeededGenerator) -> String {
        (0..<random.pick(depth > 8 ? [1] : [1, 1, 2, 3])).map { _ in
            let isGroup = depth > 0 && random.chance(percent: depth > 8 ? 95 : 60)
            let part = isGroup ? "(" + alternatives(depth - 1, &random) + ")" : random.pick(["a", "a", "b", "b", "^", "$"])
            return part + random.pick(counts)
        }.joined(separator: " ")
    }

    /// An expression without single quotes, at most 64 KiB long.
    public static func expression(_ random: inout SeededGenerator) -> String {
        var room = 20_000
        return expression(random.pick([0, 1, 2, 4, 190]), &room, &random)
    }

    /// - Parameter room: bytes that are left; without any, only short terms come.
    private static func expression(_ depth: Int, _ room: inout Int, _ random: inout SeededGenerator) -> String {
        let parts = random.pick(room <= 0 ? [1] : depth > 10 ? [1, 1, 1, 2] : depth > 0 ? [1, 2, 3, 10] : [1, 2, 500])
        let deep = random.int(0...(parts - 1))
        var texts: [String] = []
        for part in 0..<parts {
            // One part goes on; where all did, the text would grow without end.
            let goesOn = depth > 0 && part == deep
            texts.append(goesOn ? random.pick(["(", "!(", "!!("]) + expression(depth - 1, &room, &random) + ")" : term(room, &random))
            if !goesOn { room -= texts[part].utf8.count + 4 }
        }
        return texts.joined(separator: random.pick([" && ", " || "]))
    }

    private static func term(_ room: Int, _ random: inout SeededGenerator) -> String {
        switch room > 0 ? random.int(0...9) : 9 {
        case 0: return "touchpoint in [" + (0..<random.pick([0, 1, 20, 5000])).map { "\"\($0)\"" }.joined(separator: ",") + "]"
        case 1: return "touchpoint.matches(\"\(regex(&random))\")"
        case 2: return "(touchpoint == \"a\") == (channel == \"b\")"
        default: return random.pick(["touchpoint == \"a\"", "channel != action", "has(outcome)", "true", "!has(value)", "value < 3"])
        }
    }

    private static func regex(_ random: inout SeededGenerator) -> String {
        random.pick([
            "(a{1000}){1000}", "(a{30}){30}", "\\\\pL{1000}", "(\\\\pL{30}){30}", "\\\\pL{50}", "((a*)*)*", "(a|b|c){500}", ".{900}",
            "[^a]{200}",
            "(x+x+)+y", "(?i)straße", "a",
        ])
    }
}
