/// When people begin something: the log opens on Sunday 1 March 2026, and its traffic follows the hours of the
/// day and the days of the week.
struct Arrivals {
    /// 2026-03-01T00:00:00Z in microseconds since 1970.
    static let start: Int64 = 1_772_323_200_000_000
    static let plannedDays: UInt64 = 60
    static let hourMicroseconds: Int64 = 3_600_000_000

    private let hourWeights: [UInt64]
    /// Sunday first.
    private let dayWeights: [UInt64]
    private let weekWeight: UInt64
    private let total: UInt64
    private let planned: UInt64

    /// `planned` arrivals over the planned days; they go on at the same rate for as long as somebody asks.
    init(planned: UInt64, hourWeights: [UInt64], dayWeights: [UInt64]) {
        self.hourWeights = hourWeights
        self.dayWeights = dayWeights
        self.planned = max(planned, 1)
        weekWeight = dayWeights.reduce(0, +) * hourWeights.reduce(0, +)
        total = Self.weight(before: Self.plannedDays * 24, hourWeights, dayWeights, weekWeight)
    }

    /// Numbers of the arrivals in the hour that begins `hour` hours after the start.
    func numbers(inHour hour: UInt64) -> Range<UInt64> { arrivals(before: hour)..<arrivals(before: hour + 1) }

    private func arrivals(before hour: UInt64) -> UInt64 {
        let product = planned.multipliedFullWidth(by: Self.weight(before: hour, hourWeights, dayWeights, weekWeight))
        return total.dividingFullWidth(product).quotient
    }

    private static func weight(before hour: UInt64, _ hours: [UInt64], _ days: [UInt64], _ week: UInt64) -> UInt64 {
        let day = hour / 24
        let wholeDays = day / 7 * week + days[..<Int(day % 7)].reduce(0, +) * hours.reduce(0, +)
        return wholeDays + days[Int(day % 7)] * hours[..<Int(hour % 24)].reduce(0, +)
    }
}
