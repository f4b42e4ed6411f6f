import Events

/// Reads one line as strict RFC 8259 JSON, to its end and in every field, and notes where the mapped values stand.
/// Nothing is copied and no tree is built. Places are passed on and returned, nil for unsound text, so that they
/// stay in registers.
///
/// Unsafe code. Why it stays inside the block: every line is followed by a line end, and no token goes across
/// one (strings stop at control characters, numbers and words at any other byte, white space here is blank, tab
/// and CR); 16-byte reads may look 15 bytes further, for which the block has padding.
final class JSONScanner {
    /// Objects and arrays inside one another; more make a line `invalid_json`.
    static let maxDepth = 1024

    typealias Place = TextPlace

    struct Value {
        var kind: Kind
        /// Without quotes; for numbers and words the token itself.
        var text: Text
    }

    enum Kind: UInt8 { case absent, null, string, escapedString, number, boolean, composite }

    enum Outcome { case object, notAnObject, invalidJSON, invalidUTF8 }

    private let trie: CompiledTrie
    let values: Slots<Value>
    /// Not 0 once a string of the line held a byte beyond ASCII.
    var nonASCII: UInt32 = 0
    private var depth = 0
    private var line: UInt32 = 0
    /// For containers that nobody maps: whether the one at each depth is an object.
    private let isObject: Slots<Bool>

    init(trie: FieldTrie, slotCount: Int) {
        self.trie = CompiledTrie(trie)
        values = Slots(repeating: Value(kind: .absent, text: Text(.nowhere, 0)), count: slotCount)
        isObject = Slots(repeating: false, count: Self.maxDepth + 1)
    }

    /// Whether any line so far had a key, or a place in an array, for the value of the slot.
    func wasMet(_ slot: Int) -> Bool { trie.wasEverSeen(slot: slot) }

    deinit {
        values.release()
        isObject.release()
    }

    /// Where the line end of the line scanned last lies.
    private(set) var lineEnd = Place.nowhere

    /// Scans the line that begins at `start`. Its end is found on the way; `end` is the last line end there is.
    func scan(_ start: Place, end: Place) -> Outcome {
        clear()
        nonASCII = 0
        depth = 0
        line &+= 1
        let first = afterBlanks(start)
        let isObject = first.byte == UInt8(ascii: "{")
        let last = isObject ? object(first, node: 0) : value(first, node: -1)
        var sound = false
        if let last {
            lineEnd = afterBlanks(last)
            sound = lineEnd.byte == 10
        }
        if !sound { lineEnd = start.lineEnd(before: end) ?? end }
        if !sound || nonASCII != 0, !UTF8Check.isValid(Text(start, lineEnd - start)) { return .invalidUTF8 }
        return sound ? (isObject ? .object : .notAnObject) : .invalidJSON
    }

    /// All values absent.
    func clear() { for slot in 0..<values.count { values[slot].kind = .absent } }

    /// Calls `body` for each element of an array that is an object, with its values found, until it returns false. The
    /// array was found sound by a scan, and lies where that scan read. Anything else has no elements.
    func forEachElement(of array: Value, _ body: () -> Bool) {
        guard array.kind == .composite, array.text[0] == UInt8(ascii: "[") else { return clear() }
        var place = afterBlanks(array.text.start + 1)
        while place.byte != UInt8(ascii: "]") {
            clear()
            depth = 0
            line &+= 1
            let isObject = place.byte == UInt8(ascii: "{")
            guard let end = isObject ? object(place, node: 0) : value(place, node: -1) else { preconditionFailure("unsound JSON") }
            if isObject, !body() { return }
            place = afterBlanks(end)
            if place.byte == UInt8(ascii: ",") { place = afterBlanks(place + 1) }
        }
    }

    // MARK: values

    /// One value of any kind. `node` is its place in the trie, -1 where nothing below is mapped.
    @inline(__always)
    private func value(_ start: Place, node: Int) -> Place? {
        if start.byte == UInt8(ascii: "\"") {
            var kind = Kind.string
            guard let end = string(start, &kind) else { return nil }
            if node >= 0 { record(node, kind, start + 1, end - start - 2) }
            return end
        }
        return otherValue(start, node: node)
    }

    private func otherValue(_ start: Place, node: Int) -> Place? {
        var kind = Kind.composite
        let end: Place?
        switch start.byte {
        case UInt8(ascii: "{"): end = node >= 0 && trie.hasEdges(node) ? object(start, node: node) : container(start)
        case UInt8(ascii: "["): end = node >= 0 && trie.hasElements(node) ? array(start, node: node) : container(start)
        case UInt8(ascii: "t"):
            end = word(start, 0x6575_7274)
            kind = .boolean
        case UInt8(ascii: "f"):
            end = word(start + 1, 0x6573_6C61)
            kind = .boolean
        case UInt8(ascii: "n"):
            end = word(start, 0x6C6C_756E)
            kind = .null
        default:
            end = number(start)
            kind = .number
        }
        if node >= 0, let end { record(node, kind, start, end - start) }
        return end
    }

