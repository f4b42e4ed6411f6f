/// Sorts 64-bit keys, least significant digit first, leaving out digits that all keys share.
enum RadixSort {
    private static let digitBits = 11
    private static let digits = 1 << digitBits

    static func sort(_ keys: inout [UInt64]) {
        guard keys.count > 256 else {
            keys.sort()
            return
        }
        let differing = keys.reduce(0) { $0 | ($1 ^ keys[0]) }
        var other = [UInt64](repeating: 0, count: keys.count)
        for shift in stride(from: 0, to: 64, by: digitBits) where differing >> UInt64(shift) & UInt64(digits - 1) != 0 {
            var starts = [Int](repeating: 0, count: digits + 1)
            for key in keys { starts[Int(key >> UInt64(shift)) & (digits - 1) + 1] += 1 }
            for digit in 0..<digits { starts[digit + 1] += starts[digit] }
            for key in keys {
                let digit = Int(key >> UInt64(shift)) & (digits - 1)
                other[starts[digit]] = key
                starts[digit] += 1
            }
            swap(&keys, &other)
        }
    }
}
