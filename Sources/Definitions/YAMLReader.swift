import CYAML

/// Reads YAML with libyaml, event by event, into a plain tree. The only file that touches the C library.
///
/// Nesting is bounded while events arrive and the tree is built on a list of open collections, so neither deep
/// nor long input can exhaust the stack; aliases are refused, so no input is larger as a tree than as text.
enum YAMLReader {
    static let textBytesMax = 1 << 20
    static let depthMax = 64

    /// Returns the document's root, or nil where there is none to go on with. Faults go to `diagnostics`; a root
    /// may come with faults.
    static func read(_ text: [UInt8], diagnostics: DiagnosticList) -> YAMLNode? {
        guard text.count <= textBytesMax else {
            diagnostics.add(
                "the file is larger than \(textBytesMax >> 20) MiB; a pipeline file is written by hand and small", line: 1, column: 1)
            return nil
        }
        // A byte order mark is no character of the document and must not shift the first column.
        let body = text.starts(with: [0xEF, 0xBB, 0xBF]) ? text.dropFirst(3) : text[...]
        guard !body.isEmpty else {
            diagnostics.add("the file is empty; it begins with `version: 1`", line: 1, column: 1)
            return nil
        }
        return body.withUnsafeBufferPointer { bytes in
            // The parser keeps a pointer to itself, so it must not move.
            let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
            defer { parser.deallocate() }
            guard yaml_parser_initialize(parser) == 1 else {
                diagnostics.add("there is not enough memory to read the file", line: 1, column: 1)
                return nil
            }
            defer { yaml_parser_delete(parser) }
            yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
            yaml_parser_set_input_string(parser, bytes.baseAddress, bytes.count)
            return compose(parser, bytes, diagnostics)
        }
    }

    private static func compose(
        _ parser: UnsafeMutablePointer<yaml_parser_t>, _ bytes: UnsafeBufferPointer<UInt8>, _ diagnostics: DiagnosticList
    ) -> YAMLNode? {
        var composer = YAMLComposer(diagnostics: diagnostics)
        var documents = 0
        while true {
            var event = yaml_event_t()
            guard yaml_parser_parse(parser, &event) == 1 else {
                reportSyntax(parser.pointee, bytes, diagnostics)
                return nil
            }
            defer { yaml_event_delete(&event) }
            let (line, column) = (Int(event.start_mark.line) + 1, Int(event.start_mark.column) + 1)
            switch event.type {
            case YAML_DOCUMENT_START_EVENT:
                documents += 1
                guard documents == 1 else {
                    diagnostics.add(
                        "a second YAML document begins here; a pipeline file holds one: remove the `---`", line: line, column: column)
                    return composer.root
                }
            case YAML_ALIAS_EVENT:
                diagnostics.add(
                    "aliases (`*\(DiagnosticList.excerpt(name(event.data.alias.anchor)))`) are not allowed; write the value out",
                    line: line, column: column)
                composer.add(YAMLNode(content: .unusable, line: line, column: column))
            case YAML_SCALAR_EVENT:
                let data = event.data.scalar
                refuseProperties(data.anchor, data.tag, ["str", "int", "float", "bool", "null"], line, column, diagnostics)
                composer.add(YAMLNode(content: .scalar(scalar(event)), line: line, column: column))
            case YAML_SEQUENCE_START_EVENT, YAML_MAPPING_START_EVENT:
                let isMapping = event.type == YAML_MAPPING_START_EVENT
                let anchor = isMapping ? event.data.mapping_start.anchor : event.data.sequence_start.anchor
                let tag = isMapping ? event.data.mapping_start.tag : event.data.sequence_start.tag
                refuseProperties(anchor, tag, [isMapping ? "map" : "seq"], line, column, diagnostics)
                guard composer.depth < depthMax else {
                    diagnostics.add("nested more than \(depthMax) levels deep", line: line, column: column)
                    return nil
                }
                composer.open(isMapping: isMapping, line: line, column: column)
            case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT:
                composer.close()
            case YAML_STREAM_END_EVENT:
                if documents == 0 { diagnostics.add("the file holds no YAML; it begins with `version: 1`", line: 1, column: 1) }
                return composer.root
            default:
                break
            }
        }
    }

