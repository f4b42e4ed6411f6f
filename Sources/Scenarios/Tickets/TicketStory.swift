/// One ticket's way through the desk. Time passes only in office hours, Monday to Friday from 8 to 18.
struct TicketStory {
    let ticket: UInt32
    var random: Randoms
    /// Microseconds since 1970 on the wall's clock.
    private var clock: Int64
    private(set) var events: [TicketEvent] = []

    init(_ ticket: UInt32, at clock: Int64, random: Randoms) {
        self.ticket = ticket
        self.clock = clock
        self.random = random
    }

    mutating func record(_ activity: Activity) {
        events.append(TicketEvent(time: clock, ticket: ticket, activity: activity, team: UInt8(random.below(6))))
    }

    /// A pause around `median` minutes; if it ends outside office hours, until the next office day has begun.
    mutating func work(_ median: Int64) {
        clock += 1_000_000 + random.span(median: median * 60_000_000)
        var day = clock / 86_400_000_000
        let hour = clock % 86_400_000_000 / 3_600_000_000
        if hour >= 8, hour < 18, Self.isOfficeDay(day) { return }
        if hour >= 18 || !Self.isOfficeDay(day) { day += 1 }
        while !Self.isOfficeDay(day) { day += 1 }
        clock = day * 86_400_000_000 + 8 * 3_600_000_000 + random.among(0...5_400_000_000)
    }

    /// 1 January 1970 was a Thursday.
    private static func isOfficeDay(_ day: Int64) -> Bool { (1...5).contains((day + 4) % 7) }
}
