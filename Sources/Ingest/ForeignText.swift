/// The beginning of a text that may be no NDJSON, as `ForeignFormat` asks about it.
struct ForeignText {
    private let bytes: ArraySlice<UInt8>
    /// Whether there is nothing behind them.
    private let isWhole: Bool

    /// The first character that is no white space.
    let first: UInt8?
    /// The JSON document that begins there.
    private let document: JSONOutline

    init(_ text: ArraySlice<UInt8>, isWhole: Bool) {
        bytes = text.drop { Self.isBlank($0) }
        self.isWhole = isWhole
        first = bytes.first
        document = JSONOutline(first == UInt8(ascii: "[") || first == UInt8(ascii: "{") ? bytes : bytes.prefix(0))
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 32 || (9...13).contains(byte) }

    /// Lines that are not blank; the last one only if it is known to be whole.
    private func lines(of text: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
        var lines = text.split(separator: 10, omittingEmptySubsequences: false)
        if !isWhole { lines.removeLast() }
        return lines.filter { !$0.allSatisfy(Self.isBlank) }
    }

    /// Whether a line is a whole JSON object: then the text is a log, with some bad lines.
    private func hasObjectLine(_ text: ArraySlice<UInt8>) -> Bool { lines(of: text).contains(where: Self.isObject) }

    private static func isObject(_ line: ArraySlice<UInt8>) -> Bool {
        let line = line.drop(while: isBlank)
        guard line.first == UInt8(ascii: "{"), case .complete(let end) = JSONOutline(line).ending else { return false }
        return line[end...].allSatisfy(isBlank)
    }

    /// Enough of the text is there to call it something else than a bad line.
    private var isEnough: Bool { isWhole || bytes.count >= ForeignFormat.headBytes / 2 || lines(of: bytes).count > 1 }

    // MARK: JSON

    /// One array: it goes on beyond what is there, or lies on several lines, or it has several objects and is all there is. A
    /// bad line `[` that lines follow is none, as there is no comma between those.
    var isArray: Bool {
        switch document.ending {
        case .broken: return false
        case .open: return document.elements > 0
        case .complete(let end):
            if document.lineEnds > 0 { return !hasObjectLine(bytes[end...]) }
            return isWhole && document.objects > 1 && bytes[end...].allSatisfy(Self.isBlank)
        }
    }

    /// One object or several, spread over lines.
    var isPretty: Bool {
        switch document.ending {
        case .broken: false
        case .open: document.lineEnds > 1
        case .complete(let end): document.lineEnds > 0 && !hasObjectLine(bytes[end...])
        }
    }

    /// Several objects, one behind the other on the same line: two of them may be a bad line.
    var isJoined: Bool {
        guard isEnough else { return false }
        var (rest, objects) = (bytes, 0)
        while objects < 3, rest.first == UInt8(ascii: "{") {
            objects += 1
            let object = JSONOutline(rest)
            guard object.ending != .open else { break }
            guard case .complete(let end) = object.ending, object.lineEnds == 0 else { return false }
            rest = rest[end...].drop { $0 == 32 || $0 == 9 }
        }
        return objects > 2 && !hasObjectLine(bytes)
    }

    /// Every other line says what is to be done with the next one.
    var isBulk: Bool {
        let lines = lines(of: bytes.prefix(4096))
        guard lines.count > 1, Self.isBulkAction(lines[0]), !Self.isBulkAction(lines[1]) else { return false }
        return lines.count > 2 ? Self.isBulkAction(lines[2]) : isWhole && bytes.count < 4096
    }

    /// `{"index": {"_id": …}}`, and nothing else in it: what is done is told by names that begin with `_`, or by nothing.
    private static func isBulkAction(_ line: ArraySlice<UInt8>) -> Bool {
        var rest = line.drop(while: isBlank)
        func take(_ text: String) -> Bool {
            guard rest.starts(with: text.utf8) else { return false }
            rest = rest.dropFirst(text.utf8.count).drop(while: isBlank)
            return true
        }
        guard take("{"), ["\"index\"", "\"create\"", "\"update\"", "\"delete\""].contains(where: take), take(":"),
            rest.first == UInt8(ascii: "{"),
            case .complete(let end) = JSONOutline(rest).ending
        else { return false }
        let inner = rest.dropFirst().drop(while: isBlank)
        guard inner.starts(with: "}".utf8) || inner.starts(with: "\"_".utf8) else { return false }
        rest = rest[end...].drop(while: isBlank)
        return take("}") && rest.isEmpty
    }

    // MARK: Other texts

    var isMarkup: Bool {
        guard let second = bytes.dropFirst().first, second == UInt8(ascii: "?") || second == UInt8(ascii: "!") || Self.isLetter(second)
        else { return false }
        return isEnough && !hasObjectLine(bytes)
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) }

    var isEventStream: Bool {
        let fields = ["data:", "event:", "id:", "retry:", ":"]
        let lines = lines(of: bytes)
        return isEnough && lines.contains { $0.starts(with: "data:".utf8) }
            && lines.allSatisfy { line in fields.contains { line.starts(with: $0.utf8) } }
    }

    /// What separates the columns of a table: all its first rows have as many of them, and at least one.
    var separator: UInt8? {
        guard !bytes.contains(where: { $0 < 9 }), !hasObjectLine(bytes) else { return nil }
        return "\t,;|".utf8.first { separator in
            let counts = rowCounts(separator)
            return counts.count > 1 && counts[0] > 0 && counts.allSatisfy { $0 == counts[0] }
        }
    }

    private static let rowsMax = 20

    /// By row, how many separators it has; those within quotes do not count, nor do the line ends there.
    private func rowCounts(_ separator: UInt8) -> [Int] {
        var counts: [Int] = []
        var (count, isQuoted, isBlank) = (0, false, true)
        for byte in bytes {
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            if byte == 10, !isQuoted {
                if !isBlank { counts.append(count) }
                if counts.count == Self.rowsMax { return counts }
                (count, isBlank) = (0, true)
            } else {
                if byte == separator, !isQuoted { count += 1 }
                isBlank = isBlank && Self.isBlank(byte) && byte != separator
            }
        }
        if isWhole, !isBlank { counts.append(count) }
        return counts
    }
}
