/// Sorts 64-bit keys, least significant digit first, leaving out digits that all keys share. O(n) a digit.
enum RadixSort {
    private static let digitBits = 11
    private static let digits = 1 << digitBits

    static func sort(_ keys: UnsafeMutableBufferPointer<UInt64>) {
        guard keys.count > 256, let start = keys.baseAddress else {
            var few = keys
            few.sort()
            return
        }
        let count = keys.count
        let differing = keys.reduce(0) { $0 | ($1 ^ start[0]) }
        let scratch = UnsafeMutablePointer<UInt64>.allocate(capacity: count)
        defer { scratch.deallocate() }
        var (source, target) = (start, scratch)
        var places = [Int](repeating: 0, count: digits)
        for shift in stride(from: UInt64(0), to: 64, by: digitBits) where differing >> shift & UInt64(digits - 1) != 0 {
            places.withUnsafeMutableBufferPointer { places in
                places.update(repeating: 0)
                for index in 0..<count { places[Int(truncatingIfNeeded: source[index] >> shift) & (digits - 1)] += 1 }
                var before = 0
                for digit in 0..<digits { (places[digit], before) = (before, before + places[digit]) }
                for index in 0..<count {
                    let digit = Int(truncatingIfNeeded: source[index] >> shift) & (digits - 1)
                    target[places[digit]] = source[index]
                    places[digit] += 1
                }
            }
            swap(&source, &target)
        }
        if source != start { start.update(from: source, count: count) }
    }
}
