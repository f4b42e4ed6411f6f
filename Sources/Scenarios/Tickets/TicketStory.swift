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

/// One line of the service desk's log.
struct TicketEvent {
    /// Microseconds since 1970 as the clock on the wall shows them: the log has no zone.
    var time: Int64
    /// The case.
    var ticket: UInt32
    var activity: Activity
    var team: UInt8
    var fault: Fault = .none
}

enum Activity: UInt8, CaseIterable {
    case register, triage, assign, work, askCustomer, customerReplies, escalate, secondLevel, resolve, reopen, close, reject

    var name: StaticString {
        switch self {
        case .register: "Register"
        case .triage: "Triage"
        case .assign: "Assign"
        case .work: "Work on it"
        case .askCustomer: "Ask customer"
        case .customerReplies: "Customer replies"
        case .escalate: "Escalate"
        case .secondLevel: "Second level"
        case .resolve: "Resolve"
        case .reopen: "Reopen"
        case .close: "Close"
        case .reject: "Reject"
        }
    }
}
