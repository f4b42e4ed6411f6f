import CScan
import Glibc

/// Reads one line as strict RFC 8259 JSON, to its end and in every field, and notes where the mapped values stand.
/// Nothing is copied and no tree is built.
///
/// Unsafe code. Why it stays inside the block: every line is followed by a line end, and no token goes across
/// one (strings stop at control characters, numbers and words at any other byte, white space here is blank, tab
/// and CR); 16-byte reads may look 15 bytes further, for which the block has padding.
struct JSONScanner {
    /// Objects and arrays inside one another; more make a line `invalid_json`.
    static let maxDepth = 1024

    struct Value {
        var kind: Kind
        /// The text without quotes; for numbers and words the token itself.
        var start: UnsafePointer<UInt8>
        var count: Int
    }

    enum Kind: UInt8 { case absent, null, string, escapedString, number, boolean, composite }

    private let trie: CompiledTrie
    let values: UnsafeMutablePointer<Value>
    private let slotCount: Int
    private var cursor: UnsafePointer<UInt8>
    private var nonASCII: UInt32 = 0
    private var depth = 0
    private var line: UInt32 = 0

    init(trie: FieldTrie, slotCount: Int) {
        self.trie = CompiledTrie(trie)
        self.slotCount = slotCount
        cursor = UnsafePointer(Self.nothing)
        values = .allocate(capacity: max(1, slotCount))
        values.initialize(repeating: Value(kind: .absent, start: cursor, count: 0), count: max(1, slotCount))
    }

    enum Outcome { case object, notAnObject, invalidJSON, invalidUTF8 }

    /// Scans the line from `start` up to the line end at `end`.
    mutating func scan(_ start: UnsafePointer<UInt8>, end: UnsafePointer<UInt8>) -> Outcome {
        for slot in 0..<slotCount { values[slot].kind = .absent }
        cursor = start
        nonASCII = 0
        depth = 0
        line &+= 1
        skipBlanks()
        let isObject = cursor.pointee == UInt8(ascii: "{")
        var sound = isObject ? object(node: 0) : value(node: -1)
        if sound {
            skipBlanks()
            sound = cursor == end
        }
        if !sound || nonASCII != 0 {
            let bytes = UnsafeBufferPointer(start: start, count: end - start)
            if !UTF8Check.isValid(bytes) { return .invalidUTF8 }
        }
        return sound ? (isObject ? .object : .notAnObject) : .invalidJSON
    }

    @inline(__always)
    private mutating func skipBlanks() {
        var byte = cursor.pointee
        while byte == 32 || byte == 9 || byte == 13 {
            cursor += 1
            byte = cursor.pointee
        }
    }

    // MARK: values

    /// One value of any kind. `node` is its place in the trie, -1 where nothing below is mapped.
    private mutating func value(node: Int) -> Bool {
        let start = cursor
        var kind = Kind.composite
        switch cursor.pointee {
        case UInt8(ascii: "\""):
            guard let found = string() else { return false }
            if node >= 0 { record(node, found, start + 1, cursor - start - 2) }
            return true
        case UInt8(ascii: "{"):
            guard node >= 0 && trie.hasEdges(node) ? object(node: node) : container() else { return false }
        case UInt8(ascii: "["):
            guard node >= 0 && trie.hasElements(node) ? array(node: node) : container() else { return false }
        case UInt8(ascii: "t"):
            guard word(0x6575_7274, 4) else { return false }
            kind = .boolean
        case UInt8(ascii: "f"):
            cursor += 1
            guard word(0x6573_6C61, 4) else { return false }
            kind = .boolean
        case UInt8(ascii: "n"):
            guard word(0x6C6C_756E, 4) else { return false }
            kind = .null
        default:
            guard number() else { return false }
            kind = .number
        }
        if node >= 0 { record(node, kind, start, cursor - start) }
        return true
    }

    @inline(__always)
    private mutating func record(_ node: Int, _ kind: Kind, _ start: UnsafePointer<UInt8>, _ count: Int) {
        let slots = trie.slots(node)
        for slot in slots { values[Int(slot)] = Value(kind: kind, start: start, count: count) }
    }

    /// After `{` at the cursor: members, with those of the trie's node followed.
    private mutating func object(node: Int) -> Bool {
        depth += 1
        guard depth <= Self.maxDepth else { return false }
        cursor += 1
        skipBlanks()
        if cursor.pointee == UInt8(ascii: "}") { return close() }
        while true {
            guard cursor.pointee == UInt8(ascii: "\"") else { return false }
            let key = cursor + 1
            guard let kind = string() else { return false }
            let count = cursor - key - 1
            let child = kind == .string ? trie.child(node, key, count) : trie.child(node, unescaping: key, count)
            if child >= 0 { forgetEarlier(child) }
            skipBlanks()
            guard cursor.pointee == UInt8(ascii: ":") else { return false }
            cursor += 1
            skipBlanks()
            guard value(node: child) else { return false }
            skipBlanks()
            let next = cursor.pointee
            cursor += 1
            if next == UInt8(ascii: ",") {
                skipBlanks()
            } else {
                cursor -= 1
                return next == UInt8(ascii: "}") && close()
            }
        }
    }

