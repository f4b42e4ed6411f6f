/// The hours in which e-mail floods, and what that does to chat. Mails come from 8 to 18 o'clock UTC: in a flood hour three, in any
/// other one. Floods are more than a quarter of these hours, so that the third quartile of mails an hour is that of a flood.
struct MailFloods {
    static let hoursOfDay: Range<UInt64> = 8..<18
    private static let mornings: Range<UInt64> = 8..<12
    /// Mornings are worse in both ways, so that flood and calm hours may only be compared at the same time of day.
    private static let floodsInMornings: UInt64 = 600
    private static let floodsInAfternoons: UInt64 = 200
    static let inTimeInMornings: UInt64 = 650
    static let inTimeOtherwise: UInt64 = 950

    let seed: UInt64

    /// - Parameter hour: since the log opened, at midnight.
    func mails(inHour hour: UInt64) -> Int {
        Self.hoursOfDay.contains(hour % 24) ? (isFlood(hour) ? 3 : 1) : 0
    }

    /// Drawn for each hour by itself, by nothing but the time of day.
    func isFlood(_ hour: UInt64) -> Bool {
        guard Self.hoursOfDay.contains(hour % 24) else { return false }
        var random = Randoms(seed: seed, stream: Self.stream | hour)
        return random.chance(perMille: Self.mornings.contains(hour % 24) ? Self.floodsInMornings : Self.floodsInAfternoons)
    }

    /// That chat answers in time a question asked in this hour: in per mille.
    func chanceOfAnswer(inHour hour: UInt64, _ plan: EffectsPlan) -> UInt64 {
        let usual = Self.mornings.contains(hour % 24) ? Self.inTimeInMornings : Self.inTimeOtherwise
        return isFlood(hour) ? usual - plan.floodLoss : usual
    }

    /// Far from the numbers of people.
    private static let stream: UInt64 = 1 << 63
}
