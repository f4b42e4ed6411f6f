import Events

/// Who acts, in upper or lower case. Anything else is no initiator (pipelines/rules.md, 5).
struct Initiators {
    private let symbols: [UInt32]
    private let texts: SymbolTable

    static let words = ["customer", "agent", "system"]

    init(_ texts: SymbolTable) {
        self.texts = texts
        symbols = Self.words.map { texts.intern($0) }
    }

    /// The symbol of the word that a text means, 0 for an absent one; nil for any other text.
    @inline(__always)
    func meant(_ symbol: UInt32) -> UInt32? {
        if symbol == 0 || symbol == symbols[0] || symbol == symbols[1] || symbol == symbols[2] { return symbol }
        return inOtherCase(symbol)
    }

    private func inOtherCase(_ symbol: UInt32) -> UInt32? {
        let text = texts.bytes(of: symbol)
        return symbols.first { word in
            let wanted = texts.bytes(of: word)
            return wanted.count == text.count && zip(wanted, text).allSatisfy { $0 == $1 | 0x20 && $1 & 0x40 != 0 }
        }
    }

    /// The text in lower case (ASCII).
    static func lowered(_ text: Text, _ arena: TextArena) -> Text {
        guard text.bytes.contains(where: { $0 &- 65 < 26 }) else { return text }
        return arena.keep(text.bytes.lazy.map { $0 &- 65 < 26 ? $0 | 0x20 : $0 })
    }
}
