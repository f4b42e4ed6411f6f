import Events

extension Pattern {
    /// A rule's variables are bits of 32.
    package static let variablesMax = 32
    /// Largest count in braces; RE2 has the same limit.
    package static let repetitionsMax = 1000
    package static let textBytesMax = 4096
    package static let depthMax = 50

    /// Reads a pattern: variables in sequence, `|`, `( )`, `?` `*` `+` `{n}` `{n,}` `{n,m}`, each reluctant with a
    /// following `?`, `^` and `$`.
    ///
    /// - Parameter variables: the names of `where`, at most `variablesMax`.
    /// - Throws: the first fault of the text, with its place; where counts make it too large, that of the part counted.
    package static func parse(_ text: String, variables: [String]) throws(ExpressionError) -> Pattern {
        precondition(variables.count <= variablesMax)
        guard text.utf8.count <= textBytesMax else {
            throw ExpressionError("a pattern may be \(textBytesMax) bytes long; this one has \(text.utf8.count)", at: textBytesMax)
        }
        var parser = PatternParser(text, variables: variables)
        return Pattern(source: text, root: try parser.wholePattern())
    }
}

/// Recursive descent: alternatives of sequences of repeated atoms.
struct PatternParser {
    private let bytes: [UInt8]
    private let variables: [String]
    private var position = 0
    private var depth = 0

    init(_ text: String, variables: [String]) {
        bytes = Array(text.utf8)
        self.variables = variables
    }

    mutating func wholePattern() throws(ExpressionError) -> Pattern.Node {
        skipBlanks()
        guard position < bytes.count else { throw ExpressionError("the pattern is empty; write variables of `where`, such as a b+", at: 0) }
        let whole = try alternatives()
        guard position == bytes.count else { throw ExpressionError("`)` closes no group", at: position) }
        try PatternSize(whole).check(at: 0)
        return whole
    }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipBlanks() {
        while let byte = next, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { position += 1 }
    }

    private mutating func take(_ sign: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: sign) else { return false }
        position += 1
        return true
    }

    private mutating func alternatives() throws(ExpressionError) -> Pattern.Node {
        var parts = [try sequence()]
        while take("|") { parts.append(try sequence()) }
        return parts.count == 1 ? parts[0] : .alternatives(parts)
    }

    private mutating func sequence() throws(ExpressionError) -> Pattern.Node {
        var parts: [Pattern.Node] = []
        skipBlanks()
        while let byte = next, byte != UInt8(ascii: "|"), byte != UInt8(ascii: ")") {
            parts.append(try repeated())
            skipBlanks()
        }
        guard !parts.isEmpty else {
            throw ExpressionError("a variable is missing here; for \"perhaps nothing\", put ? after a variable or group", at: position)
        }
        return parts.count == 1 ? parts[0] : .sequence(parts)
    }

    private mutating func repeated() throws(ExpressionError) -> Pattern.Node {
        let start = position
        let inner = try atom()
        let end = position
        skipBlanks()
        guard let (min, max) = try quantifier() else {
            position = end
            return inner
        }
        let isReluctant = take("?")
        let after = position
        skipBlanks()
        if let byte = next, "?*+{".utf8.contains(byte) {
            throw ExpressionError("a second count for the same part; put the part into parentheses", at: position)
        }
        position = after
        let whole = Pattern.Node.repetition(inner, min: min, max: max, isReluctant: isReluctant)
        try PatternSize(whole).check(at: start)
        return whole
    }

    private mutating func atom() throws(ExpressionError) -> Pattern.Node {
        let start = position
        let byte = bytes[position]
        if ExpressionLexer.isIdentifierStart(byte) { return try variable() }
        position += 1
        switch byte {
        case UInt8(ascii: "^"): return .begin
        case UInt8(ascii: "$"): return .end
        case UInt8(ascii: "("):
            guard depth < Pattern.depthMax else { throw ExpressionError("groups nested more than \(Pattern.depthMax) deep", at: start) }
            depth += 1
            let inner = try alternatives()
            depth -= 1
            guard take(")") else { throw ExpressionError("the group that begins here is not closed", at: start) }
            return inner
        case UInt8(ascii: "?"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "{"):
            throw ExpressionError("nothing stands before `\(Character(Unicode.Scalar(byte)))` to be counted", at: start)
        case UInt8(ascii: ","), UInt8(ascii: "-"), UInt8(ascii: ">"), UInt8(ascii: ";"):
            throw ExpressionError(
                "variables follow one another with blanks between them, without `\(Character(Unicode.Scalar(byte)))`", at: start)
        default:
            let character = String(decoding: bytes[start...], as: UTF8.self).first.map(String.init) ?? ""
            let shown = byte < 0x20 || byte == 0x7F ? "a control character" : "`\(character)`"
            throw ExpressionError("\(shown) is not part of a pattern; it is made of variables, ( ) | ? * + {n,m} ^ $", at: start)
        }
    }

    private mutating func variable() throws(ExpressionError) -> Pattern.Node {
        let start = position
        while let byte = next, ExpressionLexer.isIdentifierStart(byte) || ExpressionLexer.isDigit(byte) { position += 1 }
        let name = String(decoding: bytes[start..<position], as: UTF8.self)
        guard let number = variables.firstIndex(of: name) else {
            throw .unknown("variable", name, valid: variables, at: start, suggestion: NearestName.of(name, among: variables))
        }
        return .variable(number)
    }

    /// Smallest and largest count; nil where the part is not counted.
    private mutating func quantifier() throws(ExpressionError) -> (min: Int, max: Int?)? {
        if take("?") { return (0, 1) }
        if take("*") { return (0, nil) }
        if take("+") { return (1, nil) }
        let start = position
        guard take("{") else { return nil }
        skipBlanks()
        guard let min = try number() else { throw ExpressionError("a count is written {2}, {2,} or {2,5}", at: start) }
        skipBlanks()
        var max: Int? = min
        if take(",") {
            skipBlanks()
            max = try number()
            skipBlanks()
        }
        guard take("}") else { throw ExpressionError("a count is written {2}, {2,} or {2,5}", at: start) }
        if let max, max < min { throw ExpressionError("the larger count comes second: {\(max),\(min)}", at: start) }
        return (min, max)
    }

    private mutating func number() throws(ExpressionError) -> Int? {
        let start = position
        while let byte = next, ExpressionLexer.isDigit(byte) { position += 1 }
        guard position > start else { return nil }
        guard let number = Int(String(decoding: bytes[start..<position], as: UTF8.self)), number <= Pattern.repetitionsMax else {
            throw ExpressionError("a count may be \(Pattern.repetitionsMax) at the most", at: start)
        }
        return number
    }
}
