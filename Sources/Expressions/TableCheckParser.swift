import Events

extension TableCheck {
    /// Reads a check: `TABLE.COLUMN OP LITERAL`, joined by `&&`, `||`, `!`, `in [ ]` and parentheses, then perhaps `where`
    /// with the same, in which columns of the table may stand without its name.
    ///
    /// - Parameter tables: those that a run publishes.
    /// - Throws: the first fault of the text, with its place.
    package static func parse(_ text: String, tables: [Table]) throws(ExpressionError) -> TableCheck {
        guard text.utf8.count <= Expression.textBytesMax else {
            throw ExpressionError(
                "a check may be \(Expression.textBytesMax) bytes long; this one has \(text.utf8.count)", at: Expression.textBytesMax)
        }
        var parser = try TableCheckParser(text, tables: tables)
        return try parser.wholeCheck(text)
    }
}

/// Recursive descent like that of expressions, whose tokens and literals these are.
struct TableCheckParser {
    private var tokens: ExpressionParser
    private let tables: [TableCheck.Table]
    /// The table of the first column: every other one must be of the same.
    private var table: TableCheck.Table?
    private var isInSelection = false
    private var depth = 0

    init(_ text: String, tables: [TableCheck.Table]) throws(ExpressionError) {
        tokens = try ExpressionParser(text, fields: FieldScope(attributes: []))
        self.tables = tables
    }

    mutating func wholeCheck(_ text: String) throws(ExpressionError) -> TableCheck {
        guard tokens.token.kind != .end else { throw ExpressionError("the check is empty; write TABLE.COLUMN >= 1", at: 0) }
        let condition = try disjunction()
        var selection: TableCheck.Node?
        if tokens.token.kind == .identifier("where") {
            try tokens.advance()
            isInSelection = true
            selection = try disjunction()
        }
        guard tokens.token.kind == .end else { throw unexpected("&&, ||\(isInSelection ? "" : ", where") or the end") }
        return TableCheck(source: text, table: table?.name ?? "", condition: condition, selection: selection)
    }

    // MARK: Levels

    private mutating func disjunction() throws(ExpressionError) -> TableCheck.Node {
        var parts = [try conjunction()]
        while try tokens.take(.or) { parts.append(try conjunction()) }
        return parts.count == 1 ? parts[0] : .any(parts)
    }

    private mutating func conjunction() throws(ExpressionError) -> TableCheck.Node {
        var parts = [try negation()]
        while try tokens.take(.and) { parts.append(try negation()) }
        return parts.count == 1 ? parts[0] : .all(parts)
    }

    private mutating func negation() throws(ExpressionError) -> TableCheck.Node {
        guard depth < Expression.depthMax else {
            throw ExpressionError("nested more than \(Expression.depthMax) levels deep", at: tokens.token.offset)
        }
        depth += 1
        defer { depth -= 1 }
        if try tokens.take(.not) { return .not(try negation()) }
        guard try tokens.take(.openParenthesis) else { return try relation() }
        let inner = try disjunction()
        try tokens.expect(.closeParenthesis, "to close the parenthesis")
        return inner
    }

    private mutating func relation() throws(ExpressionError) -> TableCheck.Node {
        let place = tokens.token.offset
        let (column, kind) = try column()
        if case .symbol(let symbol) = tokens.token.kind, let comparison = Expression.Comparison(rawValue: symbol.rawValue) {
            if kind == .boolean, comparison != .equal, comparison != .notEqual {
                throw ExpressionError("`\(column)` holds \(kind.words); \(kind.remedy)", at: tokens.token.offset)
            }
            try tokens.advance()
            return .compare(column, comparison, try literal(for: column, kind))
        }
        if tokens.token.kind == .identifier("in") {
            try tokens.advance()
            return .isIn(column, try list(for: column, kind))
        }
        guard kind == .boolean else { throw ExpressionError("`\(column)` holds \(kind.words); \(kind.remedy)", at: place) }
        return .column(column)
    }

