/// Builds the tree from events as they come, with a list of the collections that are still open.
struct YAMLComposer {
    let diagnostics: DiagnosticList
    private(set) var root: YAMLNode?
    private var open: [Collection] = []

    private struct Collection {
        var isMapping: Bool
        var line: Int
        var column: Int
        var items: [YAMLNode] = []
        var entries: [YAMLEntry] = []
        /// The line of each key so far.
        var keyLines: [String: Int] = [:]
        var awaitsValue = false
        /// The key whose value comes next; nil for one that is refused together with its value.
        var key: (text: String, node: YAMLNode)?
    }

    init(diagnostics: DiagnosticList) { self.diagnostics = diagnostics }

    var depth: Int { open.count }

    mutating func open(isMapping: Bool, line: Int, column: Int) {
        open.append(Collection(isMapping: isMapping, line: line, column: column))
    }

    mutating func close() {
        let done = open.removeLast()
        let content: YAMLNode.Content = done.isMapping ? .mapping(done.entries) : .sequence(done.items)
        add(YAMLNode(content: content, line: done.line, column: done.column))
    }

    /// Takes a finished node: the root, the next item, the next key, or the value of the last key.
    mutating func add(_ node: YAMLNode) {
        guard !open.isEmpty else {
            root = node
            return
        }
        let top = open.count - 1
        guard open[top].isMapping else {
            open[top].items.append(node)
            return
        }
        if open[top].awaitsValue {
            if let key = open[top].key { open[top].entries.append(YAMLEntry(key: key.text, keyNode: key.node, value: node)) }
            open[top].awaitsValue = false
            return
        }
        open[top].awaitsValue = true
        open[top].key = nil
        switch node.content {
        case .scalar(let scalar):
            if let line = open[top].keyLines[scalar.text] {
                diagnostics.add(
                    "the key `\(DiagnosticList.excerpt(scalar.text))` is already given on line \(line); keep one of them", at: node)
            } else {
                open[top].keyLines[scalar.text] = node.line
                open[top].key = (scalar.text, node)
            }
        case .sequence, .mapping:
            diagnostics.add("a key must be a single word or text, not \(node.kindWords)", at: node)
        case .unusable:
            break
        }
    }
}
