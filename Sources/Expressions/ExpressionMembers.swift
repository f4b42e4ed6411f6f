import Events

/// The innermost level: literals, fields, function calls, and the methods of text.
extension ExpressionParser {
    mutating func member() throws(ExpressionError) -> Operand {
        var operand = try primary()
        while token.kind == .symbol(.dot) {
            try advance()
            operand.node = try method(of: operand)
        }
        return operand
    }

    private mutating func primary() throws(ExpressionError) -> Operand {
        let start = token.offset
        if token.kind == .symbol(.openParenthesis) { return try parenthesized() }
        if let literal = try literal() { return Operand(node: .literal(literal), offset: start) }
        guard case .identifier(let name) = token.kind, name != "in" else { throw unexpected("a field, a literal or `(`") }
        try advance()
        if token.kind == .symbol(.openParenthesis) { return Operand(node: try function(name, at: start), offset: start) }
        if name == "gap", fields.allowsPatternFields { return Operand(node: .gap, offset: start) }
        return Operand(node: .field(try field(name, at: start)), offset: start)
    }

    /// The literal at the current token, or nil where there is none.
    mutating func literal() throws(ExpressionError) -> Expression.Literal? {
        let start = token.offset
        let negative = try take(.minus)
        let literal: Expression.Literal
        switch token.kind {
        case .integer(let magnitude):
            guard negative || magnitude < 1 << 63 else {
                throw ExpressionError("`\(magnitude)` does not fit 64 bits; to compare it as text, put it in quotes", at: start)
            }
            literal = .integer(negative ? Int64(truncatingIfNeeded: 0 &- magnitude) : Int64(magnitude))
        case .number(let value): literal = .number(negative ? -value : value)
        case _ where negative: throw ExpressionError("only a number may follow -", at: start)
        case .string(let text): literal = .string(text)
        case .identifier("true"): literal = .boolean(true)
        case .identifier("false"): literal = .boolean(false)
        default: return nil
        }
        try advance()
        return literal
    }

    /// The list after `in`: literals, durations and fields.
    mutating func list() throws(ExpressionError) -> [Operand] {
        try expect(.openBracket, "and a list after `in`")
        var elements: [Operand] = []
        while token.kind != .symbol(.closeBracket) {
            let element = try member()
            switch element.node {
            case .literal, .field, .gap: elements.append(element)
            default: throw ExpressionError("a list holds literals and fields only", at: element.offset)
            }
            guard try take(.comma) else { break }
        }
        try expect(.closeBracket, "to close the list")
        return elements
    }

    // MARK: Functions and methods

    mutating func function(_ name: String, at start: Int) throws(ExpressionError) -> Expression.Node {
        switch name {
        case "duration":
            try advance()
            let place = token.offset
            let text = try stringArgument(of: name)
            guard let length = DurationText.parse(text) else {
                throw ExpressionError(
                    "`\(ExpressionError.excerpt(text))` is no duration; write a number and a unit (w d h m s ms us), such as 90s or 1h30m",
                    at: place)
            }
            return .literal(.duration(length))
        case "has":
            try advance()
            let place = token.offset
            guard case .identifier(let first) = token.kind else { throw unexpected("a field in has( )") }
            try advance()
            guard first != "gap" || !fields.allowsPatternFields else {
                throw ExpressionError("has( ) takes a field; to ask whether there is a gap, ask has(prev.channel)", at: place)
            }
            let reference = try field(first, at: place)
            try expect(.closeParenthesis, "after the field of has( )")
            return .has(reference)
        case _ where Expression.StringFunction(rawValue: name) != nil:
            throw ExpressionError("`\(name)` follows a field: write FIELD.\(name)(\"…\")", at: start)
        default:
            let valid = ["has", "duration"]
            let near = NearestName.of(name, among: valid + Expression.StringFunction.allCases.map(\.rawValue))
            throw .unknown("function", name, valid: valid, at: start, suggestion: near)
        }
    }

