import Expressions
import Testing

/// Everything allowed, so that a test says only what it is about.
let everything = FieldScope(attributes: nil, allowsStep: true, allowsPatternFields: true)

func tree(_ text: String, _ scope: FieldScope = everything) throws -> Expression.Node {
    try Expression.parse(text, fields: scope).root
}

private func field(_ field: EventField, _ event: FieldReference.BoundEvent = .current) -> Expression.Node {
    .field(FieldReference(field: field, event: event))
}

private func text(_ value: String) -> Expression.Node { .literal(.string(value)) }

@Suite struct ExpressionTreeTests {
    private let touchpoint = field(.touchpoint)

    @Test func comparisonsOfFieldsAndLiterals() throws {
        #expect(try tree(#"touchpoint == "product""#) == .compare(.equal, touchpoint, text("product")))
        #expect(try tree("value >= 2.5") == .compare(.greaterOrEqual, field(.value), .literal(.number(2.5))))
        #expect(try tree("value < -3") == .compare(.less, field(.value), .literal(.integer(-3))))
        #expect(try tree("1e3 <= value") == .compare(.lessOrEqual, .literal(.number(1000)), field(.value)))
        #expect(try tree("value != .5E-1") == .compare(.notEqual, field(.value), .literal(.number(0.05))))
        #expect(try tree("value > -9223372036854775808") == .compare(.greater, field(.value), .literal(.integer(.min))))
        #expect(try tree("attributes.vip == true") == .compare(.equal, field(.attribute("vip")), .literal(.boolean(true))))
    }

    @Test func everyFieldByItsName() throws {
        for (name, expected) in EventField.plainFields {
            #expect(try tree("has(\(name))") == .has(FieldReference(field: expected)))
            #expect(try tree("has(prev.\(name))") == .has(FieldReference(field: expected, event: .prev)))
        }
        #expect(EventField.plainFields.count == 8)
    }

    @Test func attributesByNameOrInBrackets() throws {
        let topic = FieldReference(field: .attribute("topic"))
        #expect(try tree("attributes.topic") == .field(topic))
        #expect(try tree(#"attributes["topic"]"#) == .field(topic))
        #expect(try tree("has(attributes[ r'any \\ name' ])") == .has(FieldReference(field: .attribute("any \\ name"))))
        #expect(try tree("first.attributes.in == touchpoint") == .compare(.equal, field(.attribute("in"), .first), touchpoint))
    }

    @Test func functionsAndMethods() throws {
        #expect(try tree(#"touchpoint.startsWith("checkout/")"#) == .call(.startsWith, touchpoint, argument: "checkout/"))
        #expect(try tree("(prev.action).matches(r'^a\\d')") == .call(.matches, field(.action, .prev), argument: "^a\\d"))
        #expect(try tree(#"attributes.x . endsWith ( "z" )"#) == .call(.endsWith, field(.attribute("x")), argument: "z"))
        #expect(try tree(#"gap <= duration("1h30m")"#) == .compare(.lessOrEqual, .gap, .literal(.duration(5_400_000_000))))
    }

    @Test func listsOfLiteralsAndFields() throws {
        #expect(
            try tree("channel in ['web', \"app\", prev.channel,]")
                == .isIn(field(.channel), [text("web"), text("app"), field(.channel, .prev)]))
        #expect(try tree("value in []") == .isIn(field(.value), []))
        #expect(
            try tree("value in [1, -2.0, true]")
                == .isIn(field(.value), [.literal(.integer(1)), .literal(.number(-2)), .literal(.boolean(true))]))
    }

    @Test(arguments: [
        ("has(step) || has(value) && has(action)", "has(step) || (has(value) && has(action))"),
        ("!has(step) && has(value)", "(!has(step)) && has(value)"),
        ("attributes.a == attributes.b && !attributes.c", "(attributes.a == attributes.b) && (!(attributes.c))"),
        ("!attributes.a == true", "(!attributes.a) == true"),
        ("!attributes.a in [true]", "(!attributes.a) in [true]"),
        ("has(step) && has(value) && has(action)", "(has(step) && has(value)) && has(action)"),
        ("!!has(step)", "!(!(has(step)))"),
        ("\ttrue\n||\rfalse ", "true||false"),
    ])
    func precedence(_ bare: String, _ parenthesized: String) throws {
        #expect(try tree(bare) == tree(parenthesized))
    }

    @Test func longChainsAreBalanced() throws {
        let chain = Array(repeating: "has(step)", count: 4000).joined(separator: "||")
        func depth(_ node: Expression.Node) -> Int {
            if case .or(let left, let right) = node { return 1 + max(depth(left), depth(right)) }
            return 1
        }
        #expect(try depth(tree(chain)) == 13)
    }

    @Test(arguments: [
        (#""\\ \" \' \` \? \/""#, "\\ \" ' ` ? /"), (#""\a\b\f\n\r\t\v""#, "\u{07}\u{08}\u{0C}\n\r\t\u{0B}"),
        (#"'\x41\u00e9\U0001F600\101'"#, "Aé😀A"), (#"'it\'s'"#, "it's"), (#""it's""#, "it's"),
        (#"r"\d+""#, "\\d+"), (#"R'\'"#, "\\"), ("'söme 😀'", "söme 😀"), ("''", ""), (#"'\xff\000'"#, "ÿ\0"),
    ])
    func stringEscapes(_ written: String, _ value: String) throws {
        #expect(try tree("channel == \(written)") == .compare(.equal, field(.channel), text(value)))
    }

    @Test func depthUpToTheLimit() throws {
        let limit = Expression.depthMax
        #expect(try tree(String(repeating: "(", count: limit) + "true" + String(repeating: ")", count: limit)) == .literal(.boolean(true)))
        _ = try tree(String(repeating: "!", count: limit) + "true")
        _ = try tree(String(repeating: "!(", count: limit / 2) + "true" + String(repeating: ")", count: limit / 2))
    }

    @Test func keepsTheTextAsWritten() throws {
        #expect(try Expression.parse(" true ", fields: everything).source == " true ")
    }

    @Test func fieldTextReadsBack() throws {
        for name in ["a", "A_1", "\"\u{301}", "a b", "q\"\\", "1a", "größe", ""] {
            #expect(try tree("has(\(EventField.attribute(name).text))") == .has(FieldReference(field: .attribute(name))))
        }
    }
}