    @inline(__always)
    private func record(_ node: Int, _ kind: Kind, _ start: Place, _ count: Int) {
        trie.forEachSlot(node) { values[$0] = Value(kind: kind, text: Text(start, count)) }
    }

    /// With `{` at the place: members, with those of the trie's node followed.
    private func object(_ start: Place, node: Int) -> Place? {
        depth &+= 1
        guard depth <= Self.maxDepth else { return nil }
        var place = afterBlanks(start + 1)
        if place.byte == UInt8(ascii: "}") { return close(place) }
        while true {
            guard place.byte == UInt8(ascii: "\"") else { return nil }
            let key = place + 1
            let child: Int
            if let expected = trie.expectedChild(node, key) {
                child = expected.node
                place = key + expected.count + 1
            } else {
                var kind = Kind.string
                guard let keyEnd = string(place, &kind) else { return nil }
                let count = keyEnd - key - 1
                child = kind == .string ? trie.child(node, Text(key, count)) : trie.child(node, unescaping: Text(key, count))
                place = keyEnd
            }
            if child >= 0 { forgetEarlier(child) }
            place = afterBlanks(place)
            guard place.byte == UInt8(ascii: ":") else { return nil }
            guard let end = value(afterBlanks(place + 1), node: child) else { return nil }
            place = afterBlanks(end)
            guard place.byte == UInt8(ascii: ",") else { return place.byte == UInt8(ascii: "}") ? close(place) : nil }
            place = afterBlanks(place + 1)
        }
    }

    /// With `[` at the place: elements, with those of the trie's node followed.
    private func array(_ start: Place, node: Int) -> Place? {
        depth &+= 1
        guard depth <= Self.maxDepth else { return nil }
        var place = afterBlanks(start + 1)
        if place.byte == UInt8(ascii: "]") { return close(place) }
        var index = 0
        while true {
            let element = trie.element(node, index)
            if element >= 0 { _ = trie.wasSeen(element, in: line) }
            guard let end = value(place, node: element) else { return nil }
            index += 1
            place = afterBlanks(end)
            guard place.byte == UInt8(ascii: ",") else { return place.byte == UInt8(ascii: "]") ? close(place) : nil }
            place = afterBlanks(place + 1)
        }
    }

    @inline(__always)
    private func close(_ place: Place) -> Place {
        depth &-= 1
        return place + 1
    }

    /// Of two members with one name the last counts: what an earlier one left is cleared.
    @inline(__always)
    private func forgetEarlier(_ node: Int) {
        guard trie.wasSeen(node, in: line) else { return }
        trie.forEachSlotBelow(node) { values[$0].kind = .absent }
    }

    /// A whole object or array that nobody maps. Iterative: its depth is in the data's hands.
    private func container(_ start: Place) -> Place? {
        let base = depth
        var place = start
        while true {
            // Here a value begins.
            let byte = place.byte
            if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") {
                depth &+= 1
                guard depth <= Self.maxDepth else { return nil }
                let opensObject = byte == UInt8(ascii: "{")
                isObject[depth] = opensObject
                place = afterBlanks(place + 1)
                if place.byte == (opensObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) {
                    place = close(place)
                } else {
                    if opensObject {
                        guard let next = key(place) else { return nil }
                        place = next
                    }
                    continue
                }
            } else {
                guard let end = value(place, node: -1) else { return nil }
                place = end
            }
            // Here a value has ended.
            while depth > base {
                place = afterBlanks(place)
                if place.byte == UInt8(ascii: ",") {
                    place = afterBlanks(place + 1)
                    if isObject[depth] {
                        guard let next = key(place) else { return nil }
                        place = next
                    }
                    break
                }
                guard place.byte == (isObject[depth] ? UInt8(ascii: "}") : UInt8(ascii: "]")) else { return nil }
                place = close(place)
            }
            if depth == base { return place }
        }
    }

    /// A member's name and colon, in a container that nobody maps.
    @inline(__always)
    private func key(_ place: Place) -> Place? {
        var kind = Kind.string
        guard place.byte == UInt8(ascii: "\""), let end = string(place, &kind) else { return nil }
        let colon = afterBlanks(end)
        return colon.byte == UInt8(ascii: ":") ? afterBlanks(colon + 1) : nil
    }
}
