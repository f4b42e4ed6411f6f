/// One event of the simulated shop, small and plain: what a line says, not yet how its source says it.
struct RetailEvent {
    /// Microseconds since 1970, already cut to what the line's own clock can say.
    var time: Int64
    /// Unique in the log; the line's event_id is made of it.
    var number: UInt64
    var person: UInt32
    /// 0: none.
    var order: UInt32 = 0
    /// The amount the event is about, in hundredths; 0: none.
    var cents: UInt32 = 0
    /// 0: none.
    var item: UInt8 = 0
    /// One more than an answer to a survey; 0: none.
    var answer: UInt8 = 0
    var channel: Channel
    var touchpoint: Touchpoint
    var action: Action
    var outcome: Outcome = .none
    var initiator: Initiator = .customer
    var topic: Topic = .none
    /// The agent who served, counted from 1; 0: none, or not said.
    var agent: UInt8 = 0
    /// The team that served or sent.
    var team: Team = .none
    var target: Target = .none
    var device: Device = .none
    var plant: Plant = .none
    /// What the line says about who it is.
    var shows: Shows = []
    /// Delivered a second time, with the same event_id.
    var isCopy = false
    var fault: Fault = .none

    struct Shows: OptionSet {
        let rawValue: UInt8
        static let customer = Shows(rawValue: 1)
        static let email = Shows(rawValue: 2)
        /// A value such as `unknown` stands where a customer number belongs; never together with `customer`.
        static let blockedCustomer = Shows(rawValue: 4)
    }
}

enum Channel: UInt8, CaseIterable {
    case web, app, chat, phone, email, store

    var source: Source {
        switch self {
        case .web: .web
        case .app: .app
        case .chat, .phone: .contact
        case .email: .email
        case .store: .store
        }
    }

    var name: StaticString {
        switch self {
        case .web: "web"
        case .app: "app"
        case .chat: "chat"
        case .phone: "phone"
        case .email: "email"
        case .store: "store"
        }
    }
}

enum Source: Int, CaseIterable {
    case web, app, contact, email, store

    /// What the source's clock can say, in microseconds.
    var resolution: Int64 { self == .web || self == .app ? 1000 : 1_000_000 }
}

enum Initiator: UInt8 {
    case customer, agent, system

    var name: StaticString {
        switch self {
        case .customer: "customer"
        case .agent: "agent"
        case .system: "system"
        }
    }
}

/// A device as the log sees it. The number is a person's, a household's or a till's.
struct Device: Equatable {
    enum Kind: UInt8 { case none, cookie, workCookie, householdCookie, install, faultyInstall, till }

    var kind: Kind
    var number: UInt32

    static let none = Device(kind: .none, number: 0)
    /// Its id is the same for many people, so it says nothing about who they are.
    var isPlaceholder: Bool { kind == .till || kind == .faultyInstall }
}

/// What is wrong with a line on purpose. Each makes a line of its own, beside the events of the people.
enum Fault: UInt8, CaseIterable {
    case none, missingChannel, invalidJSON, missingIdentity, badTime, invalidUTF8, missingTouchpoint, notAnObject, missingTime

    /// The name under which it is quarantined.
    var reason: String {
        switch self {
        case .none: ""
        case .missingChannel: "missing_channel"
        case .invalidJSON: "invalid_json"
        case .missingIdentity: "missing_identity"
        case .badTime: "bad_time"
        case .invalidUTF8: "invalid_utf8"
        case .missingTouchpoint: "missing_touchpoint"
        case .notAnObject: "not_an_object"
        case .missingTime: "missing_time"
        }
    }
}
