import Events

/// Sorts 64-bit keys, least significant digit first; a digit begins at a bit in which keys differ. O(n) a digit.
enum RadixSort {
    private static let digitBits = 11
    private static let digits = 1 << digitBits
    /// So many are sorted by comparing.
    private static let fewMax = 256

    /// Sorts the first `count` keys.
    static func sort(_ keys: Slots<UInt64>, count: Int) {
        guard count > fewMax else {
            for (index, key) in keys.stretch(0, count: count).sorted().enumerated() { keys[index] = key }
            return
        }
        var differing: UInt64 = 0
        for index in 1..<count { differing |= keys[index] ^ keys[0] }
        let scratch = Slots<UInt64>(count: count)
        defer { scratch.release() }
        var (source, target) = (keys, scratch)
        var isInScratch = false
        let places = Slots<Int>(count: digits)
        defer { places.release() }
        while differing != 0 {
            let shift = UInt64(differing.trailingZeroBitCount)
            differing &= ~(UInt64(digits - 1) << shift)
            places.fill(0..<digits, with: 0)
            for index in 0..<count { places[Int(truncatingIfNeeded: source[index] >> shift) & (digits - 1)] += 1 }
            var before = 0
            for digit in 0..<digits { (places[digit], before) = (before, before + places[digit]) }
            for index in 0..<count {
                let digit = Int(truncatingIfNeeded: source[index] >> shift) & (digits - 1)
                target[places[digit]] = source[index]
                places[digit] += 1
            }
            swap(&source, &target)
            isInScratch.toggle()
        }
        if isInScratch { keys.copy(scratch, count: count) }
    }
}