    private mutating func method(of target: Operand) throws(ExpressionError) -> Expression.Node {
        let start = token.offset
        guard case .identifier(let name) = token.kind else { throw unexpected("a function after `.`") }
        guard let function = Expression.StringFunction(rawValue: name) else {
            let valid = Expression.StringFunction.allCases.map(\.rawValue)
            // `attributes.a.b`: the name may be declared with its dot.
            if case .field(let reference) = target.node, case .attribute(let outer) = reference.field,
                let declared = fields.attributes, declared.contains("\(outer).\(name)")
            {
                let written = EventField.attribute("\(outer).\(name)").text
                throw ExpressionError("the dot is part of the name; write \(written)", at: target.offset, suggestion: written)
            }
            throw .unknown("function", name, valid: valid, at: start, suggestion: NearestName.of(name, among: valid))
        }
        guard case .field = target.node else {
            throw ExpressionError("only a field has `\(name)`; this is \(StaticType(target.node).words)", at: target.offset)
        }
        try advance()
        try expect(.openParenthesis, "after `\(name)`")
        let place = token.offset
        let argument = try stringArgument(of: name)
        if function == .matches, let fault = fields.patternFault?(argument) {
            throw ExpressionError("the pattern of `matches` cannot be used: \(fault)", at: place)
        }
        return .call(function, target.node, argument: argument)
    }

    private mutating func stringArgument(of name: String) throws(ExpressionError) -> String {
        guard case .string(let text) = token.kind else { throw unexpected("a string in quotes as the argument of `\(name)`") }
        try advance()
        try expect(.closeParenthesis, "after the argument of `\(name)`")
        return text
    }

    // MARK: Fields

    /// The field that begins with `name`, which is already stepped over.
    private mutating func field(_ name: String, at start: Int) throws(ExpressionError) -> FieldReference {
        guard let event = FieldReference.BoundEvent(rawValue: name), event != .current else {
            return FieldReference(field: try eventField(name, at: start))
        }
        guard fields.allowsPatternFields else {
            throw ExpressionError("`\(name)` can only be used in patterns", at: start)
        }
        try expect(.dot, "and a field after `\(name)`")
        let place = token.offset
        guard case .identifier(let inner) = token.kind else { throw unexpected("a field after `\(name).`") }
        try advance()
        return FieldReference(field: try eventField(inner, at: place), event: event)
    }

    private mutating func eventField(_ name: String, at start: Int) throws(ExpressionError) -> EventField {
        if name == "attributes" { return try attribute(at: start) }
        if name == "step", !fields.allowsStep {
            throw ExpressionError("`step` cannot be used here: this expression decides what the step is", at: start)
        }
        if let plain = EventField(plainName: name) { return plain }
        switch name {
        case "gap": throw ExpressionError("`gap` can only be used in patterns", at: start)
        case "null": throw ExpressionError("there is no null; ask has(FIELD) whether a field is there", at: start)
        case "not", "NOT": throw ExpressionError("`\(name)` is no operator; use !", at: start)
        default: break
        }
        let valid = fields.leadingNames
        let asAttribute = fields.attributes?.contains(name) == true ? EventField.attribute(name).text : nil
        throw .unknown("field", name, valid: valid, at: start, suggestion: asAttribute ?? NearestName.of(name, among: valid))
    }

    /// `.name` or `["any name"]` after `attributes`.
    private mutating func attribute(at start: Int) throws(ExpressionError) -> EventField {
        let name: String
        var place = start
        if try take(.dot) {
            place = token.offset
            guard case .identifier(let text) = token.kind else { throw unexpected("an attribute's name after `attributes.`") }
            name = text
            try advance()
        } else if try take(.openBracket) {
            place = token.offset
            guard case .string(let text) = token.kind else { throw unexpected("an attribute's name in quotes") }
            name = text
            try advance()
            try expect(.closeBracket, "after the attribute's name")
        } else {
            throw ExpressionError("say which attribute: attributes.NAME or attributes[\"NAME\"]", at: start)
        }
        if let fault = fields.dropFault(name) { throw ExpressionError(fault, at: place) }
        if let declared = fields.attributes, !declared.contains(name) {
            let near = NearestName.of(name, among: fields.attributeNames)
            throw .unknown("attribute", name, valid: fields.attributeNames, at: place, suggestion: near)
        }
        return .attribute(name)
    }
}
