import Events

/// A promise about a published table (pipelines/rules.md, 14), parsed and checked: `TABLE.COLUMN >= 0.2 where …`. It must hold for
/// every row that `where` selects. It knows tables only by their names and kinds of columns; who has the rows evaluates it.
package struct TableCheck: Sendable, Equatable {
    /// The text as written.
    package var source: String
    /// As the check writes it: `stalls`, `daily.stalls`, `run`.
    package var table: String
    package var condition: Node
    /// Which rows are meant; nil: all.
    package var selection: Node?

    /// Columns stand by their names. Chains of `&&` and `||` are lists, so that their length costs no depth.
    package indirect enum Node: Sendable, Equatable {
        /// A column of true and false, alone.
        case column(String)
        case compare(String, Expression.Comparison, Expression.Literal)
        /// With the day of as-of, or one so many days before it.
        case compareLastDay(String, Expression.Comparison, daysBefore: Int64)
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

    /// The texts that a column can have, where the pipeline says so.
    package struct KnownTexts: Sendable {
        /// What they are: `journey`.
        var what: String
        var texts: Set<String>
        /// Others are possible: only one that is nearly a known one is a mistake.
        var allowsOthers: Bool

        package init(_ what: String, _ texts: some Sequence<String>, allowsOthers: Bool = false) {
            (self.what, self.texts, self.allowsOthers) = (what, Set(texts), allowsOthers)
        }
    }

    package enum Kind: Sendable {
        case text, number, boolean
        /// Compared with a number of seconds or with `duration("15m")`.
        case seconds
        /// Compared with a text such as "2026-03-31", or with `last_day - 7`.
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
        case .column(let name), .compare(let name, _, _), .compareLastDay(let name, _, _), .isIn(let name, _): body(name)
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
        case .day: "compare it with a day in quotes, such as \"2026-03-31\", or with last_day - 7"
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

    private static func isDay(_ text: String) -> Bool { TableCheck.day(text) != nil }
}

extension TableCheck {
    /// Days since 1970-01-01 of `YYYY-MM-DD`; nil for any other text, and for a day that no month has.
    package static func day(_ text: String) -> Int64? {
        let parts = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard parts.map(\.count) == [4, 2, 2], parts.allSatisfy({ $0.allSatisfy(ExpressionLexer.isDigit) }) else { return nil }
        let numbers = parts.map { $0.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) } }
        let (year, month, day) = (numbers[0], numbers[1], numbers[2])
        guard (1...12).contains(month), day >= 1, day <= CivilDate.daysInMonth(year: year, month: month) else { return nil }
        return CivilDate.days(year: year, month: month, day: day)
    }
}