    /// The scalar of a scalar event. A tag of the core schema overrides what the quotes say.
    private static func scalar(_ event: yaml_event_t) -> YAMLScalar {
        let data = event.data.scalar
        let text = String(decoding: UnsafeBufferPointer(start: data.value, count: data.length), as: UTF8.self)
        var style: YAMLScalar.Style =
            switch data.style {
            case YAML_SINGLE_QUOTED_SCALAR_STYLE: .singleQuoted
            case YAML_DOUBLE_QUOTED_SCALAR_STYLE: .doubleQuoted
            case YAML_LITERAL_SCALAR_STYLE, YAML_FOLDED_SCALAR_STYLE: .block
            default: .plain
            }
        var width = event.start_mark.line == event.end_mark.line ? Int(event.end_mark.column) - Int(event.start_mark.column) : nil
        if data.tag != nil {
            let isText = [coreTagPrefix + "str", "!"].contains(name(data.tag))
            style = isText ? (style == .plain ? .doubleQuoted : style) : .plain
            width = nil
        }
        return YAMLScalar(text: text, style: style, width: width)
    }

    private static let coreTagPrefix = "tag:yaml.org,2002:"

    private static func refuseProperties(
        _ anchor: UnsafeMutablePointer<yaml_char_t>?, _ tag: UnsafeMutablePointer<yaml_char_t>?, _ allowed: [String],
        _ line: Int, _ column: Int, _ diagnostics: DiagnosticList
    ) {
        if let anchor {
            diagnostics.add(
                "anchors (`&\(DiagnosticList.excerpt(name(anchor)))`) are not allowed; write the value out where it is needed", line: line,
                column: column)
        }
        if let tag, !(allowed.map { coreTagPrefix + $0 } + ["!"]).contains(name(tag)) {
            diagnostics.add("the tag `\(DiagnosticList.excerpt(name(tag)))` is not allowed; remove it", line: line, column: column)
        }
    }

    private static func name(_ text: UnsafeMutablePointer<yaml_char_t>?) -> String {
        guard let text else { return "" }
        return text.withMemoryRebound(to: CChar.self, capacity: 1) { String(cString: $0) }
    }

    // MARK: Faults found by libyaml

    private static func reportSyntax(_ parser: yaml_parser_t, _ bytes: UnsafeBufferPointer<UInt8>, _ diagnostics: DiagnosticList) {
        let problem = parser.problem.map { String(cString: $0) } ?? "the text cannot be read"
        switch parser.error {
        case YAML_MEMORY_ERROR:
            diagnostics.add("there is not enough memory to read the file", line: 1, column: 1)
        case YAML_READER_ERROR:
            // The library knows only a byte offset here, because such bytes are no characters yet.
            let before = bytes[..<min(Int(parser.problem_offset), bytes.count)]
            let line = before.reduce(into: 1) { $0 += $1 == 0x0A ? 1 : 0 }
            let column = before.reversed().prefix { $0 != 0x0A }.reduce(into: 1) { $0 += $1 & 0xC0 != 0x80 ? 1 : 0 }
            let remedy = problem.contains("control") ? "remove it, or write it as an escape in double quotes" : "save the file as UTF-8"
            diagnostics.add("not valid YAML: \(problem); \(remedy)", line: line, column: column)
        default:
            let context = parser.context.map { " (\(String(cString: $0)) that begins on line \(Int(parser.context_mark.line) + 1))" } ?? ""
            let remedy = remedies.first { problem.contains($0.problem) }?.remedy ?? "check indentation, quotes and brackets"
            let mark = parser.problem_mark
            diagnostics.add("not valid YAML: \(problem)\(context); \(remedy)", line: Int(mark.line) + 1, column: Int(mark.column) + 1)
        }
    }

    private static let remedies: [(problem: String, remedy: String)] = [
        ("cannot start any token", "indent with blanks, not tabs, and quote text that begins with @ ` or %"),
        ("mapping values are not allowed", "check the indentation, and quote text that holds `: `"),
        ("unexpected end of stream", "close the quote"),
        ("unknown escape", "write \\\\ for a backslash, or use single quotes"),
        ("could not find expected ':'", "add the colon after the key, or quote text of several lines"),
    ]
}
