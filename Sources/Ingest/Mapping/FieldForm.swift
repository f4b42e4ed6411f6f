package import Events

/// What a field of a source may say (pipelines/rules.md, 20): where its value comes from, and what is done to it.
package struct FieldForm: Sendable, Equatable {
    package var origin: Origin
    package var changes = ValueChanges()
    /// Of numeric times, for this field alone.
    package var unit: TimeUnit?

    package indirect enum Origin: Sendable, Equatable {
        case path(RecordPath)
        case constant(Constant)
        /// The first that is there.
        case first([FieldForm])
        /// Those that are there, as text; absent where none is.
        case join([FieldForm], separator: String)
        case element(ElementSearch)
        /// A path within the JSON that stands in a string; unsound JSON is absent.
        case embedded(text: RecordPath, path: FieldPath)
    }

    package struct Constant: Sendable, Equatable {
        package var text: String
        package var type: ScalarType

        package init(text: String, type: ScalarType) { (self.text, self.type) = (text, type) }
    }

    /// In an array: of the elements that are objects and whose fields equal the given texts, in order, the first value of
    /// the paths that is there and is no object or array.
    package struct ElementSearch: Sendable, Equatable {
        package var array: RecordPath
        package var conditions: [Condition]
        package var paths: [FieldPath]

        package struct Condition: Sendable, Equatable {
            package var path: FieldPath
            package var text: String

            package init(path: FieldPath, text: String) { (self.path, self.text) = (path, text) }
        }

        package init(array: RecordPath, conditions: [Condition], paths: [FieldPath]) {
            (self.array, self.conditions, self.paths) = (array, conditions, paths)
        }
    }

    package init(_ origin: Origin) { self.origin = origin }

    package init(path: FieldPath) { origin = .path(RecordPath(level: nil, path: path)) }

    package init(constant text: String) { origin = .constant(Constant(text: text, type: JSONNumber.isSound(text) ? .number : .string)) }

    /// What it can come to by the pipeline's own words: constants, and what `match`, `values` and `else` put in a value's place.
    package var texts: [String] {
        let origins: [String] =
            switch origin {
            case .constant(let constant): [constant.text]
            case .first(let forms): forms.flatMap(\.texts)
            case .path, .join, .element, .embedded: []
            }
        return origins + changes.replacements.map(\.text) + changes.texts.values + [changes.otherwise].compactMap { $0 }
    }

    /// What it reads of a line. A path into an element or into JSON in a string comes with the way there.
    package var reads: [(level: Int?, tokens: [String])] {
        switch origin {
        case .path(let path): [(path.level, path.path.tokens)]
        case .constant: []
        case .first(let forms), .join(let forms, _): forms.flatMap(\.reads)
        case .element(let search):
            (search.paths + search.conditions.map(\.path)).map { (search.array.level, search.array.path.tokens + $0.tokens) }
        case .embedded(let text, let path): [(text.level, text.path.tokens + path.tokens)]
        }
    }

    /// The texts in which it looks for JSON.
    package var embeddingTexts: [(level: Int?, tokens: [String])] {
        switch origin {
        case .first(let forms), .join(let forms, _): forms.flatMap(\.embeddingTexts)
        case .embedded(let text, _): [(text.level, text.path.tokens)]
        case .path, .constant, .element: []
        }
    }

    /// The form without what it reads of places that `isDropped`; nil where nothing is left of it.
    package func without(_ isDropped: (_ level: Int?, _ tokens: [String]) -> Bool) -> FieldForm? {
        var kept = self
        switch origin {
        case .constant: break
        case .path(let path): if isDropped(path.level, path.path.tokens) { return nil }
        case .embedded(let text, let path): if isDropped(text.level, text.path.tokens + path.tokens) { return nil }
        case .first(let forms):
            let left = forms.compactMap { $0.without(isDropped) }
            if left.isEmpty { return nil }
            kept.origin = .first(left)
        case .join(let forms, let separator):
            let left = forms.compactMap { $0.without(isDropped) }
            if left.isEmpty { return nil }
            kept.origin = .join(left, separator: separator)
        case .element(var search):
            let array = search.array
            func isGone(_ path: FieldPath) -> Bool { isDropped(array.level, array.path.tokens + path.tokens) }
            search.paths.removeAll(where: isGone)
            // A condition on what is absent holds for no element.
            if search.paths.isEmpty || search.conditions.contains(where: { isGone($0.path) }) { return nil }
            kept.origin = .element(search)
        }
        return kept
    }
}

/// Where a value stands in a record: relative to the innermost element of the source's `each`, or, where it begins with `$.`,
/// to the line, with `$1.` to an element of the first array, and so on. `$/a/b` and `$1/a/b` are JSON Pointers.
package struct RecordPath: Sendable, Hashable {
    /// 0: the line; n: an element of the n-th array; nil: the innermost.
    package var level: Int?
    package var path: FieldPath

    package init(level: Int?, path: FieldPath) { (self.level, self.path) = (level, path) }

    /// As the pipeline file writes it.
    package var text: String {
        let sign = level.map { "$\($0 == 0 ? "" : String($0))" + (path.isPointer ? "" : ".") } ?? ""
        return sign + path.text
    }

    /// Returns nil for what is no path.
    package init?(_ text: String) {
        let rest = text.utf8.dropFirst()
        let digits = rest.prefix { $0 &- 48 < 10 }
        let behind = rest.dropFirst(digits.count)
        guard text.utf8.first == UInt8(ascii: "$"), let sign = behind.first, sign == UInt8(ascii: ".") || sign == UInt8(ascii: "/") else {
            guard let path = FieldPath(text) else { return nil }
            self.init(level: nil, path: path)
            return
        }
        guard let level = digits.isEmpty ? 0 : Int(String(digits) ?? ""),
            let path = FieldPath(String(sign == UInt8(ascii: ".") ? behind.dropFirst() : behind) ?? "")
        else { return nil }
        self.init(level: level, path: path)
    }
}

/// What is done to a value that is there and no object or array, in this order. The result is a text, but where nothing
/// applied or `as: number` made it a number.
package struct ValueChanges: Sendable, Equatable {
    package var cleanings: [Cleaning] = []
    /// The first that is found in the text stands in its place.
    package var replacements: [Replacement] = []
    /// By exact text.
    package var texts: [String: String] = [:]
    /// For texts that `texts` does not name; nil: they stay as they are.
    package var otherwise: String?
    package var conversion: Conversion?

    package enum Cleaning: String, Sendable, CaseIterable {
        /// White space at both ends goes.
        case trim
        /// Unicode lower case.
        case lower
        /// Only 0 to 9 stay.
        case digits
        /// `12.0` becomes `12`.
        case whole
    }

    package struct Replacement: Sendable, Equatable {
        /// RE2.
        package var pattern: String
        package var text: String

        package init(pattern: String, text: String) { (self.pattern, self.text) = (pattern, text) }
    }

    package enum Conversion: String, Sendable, CaseIterable {
        /// A text that reads as a JSON number becomes one.
        case number
        case text
    }

    package init() {}

    package var isEmpty: Bool { self == ValueChanges() }
}
