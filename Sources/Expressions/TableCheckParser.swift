import Events

extension TableCheck {
    /// Reads a check: `TABLE.COLUMN OP LITERAL`, joined by `&&`, `||`, `!`, `in [ ]` and parentheses, then perhaps `where`
    /// with the same, in which columns of the table may stand without its name.
    ///
    /// - Parameters:
    ///   - tables: those that a run publishes, those by day under `daily.NAME`, and its ledger.
    ///   - texts: by column, what the pipeline knows of its texts.
    /// - Throws: the first fault of the text, with its place.
    package static func parse(_ text: String, tables: [Table], texts: [String: KnownTexts] = [:]) throws(ExpressionError) -> TableCheck {
        guard text.utf8.count <= Expression.textBytesMax else {
            throw ExpressionError(
                "a check may be \(Expression.textBytesMax) bytes long; this one has \(text.utf8.count)", at: Expression.textBytesMax)
        }
        var parser = try TableCheckParser(text, tables: tables, texts: texts)
        return try parser.wholeCheck(text)
    }
}

/// Recursive descent like that of expressions, whose tokens and literals these are.
struct TableCheckParser {
    private var tokens: ExpressionParser
    private let tables: [TableCheck.Table]
    private let texts: [String: TableCheck.KnownTexts]
    /// The table of the first column: every other one must be of the same.
    private var table: TableCheck.Table?
    private var isInSelection = false
    private var depth = 0

