import Events

/// The mapped paths of a source as a tree of keys, so that one pass over a line finds them all.
///
/// A dotted path goes through objects only. A token of a JSON Pointer that is a number without leading zeros goes
/// through arrays too.
struct FieldTrie {
    struct Edge {
        let key: [UInt8]
        /// The first eight bytes of the key, zero-filled: most keys differ there.
        let prefix: UInt64
        let node: Int32
    }

    struct Node {
        var edges: [Edge] = []
        var elements: [(index: Int, node: Int32)] = []
        /// Slots of the values that stand here.
        var slots: [Int] = []
        /// Slots of this node and all below it: cleared when a key comes a second time.
        var slotsBelow: [Int] = []
        /// Bit n set where an edge's key has length n modulo 64: tells most other keys at once.
        var lengths: UInt64 = 0
    }

    private(set) var nodes: [Node] = [Node()]

    init(paths: [(path: FieldPath, slot: Int)]) {
        for (path, slot) in paths { insert(path.tokens[...], isPointer: path.isPointer, at: 0, slot: slot) }
    }

    private mutating func insert(_ tokens: ArraySlice<String>, isPointer: Bool, at node: Int, slot: Int) {
        nodes[node].slotsBelow.append(slot)
        guard let token = tokens.first else {
            nodes[node].slots.append(slot)
            return
        }
        insert(tokens.dropFirst(), isPointer: isPointer, at: child(of: node, key: Array(token.utf8)), slot: slot)
        if isPointer, let index = FieldPath.place(token) {
            insert(tokens.dropFirst(), isPointer: isPointer, at: child(of: node, index: index), slot: slot)
        }
    }

    private mutating func child(of node: Int, key: [UInt8]) -> Int {
        if let edge = nodes[node].edges.first(where: { $0.key == key }) { return Int(edge.node) }
        nodes.append(Node())
        nodes[node].edges.append(Edge(key: key, prefix: Self.prefix(key), node: Int32(nodes.count - 1)))
        nodes[node].lengths |= 1 << UInt64(key.count & 63)
        return nodes.count - 1
    }

    private mutating func child(of node: Int, index: Int) -> Int {
        if let element = nodes[node].elements.first(where: { $0.index == index }) { return Int(element.node) }
        nodes.append(Node())
        nodes[node].elements.append((index, Int32(nodes.count - 1)))
        return nodes.count - 1
    }

    static func prefix(_ key: [UInt8]) -> UInt64 {
        key.prefix(8).enumerated().reduce(0) { $0 | UInt64($1.element) << UInt64(8 * $1.offset) }
    }
}
