/// SplitMix64 and the draws made from it. All integer, so that every machine draws the same.
struct Randoms {
    private var state: UInt64

    /// `stream` keeps draws apart that share a seed: two journeys, or a person and a journey.
    init(seed: UInt64, stream: UInt64) { state = Self.mix(seed ^ Self.mix(stream &+ 0x9E37_79B9_7F4A_7C15)) }

    /// A bijection of 64-bit numbers: different inputs never share an output.
    static func mix(_ value: UInt64) -> UInt64 {
        var mixed = value
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        return Self.mix(state)
    }

    /// Less than `bound`, which must be above 0. The bias is below `bound` / 2⁶⁴.
    mutating func below(_ bound: UInt64) -> UInt64 { next().multipliedFullWidth(by: bound).high }

    mutating func index(_ count: Int) -> Int { Int(below(UInt64(count))) }

    mutating func among(_ range: ClosedRange<Int64>) -> Int64 {
        range.lowerBound + Int64(below(UInt64(range.upperBound - range.lowerBound) + 1))
    }

    mutating func chance(perMille: UInt64) -> Bool { below(1000) < perMille }
    mutating func percent(_ share: UInt64) -> Bool { below(100) < share }

    /// A heavy-tailed span around `median`, as human pauses are: log-normal with σ = 0.8, drawn by interpolating
    /// between quantiles, so from 0.18 to 5.7 times the median.
    mutating func span(median: Int64) -> Int64 {
        let draw = next()
        let place = Int((draw >> 32) & 31)
        let share = Int64(draw & 0xFFFF)
        let low = Self.quantiles[place]
        let high = Self.quantiles[place + 1]
        // Split so that a median of weeks in microseconds stays far from overflow.
        return (median >> 8) * (low * (0x10000 - share) + high * share) >> 16
    }

    /// exp(0.8 z) at the middles of 33 equal shares, in 1/256.
    private static let quantiles: [Int64] = [
        45, 66, 81, 94, 106, 118, 129, 141, 152, 164, 175, 187, 200, 213, 227, 241, 256,
        272, 289, 308, 328, 350, 374, 401, 431, 466, 506, 555, 616, 695, 806, 990, 1448,
    ]
}
