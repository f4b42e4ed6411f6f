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
