/// Why a text is no expression, and where. The message says what is wrong and how to mend it.
package struct ExpressionError: Error, Sendable, Equatable {
    package var message: String
    /// Place of the fault in the text, in UTF-8 bytes from its beginning; the text's length where it ends too early.
    package var offset: Int
    /// The nearest valid name, already part of the message.
    package var suggestion: String?

    package init(_ message: String, at offset: Int, suggestion: String? = nil) {
        self.message = message
        self.offset = offset
        self.suggestion = suggestion
    }

    /// `unknown field `touchpont`; did you mean `touchpoint`?`, or the valid names where none is near.
    static func unknown(_ what: String, _ name: String, valid: [String], at offset: Int, suggestion: String?) -> Self {
        let shown = excerpt(name)
        if let suggestion {
            return Self("unknown \(what) `\(shown)`; did you mean `\(suggestion)`?", at: offset, suggestion: suggestion)
        }
        guard !valid.isEmpty else { return Self("unknown \(what) `\(shown)`; none is declared", at: offset) }
        let names = valid.prefix(namesShownMax).map(excerpt).joined(separator: ", ") + (valid.count > namesShownMax ? ", …" : "")
        return Self("unknown \(what) `\(shown)`; valid: \(names)", at: offset)
    }

    private static let namesShownMax = 20
    private static let excerptCharactersMax = 40

    /// Keeps a message readable whatever was typed.
    static func excerpt(_ text: String) -> String {
        let head = text.prefix(excerptCharactersMax)
        return head.endIndex == text.endIndex ? text : head + "…"
    }
}