    // MARK: Literals

    private mutating func list(for column: String, _ kind: TableCheck.Kind) throws(ExpressionError) -> [Expression.Literal] {
        try tokens.expect(.openBracket, "and a list after `in`")
        var found: [Expression.Literal] = []
        while tokens.token.kind != .symbol(.closeBracket) {
            found.append(try literal(for: column, kind))
            guard try tokens.take(.comma) else { break }
        }
        try tokens.expect(.closeBracket, "to close the list")
        return found
    }

    private mutating func literal(for column: String, _ kind: TableCheck.Kind) throws(ExpressionError) -> Expression.Literal {
        let place = tokens.token.offset
        guard let found = try plainLiteral() else { throw unexpected("a number, a text in quotes, true or false") }
        guard kind.takes(found) else { throw ExpressionError("`\(column)` holds \(kind.words); \(kind.remedy)", at: place) }
        return found
    }

    private mutating func plainLiteral() throws(ExpressionError) -> Expression.Literal? {
        guard tokens.token.kind == .identifier("duration") else { return try tokens.literal() }
        let place = tokens.token.offset
        try tokens.advance()
        guard tokens.token.kind == .symbol(.openParenthesis) else { throw unexpected("`(` after `duration`") }
        guard case .literal(let length) = try tokens.function("duration", at: place) else { return nil }
        return length
    }

    // MARK: Columns

    private mutating func column() throws(ExpressionError) -> (name: String, kind: TableCheck.Kind) {
        let place = tokens.token.offset
        guard case .identifier(let first) = tokens.token.kind, first != "in", first != "where" else {
            throw unexpected(isInSelection ? "a column" : "a column, such as journeys.completion_rate,")
        }
        try tokens.advance()
        guard try tokens.take(.dot) else {
            if isInSelection, let table { return try column(first, of: table, at: place) }
            throw withoutTable(first, at: place)
        }
        guard let named = tables.first(where: { $0.name == first }) else {
            throw .unknown(
                "table", first, valid: tables.map(\.name), at: place, suggestion: NearestName.of(first, among: tables.map(\.name)))
        }
        if let table, table.name != named.name {
            throw ExpressionError(
                "a check is about one table, and this one is about `\(table.name)`; write another for `\(named.name)`", at: place)
        }
        table = named
        let columnPlace = tokens.token.offset
        guard case .identifier(let name) = tokens.token.kind else { throw unexpected("a column after `\(first).`") }
        try tokens.advance()
        return try column(name, of: named, at: columnPlace)
    }

    private func column(_ name: String, of table: TableCheck.Table, at place: Int) throws(ExpressionError) -> (
        name: String, kind: TableCheck.Kind
    ) {
        if let found = table.columns.first(where: { $0.name == name }) { return found }
        let names = table.columns.map(\.name)
        throw .unknown("column", name, valid: names, at: place, suggestion: NearestName.of(name, among: names))
    }

    /// A plain name before `where`: perhaps a column whose table is only forgotten.
    private func withoutTable(_ name: String, at place: Int) -> ExpressionError {
        let near = table ?? tables.first { $0.columns.contains { $0.name == name } }
        if let near, near.columns.contains(where: { $0.name == name }) {
            let written = "\(near.name).\(name)"
            return ExpressionError("say of which table `\(name)` is: write \(written)", at: place, suggestion: written)
        }
        let names = tables.map(\.name)
        return .unknown("table", name, valid: names, at: place, suggestion: NearestName.of(name, among: names))
    }

    private func unexpected(_ wanted: String) -> ExpressionError {
        guard tokens.token.kind == .symbol(.minus) else { return tokens.unexpected(wanted) }
        return ExpressionError(
            "expected \(wanted), but there is `-`; there is no arithmetic, and names are written with _", at: tokens.token.offset)
    }
}
