import Events
import Testing

@testable import Ingest
@testable import TestSupport

/// Scans lines that end, with their padding, right before a page that must not be touched.
final class LineScanner {
    let paths: [String]
    private let scanner: JSONScanner
    private let memory = GuardedMemory(capacity: 1 << 16)

    init(paths: [String]) {
        self.paths = paths
        scanner = JSONScanner(
            trie: FieldTrie(paths: paths.enumerated().map { (FieldPath($0.element)!, $0.offset) }), slotCount: paths.count)
    }

    /// What a line is, and what stands at each path: `nil` for nothing, `null`, or the kind of value and its text.
    enum Found: Equatable {
        case object([String?])
        case notAnObject, invalidJSON, invalidUTF8
    }

    func scan(_ line: [UInt8]) -> Found {
        // As `TextBlock.seal` leaves it: a line end, then padding.
        let bytes = memory.place(line + [10] + Array(repeating: 0, count: TextBlock.padding - 1))
        let start = TextPlace(bytes)
        switch scanner.scan(start, end: start + line.count) {
        case .invalidJSON: return .invalidJSON
        case .invalidUTF8: return .invalidUTF8
        case .notAnObject: return .notAnObject
        case .object: return .object(paths.indices.map { describe(scanner.values[$0]) })
        }
    }

    private func describe(_ value: JSONScanner.Value) -> String? {
        var text: String { String(decoding: value.text.bytes, as: UTF8.self) }
        switch value.kind {
        case .absent: return nil
        case .null: return "null"
        case .composite: return "composite"
        case .number: return "number " + text
        case .boolean: return "boolean " + text
        case .string: return "string " + text
        case .escapedString:
            let room = ByteRoom(count: value.text.count)
            defer { room.release() }
            return "string " + String(decoding: JSONEscapes.decode(value.text, into: room).bytes, as: UTF8.self)
        }
    }

    /// The same by the recursive parser, which builds the whole value.
    func expected(_ line: [UInt8]) -> Found {
        guard String(validating: line, as: UTF8.self) != nil else { return .invalidUTF8 }
        guard let json = try? NaiveJSONParser.parse(line) else { return .invalidJSON }
        guard case .object = json else { return .notAnObject }
        return .object(
            paths.map { path in
                switch json.value(at: path) {
                case nil: nil
                case .null: "null"
                case .bool(let value): "boolean \(value)"
                case .number(let text): "number \(text)"
                case .string(let text): "string \(text)"
                case .array, .object: "composite"
                }
            })
    }

    /// Compares the two. The parser calls a surrogate without its partner an error, the scanner does not: RFC 8259's
    /// grammar allows it. Such lines are scanned, but not compared.
    func check(_ line: [UInt8], _ sourceLocation: SourceLocation = #_sourceLocation) {
        let found = scan(line)
        let text = String(decoding: line, as: UTF8.self)
        let wanted = expected(line)
        if wanted == .invalidJSON, found != .invalidJSON, text.lowercased().contains("\\ud") { return }
        #expect(found == wanted, "\(text)", sourceLocation: sourceLocation)
    }

    func check(_ text: String, _ sourceLocation: SourceLocation = #_sourceLocation) { check(Array(text.utf8), sourceLocation) }
}
