import Events
import Expressions
import Ingest
import Reports

/// Reads what a field of a source says: a path, or one of the forms of pipelines/rules.md, 20.
struct FieldFormReader {
    /// How many arrays the source's `each` names.
    let depth: Int
    let patterns: PatternCheck
    let diagnostics: DiagnosticList

    private static let origins: [KeyShape] = [
        .init(
            "path", .oneOrList(.path, count: 1...Int.max), "Where the value stands; beside `array` or `json`, where in an element or text."),
        .init("value", .anyText, "A constant."),
        .init("first", .list(.form(isTime: false), count: 1...Int.max), "Paths or forms; the first that is there."),
        .init("join", .list(.form(isTime: false), count: 1...Int.max), "Paths or forms; those that are there, as one text."),
        .init("array", .path, "An array, of whose elements the first counts that `where` selects and that has the `path`."),
        .init("json", .path, "A text that holds JSON, of which `path` says the place."),
    ]
    private static let details: [KeyShape] = [
        .init("with", .anyText, default: .text(usualSeparator), beside: "join", "What stands between joined texts."),
        .init("where", .named(.anyText), beside: "array", "Texts that fields of an element must equal."),
        .init("clean", .oneOrList(.word(ValueChanges.Cleaning.self)), "What is done to the text, in a fixed order."),
        .init(
            "match", .list(.section(replacementShape)),
            "Regular expressions (RE2) and what stands in place of a text; the first that is found counts."),
        .init("values", .named(.anyText), "What stands in place of a value."),
        .init("else", .anyText, beside: "values", "What stands in place of other values; default: they stay."),
        .init("as", .word(ValueChanges.Conversion.self), "What the value becomes."),
    ]
    private static let replacementShape = SectionShape([
        .init("like", .text, required: true, "The regular expression."),
        .init("to", .anyText, required: true, "What stands in its place."),
    ])
    private static let usualSeparator = "/"

    /// Only a time has a unit.
    static func shape(isTime: Bool) -> SectionShape { isTime ? timeShape : plainShape }

    private static let plainShape = SectionShape(origins + details)
    private static let timeShape = SectionShape(origins + details + [.init("unit", .word(TimeUnit.words), "The unit of a number.")])
    /// Forms within forms; each costs stack.
    private static let depthMax = 16

    /// - Parameters:
    ///   - key: names the field in messages.
    ///   - isTime: whether it may have a unit.
    func read(_ node: YAMLNode, _ key: String, isTime: Bool = false) -> FieldForm? { form(node, key, isTime: isTime, level: 0) }

    private func form(_ node: YAMLNode, _ key: String, isTime: Bool, level: Int) -> FieldForm? {
        guard case .mapping(let entries) = node.content else { return path(node, key).map { FieldForm(.path($0)) } }
        let name = DiagnosticList.excerpt(key)
        guard level < Self.depthMax else {
            diagnostics.add("`\(name)`: forms lie more than \(Self.depthMax) deep within one another", at: node)
            return nil
        }
        guard let section = SectionReader(node, what: "the form of `\(name)`", shape: Self.timeShape, diagnostics: diagnostics),
            let origin = origin(section, entries, key, level)
        else { return nil }
        var form = FieldForm(origin)
        form.changes = changes(section, key)
        if let unit = section["unit"] {
            if isTime { form.unit = section.timeUnit("unit") } else { diagnostics.add("only `time` has a `unit`", at: unit) }
        }
        return form
    }

    // MARK: Where a value comes from

    private func origin(_ section: SectionReader, _ entries: [YAMLEntry], _ key: String, _ level: Int) -> FieldForm.Origin? {
        let name = DiagnosticList.excerpt(key)
        let words = Self.origins.map(\.name)
        let given = words.filter { word in entries.contains { $0.key == word } && (word != "path" || section.isPlainPath) }
        guard given.count == 1, let word = given.first else {
            let problem = given.isEmpty ? "says nothing" : "says several things (\(given.joined(separator: ", ")))"
            diagnostics.add("the form of `\(name)` \(problem); give it one of \(words.joined(separator: ", "))", at: section.node)
            return nil
        }
        guard let node = section.given(word) else { return nil }
        switch word {
        case "path": return path(node, "path").map { .path($0) }
        case "value": return constant(node).map { .constant($0) }
        case "first": return forms(node, word, level).map { .first($0) }
        case "join":
            let separator = section["with"].flatMap { section.scalar(of: $0, "text", "with")?.text } ?? Self.usualSeparator
            return forms(node, word, level).map { .join($0, separator: separator) }
        case "array": return element(section, node).map { .element($0) }
        default:
            guard let text = path(node, "json"), let place = section.required("path", "say where in that JSON the value stands"),
                let path = section.fieldPath(of: place, "path")
            else { return nil }
            return .embedded(text: text, path: path)
        }
    }

