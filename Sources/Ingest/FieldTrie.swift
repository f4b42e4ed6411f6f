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
        /// Bit n set where an edge's key has mark n: tells most other keys at once.
        var marks: UInt64 = 0
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
        nodes[node].marks |= 1 << Self.mark(Self.prefix(key), key.count)
        return nodes.count - 1
    }

    private mutating func child(of node: Int, index: Int) -> Int {
        if let element = nodes[node].elements.first(where: { $0.index == index }) { return Int(element.node) }
        nodes.append(Node())
        nodes[node].elements.append((index, Int32(nodes.count - 1)))
        return nodes.count - 1
    }

    /// A number below 64, from a key's length and its first two bytes.
    @inline(__always)
    static func mark(_ prefix: UInt64, _ count: Int) -> UInt64 {
        (prefix ^ prefix >> 8 ^ UInt64(truncatingIfNeeded: count) &* 11) & 63
    }

    static func prefix(_ key: [UInt8]) -> UInt64 {
        key.prefix(8).enumerated().reduce(0) { $0 | UInt64($1.element) << UInt64(8 * $1.offset) }
    }
}

/// A `FieldTrie` laid out flat for the scanner, and freed with the reader that owns it. Node numbers come only from here.
final class CompiledTrie {
    private struct Edge {
        let prefix: UInt64
        /// Keys of up to seven bytes without escapes: the key and its closing quote as they lie in a line, and the bits that count.
        let quoted: UInt64
        let quotedMask: UInt64
        /// Where the key begins in `keys`.
        let key: Int32
        let count: Int32
        let node: Int32

        init(_ edge: FieldTrie.Edge, key: Int) {
            // Only keys that stand in a line as they are; the others come with escapes.
            let isShort = edge.key.count < 8 && edge.key.allSatisfy { $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
            prefix = edge.prefix
            // Any other key's mask lets nothing match: what is zero under it is never one.
            quoted = isShort ? edge.prefix | UInt64(UInt8(ascii: "\"")) << UInt64(8 * edge.key.count) : 1
            quotedMask = isShort ? ~0 >> UInt64(56 - 8 * edge.key.count) : 0
            self.key = Int32(key)
            count = Int32(edge.key.count)
            node = edge.node
        }
    }

    /// Owns its lists.
    private struct Node {
        let edges: Slots<Edge>
        let elements: Slots<(index: Int, node: Int32)>
        let slots: Slots<Int32>
        let slotsBelow: Slots<Int32>
        let marks: UInt64
        /// The edge after the one found last: the members of log lines come in the same order again and again.
        var next: Int32 = 0
        /// The number of the line in which its key or place was last met.
        var lastSeen: UInt32 = 0
    }

    private let nodes: Slots<Node>
    /// Those of all edges, one after the other.
    private let keys: ByteRoom

    init(_ trie: FieldTrie) {
        var keys: [UInt8] = []
        nodes = Slots(
            trie.nodes.map { node in
                let edges = node.edges.map { edge in
                    keys += edge.key
                    return Edge(edge, key: keys.count - edge.key.count)
                }
                return Node(
                    edges: Slots(edges), elements: Slots(node.elements), slots: Slots(node.slots.map(Int32.init)),
                    slotsBelow: Slots(node.slotsBelow.map(Int32.init)), marks: node.marks)
            })
        self.keys = ByteRoom(keys)
    }

    deinit {
        for node in 0..<nodes.count {
            nodes[node].edges.release()
            nodes[node].elements.release()
            nodes[node].slots.release()
            nodes[node].slotsBelow.release()
        }
        nodes.release()
        keys.release()
    }

    @inline(__always) func hasEdges(_ node: Int) -> Bool { nodes[node].edges.count > 0 }
    @inline(__always) func hasElements(_ node: Int) -> Bool { nodes[node].elements.count > 0 }

    /// Slots of the values that stand here.
    @inline(__always)
    func forEachSlot(_ node: Int, _ body: (Int) -> Void) {
        let slots = nodes[node].slots
        for index in 0..<slots.count { body(Int(slots[index])) }
    }

    /// Those of this node and all below it.
    @inline(__always)
    func forEachSlotBelow(_ node: Int, _ body: (Int) -> Void) {
        let slots = nodes[node].slotsBelow
        for index in 0..<slots.count { body(Int(slots[index])) }
    }

    /// Whether the node's key or place was met in this line before. Now it was.
    @inline(__always)
    func wasSeen(_ node: Int, in line: UInt32) -> Bool {
        defer { nodes[node].lastSeen = line }
        return nodes[node].lastSeen == line
    }

    /// Whether a key or place was met, in any line, behind which the slot's value stands.
    func wasEverSeen(slot: Int) -> Bool {
        (0..<nodes.count).contains { node in
            let slots = nodes[node].slots
            return nodes[node].lastSeen != 0 && (0..<slots.count).contains { slots[$0] == slot }
        }
    }

    /// The node and length of the key that begins at `key`, if it is the one expected next: log lines repeat the order of
    /// their members, so most keys need not even be searched for their end. 8 bytes from `key` on are readable.
    @inline(__always)
    func expectedChild(_ node: Int, _ key: TextPlace) -> (node: Int, count: Int)? {
        let edges = nodes[node].edges
        let index = Int(nodes[node].next)
        guard index < edges.count else { return nil }
        let edge = edges[index]
        guard key.load(as: UInt64.self) & edge.quotedMask == edge.quoted else { return nil }
        nodes[node].next = Int32(truncatingIfNeeded: index + 1 == edges.count ? 0 : index + 1)
        return (Int(edge.node), Int(edge.count))
    }

    /// The node behind `key`, or -1. The key is followed by at least 8 readable bytes (its quote and the padding).
    @inline(__always)
    func child(_ node: Int, _ key: Text) -> Int {
        var prefix = key.start.load(as: UInt64.self)
        if key.count < 8 { prefix &= (1 << UInt64(truncatingIfNeeded: key.count &* 8)) &- 1 }
        guard nodes[node].marks >> FieldTrie.mark(prefix, key.count) & 1 != 0 else { return -1 }
        let edges = nodes[node].edges
        var index = Int(nodes[node].next)
        for _ in 0..<edges.count {
            if index == edges.count { index = 0 }
            let edge = edges[index]
            index &+= 1
            if edge.prefix == prefix, Int(edge.count) == key.count, key.count <= 8 || isEqual(edge, key) {
                nodes[node].next = Int32(truncatingIfNeeded: index)
                return Int(edge.node)
            }
        }
        return -1
    }

    private func isEqual(_ edge: Edge, _ key: Text) -> Bool {
        keys.text(Int(edge.key)..<Int(edge.key) + key.count).start.equals(key.start, key.count)
    }

    /// The same for a key with escapes; rare, so it may cost an allocation.
    func child(_ node: Int, unescaping key: Text) -> Int {
        let room = ByteRoom(count: key.count + 8)
        defer { room.release() }
        room.clear(0..<room.count)
        let count = JSONEscapes.decode(key, into: room).count
        return child(node, Text(room.text(0..<room.count).start, count))
    }

    @inline(__always)
    func element(_ node: Int, _ index: Int) -> Int {
        let elements = nodes[node].elements
        for place in 0..<elements.count where elements[place].index == index { return Int(elements[place].node) }
        return -1
    }
}
