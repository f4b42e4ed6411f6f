import Events

/// What has to be looked for in a record, and in which order its forms are made: the forms of a source, taken apart. Each
/// value, found or made, has a slot; forms that are written alike share theirs, and so do paths.
struct RecordPlan {
    /// Where a value stands once a record is read.
    struct Slot: Hashable {
        /// Number of the document it is found in; `made` for what forms make.
        var document: Int
        var index: Int

        static let made = -1
    }

    /// A JSON text in which paths are followed in one pass.
    struct Document {
        var paths: [FieldPath] = []
    }

    enum Step {
        /// Reads the JSON that stands in a string.
        case embedded(document: Int, text: Slot)
        /// Looks through an array. The document's first paths are the conditions'.
        case element(document: Int, array: Slot, texts: [String], into: Slot)
        case first([Slot], into: Slot)
        case join([Slot], separator: String, into: Slot)
        case change(Slot, ValueChanges, into: Slot)
    }

    /// The line, then the elements of each array of `each`, then what is embedded, and what elements are looked at by.
    private(set) var documents: [Document]
    /// In the order in which they are taken for each record.
    private(set) var steps: [Step] = []
    private(set) var constants: [(slot: Slot, constant: FieldForm.Constant)] = []
    private(set) var madeCount = 0
    /// The arrays whose elements are records, from the outermost.
    private(set) var arrays: [Slot] = []
    /// Every path of the pipeline file, with the document and the place it is looked for at.
    private let depth: Int
    private var made: [(form: FieldForm, slot: Slot)] = []
    private var embedded: [(text: Slot, document: Int)] = []

    init(each: [RecordPath]) {
        depth = each.count
        documents = Array(repeating: Document(), count: each.count + 1)
        for (place, path) in each.enumerated() { arrays.append(find(path.path, in: min(path.level ?? place, place))) }
    }

    /// Whether a line gives one record and every field is a path.
    var isPlain: Bool { depth == 0 && steps.isEmpty }

    mutating func slot(_ form: FieldForm) -> Slot {
        if form.changes.isEmpty, case .path(let path) = form.origin { return slot(path) }
        if let known = made.first(where: { $0.form.origin == form.origin && $0.form.changes == form.changes }) { return known.slot }
        var slot = slot(form.origin)
        if !form.changes.isEmpty {
            let into = make()
            steps.append(.change(slot, form.changes, into: into))
            slot = into
        }
        made.append((form, slot))
        return slot
    }

    mutating func slot(_ path: RecordPath) -> Slot { find(path.path, in: min(path.level ?? depth, depth)) }

    private mutating func slot(_ origin: FieldForm.Origin) -> Slot {
        switch origin {
        case .path(let path): return slot(path)
        case .constant(let constant):
            let into = make()
            constants.append((into, constant))
            return into
        case .first(let forms):
            let candidates = forms.map { slot($0) }
            let into = make()
            steps.append(.first(candidates, into: into))
            return into
        case .join(let forms, let separator):
            let parts = forms.map { slot($0) }
            let into = make()
            steps.append(.join(parts, separator: separator, into: into))
            return into
        case .element(let search):
            let array = slot(search.array)
            // Paths in the order given: one of them may be looked for twice.
            documents.append(Document(paths: search.conditions.map(\.path) + search.paths))
            let into = make()
            steps.append(.element(document: documents.count - 1, array: array, texts: search.conditions.map(\.text), into: into))
            return into
        case .embedded(let text, let path):
            let text = slot(text)
            if let known = embedded.first(where: { $0.text == text }) { return find(path, in: known.document) }
            documents.append(Document())
            embedded.append((text, documents.count - 1))
            steps.append(.embedded(document: documents.count - 1, text: text))
            return find(path, in: documents.count - 1)
        }
    }

    private mutating func find(_ path: FieldPath, in document: Int) -> Slot {
        if let known = documents[document].paths.firstIndex(of: path) { return Slot(document: document, index: known) }
        documents[document].paths.append(path)
        return Slot(document: document, index: documents[document].paths.count - 1)
    }

    private mutating func make() -> Slot {
        madeCount += 1
        return Slot(document: Slot.made, index: madeCount - 1)
    }
}
