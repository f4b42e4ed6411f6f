extension Expression {
    /// Longest accepted text, in UTF-8 bytes.
    package static let textBytesMax = 64 << 10
    /// Deepest nesting of parentheses and `!`.
    package static let depthMax = 200

    /// Reads an expression and checks it against the fields known where it stands. Chains of `||` and `&&` come
    /// back as balanced trees, so that the depth of the tree is bounded whatever their length.
    ///
    /// - Throws: the first fault of the text, with its place.
    /// - Complexity: O(n) in the length of the text.
    package static func parse(_ text: String, fields: FieldScope) throws(ExpressionError) -> Expression {
        guard text.utf8.count <= textBytesMax else {
            throw ExpressionError("an expression may be \(textBytesMax) bytes long; this one has \(text.utf8.count)", at: textBytesMax)
        }
        var parser = try ExpressionParser(text, fields: fields)
        return Expression(source: text, root: try parser.wholeExpression())
    }
}

/// Recursive descent over the levels of CEL, loosest first: `||`, `&&`, relations, `!`, members.
struct ExpressionParser {
    private var lexer: ExpressionLexer
    private(set) var token: ExpressionToken
    let fields: FieldScope
    private var depth = 0

    init(_ text: String, fields: FieldScope) throws(ExpressionError) {
        lexer = ExpressionLexer(text)
        self.fields = fields
        token = try lexer.next()
    }

    mutating func wholeExpression() throws(ExpressionError) -> Expression.Node {
        guard token.kind != .end else { throw ExpressionError("the expression is empty", at: token.offset) }
        let whole = try disjunction()
        guard token.kind == .end else { throw unexpected("an operator or the end") }
        try ExpressionCheck.mayBeTrue(whole, as: "the expression")
        return whole.node
    }

    // MARK: Tokens

    mutating func advance() throws(ExpressionError) { token = try lexer.next() }

    /// Steps over the sign and says so, if it is the next token.
    mutating func take(_ symbol: ExpressionToken.Symbol) throws(ExpressionError) -> Bool {
        guard token.kind == .symbol(symbol) else { return false }
        try advance()
        return true
    }

    mutating func expect(_ symbol: ExpressionToken.Symbol, _ purpose: String) throws(ExpressionError) {
        guard try take(symbol) else { throw unexpected("`\(symbol.rawValue)` \(purpose)") }
    }

    func unexpected(_ wanted: String) -> ExpressionError {
        let found: String
        switch token.kind {
        case .end: found = "the text ends"
        case .identifier(let name):
            // Words of other languages; as fields they would get a misleading "unknown field".
            if let sign = ["and": "&&", "or": "||"][name.lowercased()] {
                return ExpressionError("`\(name)` is no operator; use \(sign)", at: token.offset)
            }
            found = "there is `\(ExpressionError.excerpt(name))`"
        case .string: found = "there is a string"
        case .integer, .number: found = "there is a number"
        case .symbol(.minus):
            return ExpressionError("expected \(wanted), but there is `-`; a name with - is written attributes[\"…\"]", at: token.offset)
        case .symbol(let symbol): found = "there is `\(symbol.rawValue)`"
        }
        return ExpressionError("expected \(wanted), but \(found)", at: token.offset)
    }

    // MARK: Levels

    private mutating func disjunction() throws(ExpressionError) -> Operand {
        var operands = [try conjunction()]
        while try take(.or) { operands.append(try conjunction()) }
        return try joined(operands, "||") { .or($0, $1) }
    }

    private mutating func conjunction() throws(ExpressionError) -> Operand {
        var operands = [try relation()]
        while try take(.and) { operands.append(try relation()) }
        return try joined(operands, "&&") { .and($0, $1) }
    }

    /// Both operators are associative, so a balanced tree means the same and keeps the order of evaluation.
    private func joined(
        _ operands: [Operand], _ sign: String, _ join: (Expression.Node, Expression.Node) -> Expression.Node
    ) throws(ExpressionError) -> Operand {
        guard operands.count > 1 else { return operands[0] }
        for operand in operands { try ExpressionCheck.mayBeTrue(operand, as: "each side of \(sign)") }
        func balanced(_ part: ArraySlice<Operand>) -> Expression.Node {
            guard part.count > 1 else { return part[part.startIndex].node }
            let middle = part.startIndex + (part.count + 1) / 2
            return join(balanced(part[..<middle]), balanced(part[middle...]))
        }
        return Operand(node: balanced(operands[...]), offset: operands[0].offset)
    }

    private mutating func relation() throws(ExpressionError) -> Operand {
        let left = try negation()
        let result: Expression.Node
        if let comparison = comparisonAhead {
            try advance()
            let right = try negation()
            try ExpressionCheck.mayBeCompared(left, right)
            if comparison == .equal || comparison == .notEqual { try ExpressionCheck.mayBeStep(left, right, among: fields.steps) }
            result = .compare(comparison, left.node, right.node)
        } else if token.kind == .identifier("in") {
            try advance()
            let elements = try list()
            for element in elements {
                try ExpressionCheck.mayBeCompared(left, element)
                try ExpressionCheck.mayBeStep(left, element, among: fields.steps)
            }
            result = .isIn(left.node, elements.map(\.node))
        } else {
            return left
        }
        guard comparisonAhead == nil, token.kind != .identifier("in") else {
            throw ExpressionError("comparisons do not follow one another; join them with &&, or use parentheses", at: token.offset)
        }
        return Operand(node: result, offset: left.offset)
    }

    private var comparisonAhead: Expression.Comparison? {
        guard case .symbol(let symbol) = token.kind else { return nil }
        return Expression.Comparison(rawValue: symbol.rawValue)
    }

    /// Counts the signs in a loop: a run of `!` must not cost a stack frame each.
    private mutating func negation() throws(ExpressionError) -> Operand {
        let start = token.offset
        var signs = 0
        while token.kind == .symbol(.not) {
            signs += 1
            try enter()
            try advance()
        }
        var operand = try member()
        depth -= signs
        guard signs > 0 else { return operand }
        try ExpressionCheck.mayBeTrue(operand, as: "what follows !")
        for _ in 0..<signs { operand.node = .not(operand.node) }
        return Operand(node: operand.node, offset: start)
    }

    private mutating func enter() throws(ExpressionError) {
        guard depth < Expression.depthMax else {
            throw ExpressionError("nested more than \(Expression.depthMax) levels deep", at: token.offset)
        }
        depth += 1
    }

    mutating func parenthesized() throws(ExpressionError) -> Operand {
        let start = token.offset
        try enter()
        try advance()
        let inner = try disjunction()
        try expect(.closeParenthesis, "to close the parenthesis")
        depth -= 1
        return Operand(node: inner.node, offset: start)
    }
}