    init(_ text: String, tables: [TableCheck.Table], texts: [String: TableCheck.KnownTexts]) throws(ExpressionError) {
        tokens = try ExpressionParser(text, fields: FieldScope(attributes: []))
        (self.tables, self.texts) = (tables, texts)
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
            switch try value(for: column, kind, isName: comparison == .equal || comparison == .notEqual) {
            case .literal(let literal): return .compare(column, comparison, literal)
            case .lastDay(let daysBefore): return .compareLastDay(column, comparison, daysBefore: daysBefore)
            }
        }
        if tokens.token.kind == .identifier("in") {
            try tokens.advance()
            return try list(for: column, kind)
        }
        guard kind == .boolean else { throw ExpressionError("`\(column)` holds \(kind.words); \(kind.remedy)", at: place) }
        return .column(column)
    }

    // MARK: Values

    /// What a column is compared with.
    private enum Value {
        case literal(Expression.Literal)
        case lastDay(daysBefore: Int64)
    }

    private mutating func list(for column: String, _ kind: TableCheck.Kind) throws(ExpressionError) -> TableCheck.Node {
        try tokens.expect(.openBracket, "and a list after `in`")
        var literals: [Expression.Literal] = []
        var days: [TableCheck.Node] = []
        while tokens.token.kind != .symbol(.closeBracket) {
            switch try value(for: column, kind, isName: true) {
            case .literal(let literal): literals.append(literal)
            case .lastDay(let daysBefore): days.append(.compareLastDay(column, .equal, daysBefore: daysBefore))
            }
            guard try tokens.take(.comma) else { break }
        }
        try tokens.expect(.closeBracket, "to close the list")
        return days.isEmpty ? .isIn(column, literals) : .any([.isIn(column, literals)] + days)
    }

    /// - Parameter isName: whether a text means just itself, and not what is before or after it.
    private mutating func value(for column: String, _ kind: TableCheck.Kind, isName: Bool) throws(ExpressionError) -> Value {
        let place = tokens.token.offset
        if kind == .day, tokens.token.kind == .identifier("last_day") { return try lastDay() }
        guard let found = try plainLiteral() else { throw unexpected("a number, a text in quotes, true or false") }
        guard kind.takes(found) else { throw ExpressionError("`\(column)` holds \(kind.words); \(kind.remedy)", at: place) }
        if isName, case .string(let text) = found { try checkName(text, of: column, at: place) }
        return .literal(found)
    }

    /// `last_day`, or `last_day - 7`.
    private mutating func lastDay() throws(ExpressionError) -> Value {
        try tokens.advance()
        guard try tokens.take(.minus) else { return .lastDay(daysBefore: 0) }
        guard case .integer(let days) = tokens.token.kind, days <= Self.daysBeforeMax else {
            throw tokens.unexpected("a number of days up to \(Self.daysBeforeMax) after `last_day -`")
        }
        try tokens.advance()
        return .lastDay(daysBefore: Int64(days))
    }

    private static let daysBeforeMax: UInt64 = 36_500

    /// An empty text is what a row has that belongs to none.
    private func checkName(_ text: String, of column: String, at place: Int) throws(ExpressionError) {
        guard let known = texts[column], !text.isEmpty, !known.texts.contains(text) else { return }
        let valid = known.texts.sorted()
        let near = NearestName.of(text, among: valid)
        guard near != nil || !known.allowsOthers else { return }
        throw .unknown(known.what, text, valid: valid, at: place, suggestion: near)
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
            throw unexpected(isInSelection ? "a column" : "a column, such as journeys.conversion_rate,")
        }
        try tokens.advance()
        guard try tokens.take(.dot) else {
            if isInSelection, let table { return try column(first, of: table, at: place) }
            throw withoutTable(first, at: place)
        }
        let named = try table(first, at: place)
        if let table, table.name != named.name {
            throw ExpressionError(
                "a check is about one table, and this one is about `\(table.name)`; write another for `\(named.name)`", at: place)
        }
        table = named
        let columnPlace = tokens.token.offset
        guard case .identifier(let name) = tokens.token.kind else { throw unexpected("a column after `\(named.name).`") }
        try tokens.advance()
        return try column(name, of: named, at: columnPlace)
    }

    /// The table of a name whose dot has been read; of one by day both words.
    private mutating func table(_ first: String, at place: Int) throws(ExpressionError) -> TableCheck.Table {
        guard first == Self.daily else { return try table(first, among: tables.filter { !$0.name.contains(".") }, at: place) }
        let namePlace = tokens.token.offset
        guard case .identifier(let name) = tokens.token.kind else { throw unexpected("a table after `\(first).`") }
        try tokens.advance()
        let prefix = first + "."
        let byDay = tables.filter { $0.name.hasPrefix(prefix) }
        let found = try table(
            name, among: byDay.map { .init(name: String($0.name.dropFirst(prefix.count)), columns: $0.columns) }, at: namePlace)
        try tokens.expect(.dot, "and a column after `\(prefix)\(name)`")
        return .init(name: prefix + name, columns: found.columns)
    }

    private func table(_ name: String, among tables: [TableCheck.Table], at place: Int) throws(ExpressionError) -> TableCheck.Table {
        if let found = tables.first(where: { $0.name == name }) { return found }
        let names = tables.map(\.name)
        throw .unknown("table", name, valid: names, at: place, suggestion: NearestName.of(name, among: names))
    }

    /// Stands before the name of a table by day.
    private static let daily = "daily"

    private func column(_ name: String, of table: TableCheck.Table, at place: Int) throws(ExpressionError) -> (
        name: String, kind: TableCheck.Kind
    ) {
        if let found = table.columns.first(where: { $0.name == name }) { return found }
        let byDay = "\(Self.daily).\(table.name)"
        if name == "day", tables.contains(where: { $0.name == byDay }) {
            throw ExpressionError("`\(table.name)` is of the whole time; the table by day is `\(byDay)`", at: place, suggestion: byDay)
        }
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
        let names = tables.map(\.name).filter { !$0.contains(".") }
        return .unknown("table", name, valid: names, at: place, suggestion: NearestName.of(name, among: names))
    }

    private func unexpected(_ wanted: String) -> ExpressionError {
        guard tokens.token.kind == .symbol(.minus) else { return tokens.unexpected(wanted) }
        return ExpressionError(
            "expected \(wanted), but there is `-`; there is no arithmetic but last_day - 7, and names are written with _",
            at: tokens.token.offset)
    }
}
