/// Bins of equal ratio over the histogram's buckets, each of whole buckets, so that nothing has to be divided and counts are exact.
///
/// A *mark* is a place on a scale of eight marks to the doubling, from 1.024 ms on: a bin reaches over `width` of them, 2^(width / 8)
/// times as far as it begins. What is shorter than the first mark has a bin of its own. Everything is computed in integers, so
/// that bins are the same on every machine.
struct DwellBins {
    /// Marks that a bin reaches over.
    let width: Int
    /// Ascending, without gaps but behind `tooShort`.
    let numbers: [Int]

    /// The bin of what is shorter than the first mark.
    static let tooShort = -1
    static let countMax = 40
    /// The widest that is needed: for everything from the first mark to the end of all time.
    static let widthMax = 11
    /// Bounds are published in milliseconds, which must tell them apart.
    private static let lengthMin: Int64 = 1000

    /// Where each eighth of a doubling begins among its 256 buckets: 256 · (2^(n / 8) − 1), cut off.
    private static let eighths: [Int64] = [0, 23, 48, 75, 106, 138, 174, 213]
    private static let marksOfDoubling = 8
    /// 2^10 µs.
    private static let firstExponent = 10

    /// The narrowest bins that hold all of these buckets, ascending, and are few enough; none where there are no buckets.
    init(_ buckets: [UInt32]) {
        let marks = buckets.map(Self.mark)
        guard let last = marks.last, last != Self.tooShort, let first = marks.first(where: { $0 != Self.tooShort }) else {
            (width, numbers) = (1, buckets.isEmpty ? [] : [Self.tooShort])
            return
        }
        let short = marks[0] == Self.tooShort ? [Self.tooShort] : []
        width =
            (1...Self.widthMax).first { width in
                let (lowest, highest) = (first / width, last / width)
                return highest - lowest + 1 + short.count <= Self.countMax
                    && Self.bound(ofMark: (lowest + 1) * width) - Self.bound(ofMark: lowest * width) >= Self.lengthMin
            } ?? Self.widthMax
        numbers = short + Array(first / width...last / width)
    }

    func bin(ofBucket bucket: UInt32) -> Int { Self.bin(ofMark: Self.mark(bucket), width: width) }

    /// In microseconds: its first, and the first behind it.
    func bounds(ofBin bin: Int) -> (from: Int64, to: Int64) {
        bin == Self.tooShort ? (0, Self.bound(ofMark: 0)) : (Self.bound(ofMark: bin * width), Self.bound(ofMark: (bin + 1) * width))
    }

    static func bin(ofMark mark: Int, width: Int) -> Int { mark == tooShort ? tooShort : mark / width }

    /// The last mark at or before a bucket.
    static func mark(_ bucket: UInt32) -> Int {
        let lower = LogLinear.lowerBound(of: bucket)
        guard lower >= 1 << firstExponent else { return tooShort }
        let exponent = 63 - lower.leadingZeroBitCount
        let sub = (lower >> (exponent - LogLinear.subBucketBits)) & 255
        return (exponent - firstExponent) * marksOfDoubling + (eighths.lastIndex { $0 <= sub } ?? 0)
    }

    /// The first microsecond of a mark; the last of all where it lies beyond.
    private static func bound(ofMark mark: Int) -> Int64 {
        let (doublings, eighth) = mark.quotientAndRemainder(dividingBy: marksOfDoubling)
        let shift = doublings + firstExponent - LogLinear.subBucketBits
        let size = 256 + eighths[eighth]
        return shift >= size.leadingZeroBitCount ? .max : size << Int64(shift)
    }
}