    /// After `[` at the cursor: elements, with those of the trie's node followed.
    private mutating func array(node: Int) -> Bool {
        depth += 1
        guard depth <= Self.maxDepth else { return false }
        cursor += 1
        skipBlanks()
        if cursor.pointee == UInt8(ascii: "]") { return close() }
        var index = 0
        while true {
            guard value(node: trie.element(node, index)) else { return false }
            index += 1
            skipBlanks()
            if cursor.pointee == UInt8(ascii: ",") {
                cursor += 1
                skipBlanks()
            } else {
                return cursor.pointee == UInt8(ascii: "]") && close()
            }
        }
    }

    @inline(__always)
    private mutating func close() -> Bool {
        cursor += 1
        depth -= 1
        return true
    }

    /// Of two members with one name the last counts: what an earlier one left is cleared.
    @inline(__always)
    private mutating func forgetEarlier(_ node: Int) {
        if trie.lastSeen[node] == line {
            for slot in trie.slotsBelow(node) { values[Int(slot)].kind = .absent }
        }
        trie.lastSeen[node] = line
    }

    /// A whole object or array that nobody maps. Iterative: its depth is in the data's hands.
    private mutating func container() -> Bool {
        let base = depth
        return withUnsafeTemporaryAllocation(of: Bool.self, capacity: Self.maxDepth + 1) { isObject in
            while true {
                // Here a value begins.
                let byte = cursor.pointee
                if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") {
                    depth += 1
                    guard depth <= Self.maxDepth else { return false }
                    isObject[depth] = byte == UInt8(ascii: "{")
                    cursor += 1
                    skipBlanks()
                    if cursor.pointee == (isObject[depth] ? UInt8(ascii: "}") : UInt8(ascii: "]")) {
                        cursor += 1
                        depth -= 1
                    } else {
                        if isObject[depth] { guard key() else { return false } }
                        continue
                    }
                } else {
                    guard value(node: -1) else { return false }
                }
                // Here a value has ended.
                while depth > base {
                    skipBlanks()
                    let next = cursor.pointee
                    cursor += 1
                    if next == UInt8(ascii: ",") {
                        skipBlanks()
                        if isObject[depth] { guard key() else { return false } }
                        break
                    }
                    guard next == (isObject[depth] ? UInt8(ascii: "}") : UInt8(ascii: "]")) else { return false }
                    depth -= 1
                }
                if depth == base { return true }
            }
        }
    }

    /// A member's name and colon, in a container that nobody maps.
    @inline(__always)
    private mutating func key() -> Bool {
        guard cursor.pointee == UInt8(ascii: "\""), string() != nil else { return false }
        skipBlanks()
        guard cursor.pointee == UInt8(ascii: ":") else { return false }
        cursor += 1
        skipBlanks()
        return true
    }

    // MARK: tokens

    /// With the cursor on the opening quote: leaves it behind the closing one.
    @inline(__always)
    private mutating func string() -> Kind? {
        cursor += 1
        cursor += sojourn_scan_string(cursor, &nonASCII)
        if cursor.pointee == UInt8(ascii: "\"") {
            cursor += 1
            return .string
        }
        return stringWithEscapes()
    }

    private mutating func stringWithEscapes() -> Kind? {
        while cursor.pointee == UInt8(ascii: "\\") {
            switch cursor[1] {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"), UInt8(ascii: "n"),
                UInt8(ascii: "r"), UInt8(ascii: "t"):
                cursor += 2
            case UInt8(ascii: "u"):
                for place in 2..<6 where !JSONEscapes.isHex(cursor[place]) { return nil }
                cursor += 6
            default:
                return nil
            }
            cursor += sojourn_scan_string(cursor, &nonASCII)
        }
        guard cursor.pointee == UInt8(ascii: "\"") else { return nil }
        cursor += 1
        return .escapedString
    }

    @inline(__always)
    private mutating func word(_ expected: UInt32, _ count: Int) -> Bool {
        guard UnsafeRawPointer(cursor).loadUnaligned(as: UInt32.self) == expected else { return false }
        cursor += count
        return true
    }

    @inline(__always)
    private mutating func digits() -> Bool {
        let start = cursor
        while cursor.pointee &- 48 < 10 { cursor += 1 }
        return cursor != start
    }

    private mutating func number() -> Bool {
        if cursor.pointee == UInt8(ascii: "-") { cursor += 1 }
        if cursor.pointee == UInt8(ascii: "0") { cursor += 1 } else if !digits() { return false }
        if cursor.pointee == UInt8(ascii: ".") {
            cursor += 1
            guard digits() else { return false }
        }
        if cursor.pointee | 0x20 == UInt8(ascii: "e") {
            cursor += 1
            if cursor.pointee == UInt8(ascii: "+") || cursor.pointee == UInt8(ascii: "-") { cursor += 1 }
            guard digits() else { return false }
        }
        return true
    }

    private nonisolated(unsafe) static let nothing = UnsafeMutablePointer<UInt8>.allocate(capacity: 64)
}
