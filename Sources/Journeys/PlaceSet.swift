/// A set of places in a funnel: a bit for each, in words.
struct PlaceSet {
    private(set) var words: [UInt64]

    /// - Parameter length: places lie below.
    init(length: Int) { words = Array(repeating: 0, count: max(1, (length + 63) / 64)) }

    mutating func clear() { for word in words.indices { words[word] = 0 } }

    mutating func insert(_ place: Int) { words[place / 64] |= 1 << UInt64(place % 64) }

    func contains(_ place: Int) -> Bool { words[place / 64] >> UInt64(place % 64) & 1 == 1 }

    /// The last ones first.
    @inline(__always)
    func forEachDescending(_ body: (Int) -> Void) {
        for word in words.indices.reversed() {
            var rest = words[word]
            while rest != 0 {
                let bit = 63 - rest.leadingZeroBitCount
                rest &= ~(1 << UInt64(bit))
                body(word * 64 + bit)
            }
        }
    }
}
