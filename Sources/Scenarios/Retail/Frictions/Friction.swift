/// The standard frictions, by the names that the shipped library gives them.
enum Friction: UInt8, CaseIterable {
    case repeatContact, channelRestart, reworkLoop, rageClick, deadEnd, errorBurst, errorExit, pingPong, escalationUnresolved
    case reExplain, forcedLogin, quickBack, termsDrift, unanswered, outreachCollision, botLoop, paymentRetry, lateDeliveryContact

    var name: StaticString {
        switch self {
        case .repeatContact: "repeat_contact"
        case .channelRestart: "channel_restart"
        case .reworkLoop: "rework_loop"
        case .rageClick: "rage_click"
        case .deadEnd: "dead_end"
        case .errorBurst: "error_burst"
        case .errorExit: "error_exit"
        case .pingPong: "ping_pong"
        case .escalationUnresolved: "escalation_unresolved"
        case .reExplain: "re_explain"
        case .forcedLogin: "forced_login"
        case .quickBack: "quick_back"
        case .termsDrift: "terms_drift"
        case .unanswered: "unanswered"
        case .outreachCollision: "outreach_collision"
        case .botLoop: "bot_loop"
        case .paymentRetry: "payment_retry"
        case .lateDeliveryContact: "late_delivery_contact"
        }
    }

    /// How long after the last event nobody can say yet whether it is one: something may still be absent, or the
    /// session may go on.
    var openMicroseconds: Int64 {
        switch self {
        case .escalationUnresolved: 3 * 86_400_000_000
        case .unanswered: 86_400_000_000
        case .deadEnd, .errorExit: 1_800_000_001
        default: 0
        }
    }
}

/// Events of one person that were put into the log as a friction, or as something that only looks like one.
struct FrictionNote {
    let friction: Friction
    /// nil: planted. Otherwise what keeps it from being the friction.
    let nearMiss: StaticString?
    let person: UInt32
    /// What the last event shows of the person.
    let sign: Moment.Sign
    /// Microseconds since 1970, as the lines say them.
    let first: Int64
    let last: Int64
}

/// One event as a note needs it.
struct Moment {
    /// How an event tells whose it is.
    enum Sign: Equatable {
        case customerNumber, emailHash
        case device(Device)
    }

    /// Microseconds since 1970, cut to what the line's own clock can say.
    let time: Int64
    let sign: Sign
    /// When the line of this event, and those of all that were recorded before it, have been delivered.
    let delivered: Int64

    init(_ event: RetailEvent, delivered: Int64) {
        time = event.time
        self.delivered = delivered
        // A device that many people share says nothing.
        let isPrivate = event.device.kind != .none && !event.device.isPlaceholder
        sign = event.shows.contains(.customer) ? .customerNumber : isPrivate ? .device(event.device) : .emailHash
    }
}
