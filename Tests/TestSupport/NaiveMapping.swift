import Foundation

/// What a field of a source may say (pipelines/rules.md, 20).
public indirect enum NaiveForm: Sendable {
    /// `a.b`, `/a/0`, `$.a`, `$1.a`.
    case path(String)
    case value(String)
    case first([NaiveForm])
    case join([NaiveForm], with: String)
    case array(String, where: [String: String], paths: [String])
    case json(String, path: String)
    case changed(NaiveForm, NaiveChanges)
}

public struct NaiveChanges: Sendable {
    public var clean: [String] = []
    public var match: [(like: String, to: String)] = []
    public var values: [String: String] = [:]
    public var otherwise: String?
    public var conversion: String?

    public init() {}
}

/// The objects around a record: the line, then an element of each array.
struct NaiveRecord {
    var objects: [NaiveJSON]

    /// One for each element of the arrays that is an object.
    static func records(_ line: NaiveJSON, each: [String]) -> [NaiveRecord] {
        each.reduce([NaiveRecord(objects: [line])]) { records, path in
            records.flatMap { record -> [NaiveRecord] in
                guard case .array(let items)? = record.value(at: path) else { return [] }
                return items.compactMap { item in
                    if case .object = item { NaiveRecord(objects: record.objects + [item]) } else { nil }
                }
            }
        }
    }

    func value(at path: String) -> NaiveJSON? {
        guard path.hasPrefix("$"), let sign = path.dropFirst().first(where: { !$0.isNumber }), sign == "." || sign == "/" else {
            return objects[objects.count - 1].value(at: path)
        }
        let digits = path.dropFirst().prefix { $0.isNumber }
        let rest = path.dropFirst(1 + digits.count)
        return objects[Int(digits) ?? 0].value(at: String(sign == "." ? rest.dropFirst() : rest))
    }

    /// nil and null are both absent.
    func pick(_ form: NaiveForm) -> NaiveJSON? {
        switch form {
        case .path(let path): return value(at: path)
        case .value(let text): return .string(ExactText(text))
        case .first(let forms): return forms.lazy.compactMap { pick($0) }.first(where: \.isThere)
        case .join(let forms, let separator):
            let texts = forms.compactMap { pick($0)?.text }.filter { !$0.bytes.isEmpty }
            return texts.isEmpty ? nil : .string(ExactText(bytes: Array(texts.map(\.bytes).joined(separator: Array(separator.utf8)))))
        case .array(let path, let conditions, let paths):
            guard case .array(let items)? = value(at: path) else { return nil }
            for item in items {
                guard case .object = item, conditions.allSatisfy({ item.value(at: $0.key)?.text == ExactText($0.value) }) else { continue }
                for path in paths {
                    if let found = item.value(at: path), found.isThere, found.text != nil { return found }
                }
            }
            return nil
        case .json(let path, let inner):
            guard case .string(let text)? = value(at: path), let json = try? NaiveJSONParser.parse(text.bytes) else { return nil }
            return json.value(at: inner)
        case .changed(let form, let changes): return pick(form).map { changes.apply(to: $0) }
        }
    }
}

extension NaiveJSON {
    var isThere: Bool { self != .null && self != .string("") }
}

extension NaiveChanges {
    func apply(to value: NaiveJSON) -> NaiveJSON {
        guard var text = value.text?.description else { return value }
        var value = value
        if !clean.isEmpty {
            for word in clean {
                switch word {
                case "trim": text = text.trimmingCharacters(in: .whitespacesAndNewlines)
                case "lower": text = text.lowercased()
                case "digits": text = String(text.unicodeScalars.filter { ("0"..."9").contains($0) }.map(Character.init))
                default:
                    if text.range(of: #"^-?[0-9]+\.0+$"#, options: .regularExpression) != nil { text = String(text.prefix { $0 != "." }) }
                }
            }
            value = .string(ExactText(text))
        }
        func set(_ new: String) {
            text = new
            value = .string(ExactText(new))
        }
        if let found = match.first(where: { text.range(of: $0.like, options: .regularExpression) != nil }) { set(found.to) }
        if let named = values.first(where: { ExactText($0.key) == ExactText(text) })?.value ?? (values.isEmpty ? nil : otherwise) {
            set(named)
        }
        switch conversion {
        case "number":
            if case .string(let string) = value, case .number? = try? NaiveJSONParser.parse(string.bytes),
                !string.bytes.contains(where: { $0 <= 32 })
            {
                value = .number(string.description)
            }
        case "text": value = .string(ExactText(text))
        default: break
        }
        return value
    }
}

extension NaiveForm {
    /// As the pipeline file writes it.
    var yaml: String {
        switch self {
        case .path(let path): return Self.quoted(path)
        case .changed(let form, let changes):
            let parts = [
                changes.clean.isEmpty ? nil : "clean: [\(changes.clean.joined(separator: ", "))]",
                changes.match.isEmpty
                    ? nil
                    : "match: ["
                        + changes.match.map { "{like: \(Self.quoted($0.like)), to: \(Self.quoted($0.to))}" }.joined(separator: ", ") + "]",
                changes.values.isEmpty ? nil : "values: \(Self.map(changes.values))", changes.otherwise.map { "else: \(Self.quoted($0))" },
                changes.conversion.map { "as: \($0)" },
            ]
            return "{" + ([form.members] + parts.compactMap { $0 }).joined(separator: ", ") + "}"
        default: return "{\(members)}"
        }
    }

    private var members: String {
        switch self {
        case .path(let path): "path: \(Self.quoted(path))"
        case .value(let text): "value: \(Self.quoted(text))"
        case .first(let forms): "first: [\(forms.map(\.yaml).joined(separator: ", "))]"
        case .join(let forms, let separator): "join: [\(forms.map(\.yaml).joined(separator: ", "))], with: \(Self.quoted(separator))"
        case .array(let path, let conditions, let paths):
            "array: \(Self.quoted(path)), where: \(Self.map(conditions)), path: [\(paths.map(Self.quoted).joined(separator: ", "))]"
        case .json(let path, let inner): "json: \(Self.quoted(path)), path: \(Self.quoted(inner))"
        case .changed(let form, _): form.members
        }
    }

    private static func quoted(_ text: String) -> String {
        "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
    }

    private static func map(_ texts: [String: String]) -> String {
        "{" + texts.sorted { $0.key < $1.key }.map { "\(quoted($0.key)): \(quoted($0.value))" }.joined(separator: ", ") + "}"
    }
}