    func path(_ node: YAMLNode, _ key: String, depth: Int? = nil) -> RecordPath? {
        let name = DiagnosticList.excerpt(key)
        guard case .scalar(let scalar) = node.content else {
            if node.content != .unusable { diagnostics.add("`\(name)` must be a path to a field, but is \(node.kindWords)", at: node) }
            return nil
        }
        guard let path = RecordPath(scalar.text) else {
            let accepted = "write keys joined by dots, such as user.id, or a JSON Pointer, such as /user/id"
            let what = scalar.text.isEmpty ? "is empty" : "`\(DiagnosticList.excerpt(scalar.text))` is no path to a field"
            diagnostics.add("`\(name)`\(scalar.text.isEmpty ? "" : ":") \(what); \(accepted)", at: node)
            return nil
        }
        let most = depth ?? self.depth
        guard path.level ?? 0 <= most else {
            let arrays = most == 0 ? "this place has no array around it" : "there are \(most) arrays around this place"
            diagnostics.add("`\(name)`: `\(DiagnosticList.excerpt(scalar.text))` names array \(path.level!), but \(arrays)", at: node)
            return nil
        }
        return path
    }

    private func constant(_ node: YAMLNode) -> FieldForm.Constant? {
        guard case .scalar(let scalar) = node.content else {
            if node.content != .unusable { diagnostics.add("`value` must be a single value, but is \(node.kindWords)", at: node) }
            return nil
        }
        if let truth = scalar.boolean { return .init(text: truth ? "true" : "false", type: .boolean) }
        let isNumber = scalar.style == .plain && JSONNumber.isSound(scalar.text)
        return .init(text: scalar.text, type: isNumber ? .number : .string)
    }

    private func forms(_ node: YAMLNode, _ key: String, _ level: Int) -> [FieldForm]? {
        guard case .sequence(let items) = node.content, !items.isEmpty else {
            if node.content != .unusable {
                diagnostics.add("`\(key)` must be a list of paths or forms, as in `\(key): [name, event]`", at: node)
            }
            return nil
        }
        let forms = items.compactMap { form($0, key, isTime: false, level: level + 1) }
        return forms.count == items.count ? forms : nil
    }

    private func element(_ section: SectionReader, _ node: YAMLNode) -> FieldForm.ElementSearch? {
        guard let array = path(node, "array"), let place = section.required("path", "say where in an element the value stands") else {
            return nil
        }
        let nodes: [YAMLNode] = if case .sequence(let items) = place.content { items } else { [place] }
        let paths = nodes.compactMap { section.fieldPath(of: $0, "path") }
        guard paths.count == nodes.count, !paths.isEmpty else {
            if nodes.isEmpty { diagnostics.add("`path` is an empty list", at: place) }
            return nil
        }
        var conditions: [FieldForm.ElementSearch.Condition] = []
        if let node = section["where"] {
            for entry in SectionReader.entries(node, what: "`where` of `array`", example: "where: {key: page_location}", diagnostics) ?? []
            {
                guard let path = FieldPath(entry.key) else {
                    diagnostics.add("`where`: `\(DiagnosticList.excerpt(entry.key))` is no path to a field", at: entry.keyNode)
                    continue
                }
                if let text = section.scalar(of: entry.value, "text", "where")?.text { conditions.append(.init(path: path, text: text)) }
            }
        }
        return .init(array: array, conditions: conditions, paths: paths)
    }

    // MARK: What is done to it

    private func changes(_ section: SectionReader, _ key: String) -> ValueChanges {
        var changes = ValueChanges()
        if let node = section["clean"] {
            let nodes: [YAMLNode] = if case .sequence(let items) = node.content { items } else { [node] }
            changes.cleanings = nodes.compactMap { section.word(of: $0, "clean").flatMap(ValueChanges.Cleaning.init) }
        }
        changes.replacements =
            section.sections("match", kind: "entry of `match`", example: "match: [{like: '^/cart', to: cart}]").compactMap(replacement)
        if let node = section["values"] {
            for entry in SectionReader.entries(node, what: "`values`", example: "values: {WEB: web}", diagnostics) ?? [] {
                if let text = section.scalar(of: entry.value, "text", "values")?.text { changes.texts[entry.key] = text }
            }
        }
        changes.otherwise = section["else"].flatMap { section.scalar(of: $0, "text", "else")?.text }
        changes.conversion = section.word("as").flatMap(ValueChanges.Conversion.init)
        return changes
    }

    private func replacement(_ section: SectionReader) -> ValueChanges.Replacement? {
        guard let node = section.required("like", "give it a pattern"), let pattern = section.text(of: node, "like") else { return nil }
        guard let place = section.required("to", "say what stands in its place"), let text = section.scalar(of: place, "text", "to")?.text
        else {
            return nil
        }
        if let fault = patterns.fault(pattern) {
            diagnostics.add("`like`: \(fault)", at: node)
            return nil
        }
        return .init(pattern: pattern, text: text)
    }
}

extension SectionReader {
    /// Whether `path` alone says where the value is.
    fileprivate var isPlainPath: Bool { self["array"] == nil && self["json"] == nil }

    /// As the subscript; null is a fault.
    fileprivate func given(_ key: String) -> YAMLNode? { required(key, "say which") }

    func timeUnit(_ key: String) -> TimeUnit? { word(key).flatMap { word in TimeUnit.allCases.first { $0.words.contains(word) } } }
}

extension TimeUnit {
    /// As it may be written: `s`, `seconds`.
    fileprivate var words: [String] { [rawValue, "\(self)"] }

    static let words = allCases.flatMap(\.words)
}
