import Events
import Glibc

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

/// A `FieldTrie` laid out flat for the scanner: one allocation a column, freed with the reader that owns it.
///
/// Unsafe code: node numbers come only from this object, so every index is in range.
final class CompiledTrie {
    struct Edge {
        let prefix: UInt64
        /// Keys of up to seven bytes without escapes: the key and its closing quote as they lie in a line, and the bits that count.
        let quoted: UInt64
        let quotedMask: UInt64
        let key: UnsafePointer<UInt8>
        let count: Int32
        let node: Int32
    }

    private struct Node {
        var edges: UnsafeBufferPointer<Edge>
        var elements: UnsafeBufferPointer<(index: Int, node: Int32)>
        var slots: UnsafeBufferPointer<Int32>
        var slotsBelow: UnsafeBufferPointer<Int32>
        var lengths: UInt64
        /// The edge after the one found last: the members of log lines come in the same order again and again.
        var next: Int32 = 0
    }

    private let nodes: UnsafeMutablePointer<Node>
    private let nodeCount: Int
    private var keys: [UnsafeMutablePointer<UInt8>] = []
    /// For each node, the number of the line in which its key was last met.
    let lastSeen: UnsafeMutablePointer<UInt32>

    init(_ trie: FieldTrie) {
        nodeCount = trie.nodes.count
        nodes = .allocate(capacity: nodeCount)
        lastSeen = .allocate(capacity: nodeCount)
        lastSeen.initialize(repeating: 0, count: nodeCount)
        for (index, node) in trie.nodes.enumerated() {
            let edges = node.edges.map { edge in
                let key = UnsafeMutablePointer<UInt8>.allocate(capacity: edge.key.count + 1)
                key.initialize(from: edge.key, count: edge.key.count)
                keys.append(key)
                // Only keys that stand in a line as they are; the others come with escapes.
                let isShort =
                    edge.key.count < 8 && edge.key.allSatisfy { $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
                let quoted = edge.prefix | (isShort ? UInt64(UInt8(ascii: "\"")) << UInt64(8 * edge.key.count) : 0)
                // Any other key's mask lets nothing match: what is zero under it is never one.
                return Edge(
                    prefix: edge.prefix, quoted: isShort ? quoted : 1, quotedMask: isShort ? ~0 >> UInt64(56 - 8 * edge.key.count) : 0,
                    key: key, count: Int32(edge.key.count), node: edge.node)
            }
            (nodes + index).initialize(
                to: Node(
                    edges: Self.copy(edges), elements: Self.copy(node.elements), slots: Self.copy(node.slots.map(Int32.init)),
                    slotsBelow: Self.copy(node.slotsBelow.map(Int32.init)), lengths: node.lengths))
        }
    }

    deinit {
        for index in 0..<nodeCount {
            nodes[index].edges.deallocate()
            nodes[index].elements.deallocate()
            nodes[index].slots.deallocate()
            nodes[index].slotsBelow.deallocate()
        }
        nodes.deallocate()
        lastSeen.deallocate()
        for key in keys { key.deallocate() }
    }

    private static func copy<Element>(_ values: [Element]) -> UnsafeBufferPointer<Element> {
        let buffer = UnsafeMutableBufferPointer<Element>.allocate(capacity: values.count)
        _ = buffer.initialize(from: values)
        return UnsafeBufferPointer(buffer)
    }

    @inline(__always) func hasEdges(_ node: Int) -> Bool { nodes[node].edges.count > 0 }
    @inline(__always) func hasElements(_ node: Int) -> Bool { nodes[node].elements.count > 0 }
    @inline(__always) func slots(_ node: Int) -> UnsafeBufferPointer<Int32> { nodes[node].slots }
    @inline(__always) func slotsBelow(_ node: Int) -> UnsafeBufferPointer<Int32> { nodes[node].slotsBelow }

    /// The node and length of the key that begins at `key`, if it is the one expected next: log lines repeat the order of
    /// their members, so most keys need not even be searched for their end. 8 bytes from `key` on are readable.
    @inline(__always)
    func expectedChild(_ node: Int, _ key: UnsafePointer<UInt8>) -> (node: Int, count: Int)? {
        let edges = nodes[node].edges
        let index = Int(nodes[node].next)
        guard index < edges.count else { return nil }
        let edge = edges[index]
        guard UnsafeRawPointer(key).loadUnaligned(as: UInt64.self) & edge.quotedMask == edge.quoted else { return nil }
        nodes[node].next = Int32(truncatingIfNeeded: index + 1 == edges.count ? 0 : index + 1)
        return (Int(edge.node), Int(edge.count))
    }

    /// The node behind `key`, or -1. The key is followed by at least 8 readable bytes (its quote and the padding).
    @inline(__always)
    func child(_ node: Int, _ key: UnsafePointer<UInt8>, _ count: Int) -> Int {
        guard nodes[node].lengths >> UInt64(count & 63) & 1 != 0 else { return -1 }
        var prefix = UnsafeRawPointer(key).loadUnaligned(as: UInt64.self)
        if count < 8 { prefix &= (1 << UInt64(count * 8)) - 1 }
        let edges = nodes[node].edges
        var index = Int(nodes[node].next)
        for _ in 0..<edges.count {
            if index == edges.count { index = 0 }
            let edge = edges[index]
            index &+= 1
            if edge.prefix == prefix, Int(edge.count) == count, count <= 8 || memcmp(edge.key, key, count) == 0 {
                nodes[node].next = Int32(truncatingIfNeeded: index)
                return Int(edge.node)
            }
        }
        return -1
    }

    /// The same for a key with escapes; rare, so it may cost an allocation.
    func child(_ node: Int, unescaping key: UnsafePointer<UInt8>, _ count: Int) -> Int {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: count + 8) { text in
            text.initialize(repeating: 0)
            let length = JSONEscapes.decode(key, count, into: text.baseAddress!)
            return child(node, UnsafePointer(text.baseAddress!), length)
        }
    }

    @inline(__always)
    func element(_ node: Int, _ index: Int) -> Int {
        for element in nodes[node].elements where element.index == index { return Int(element.node) }
        return -1
    }
}
