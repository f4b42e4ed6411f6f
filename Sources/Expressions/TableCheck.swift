/// A promise about a published table (pipelines/rules.md, 14), parsed and checked: `TABLE.COLUMN >= 0.2 where …`. It must hold for
/// every row that `where` selects. It knows tables only by their names and kinds of columns; who has the rows evaluates it.
package struct TableCheck: Sendable, Equatable {
    /// The text as written.
    package var source: String
    package var table: String
    package var condition: Node
    /// Which rows are meant; nil: all.
    package var selection: Node?

    /// Columns stand by their names. Chains of `&&` and `||` are lists, so that their length costs no depth.
    package indirect enum Node: Sendable, Equatable {
        /// A column of true and false, alone.
        case column(String)
        case compare(String, Expression.Comparison, Expression.Literal)
        case isIn(String, [Expression.Literal])
        case not(Node)
        case all([Node])
        case any([Node])
    }

    /// What a check may ask of a table.
    package struct Table: Sendable {
        package var name: String
        package var columns: [(name: String, kind: Kind)]

        package init(name: String, columns: [(name: String, kind: Kind)]) {
            self.name = name
            self.columns = columns
        }
    }

    package enum Kind: Sendable {
        case text, number, boolean
        /// Compared with a number of seconds or with `duration("15m")`.
        case seconds
        /// Compared with a text such as "2026-03-31".
        case day
    }
}

extension TableCheck.Node {
    /// Every column that is asked for, each once, in the order of the text.
    package var columns: [String] {
        var found: [String] = []
        forEachColumn { name in if !found.contains(name) { found.append(name) } }
        return found
    }

    private func forEachColumn(_ body: (String) -> Void) {
        switch self {
        case .column(let name), .compare(let name, _, _), .isIn(let name, _): body(name)
        case .not(let inner): inner.forEachColumn(body)
        case .all(let parts), .any(let parts): for part in parts { part.forEachColumn(body) }
        }
    }
}

extension TableCheck.Kind {
    var words: String {
        switch self {
        case .text: "texts"
        case .number: "numbers"
        case .boolean: "true and false"
        case .seconds: "lengths of time"
        case .day: "days"
        }
    }

    /// With what a column of the kind is compared, as a hint.
    var remedy: String {
        switch self {
        case .text: "compare it with a text in quotes"
        case .number: "compare it with a number"
        case .boolean: "compare it with true or false, by == or !="
        case .seconds: "compare it with a number of seconds or a duration(\"15m\")"
        case .day: "compare it with a day in quotes, such as \"2026-03-31\""
        }
    }

    func takes(_ literal: Expression.Literal) -> Bool {
        switch (self, literal) {
        case (.text, .string), (.boolean, .boolean): true
        case (.number, .integer), (.number, .number): true
        case (.seconds, .integer), (.seconds, .number), (.seconds, .duration): true
        case (.day, .string(let text)): Self.isDay(text)
        default: false
        }
    }

    /// `YYYY-MM-DD`: of texts of this form, byte order is the order of days.
    private static func isDay(_ text: String) -> Bool {
        let parts = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        return parts.map(\.count) == [4, 2, 2] && parts.allSatisfy { $0.allSatisfy(ExpressionLexer.isDigit) }
    }
}
