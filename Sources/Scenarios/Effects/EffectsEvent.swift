/// One line of the log whose effects are known.
struct EffectsEvent {
    /// Whose event it is: a kind of person, and the number among these.
    enum Kind: UInt8, CaseIterable { case shopper, caller, request, writer }

    /// Microseconds since 1970, cut to milliseconds where it is written.
    var time: Int64
    var kind: Kind
    var number: UInt64
    var touchpoint: Touchpoint
    var isByAgent = false
    /// Of a contact.
    var topic: ContactTopic?
    /// Of a shopper.
    var device: ShopJourney.Device?
    /// Of a survey's answer, points; of an order, whole euros.
    var value: UInt64?

    enum Touchpoint: UInt8 {
        case product, search, cart, address, savedAddress, addressError, payment, paymentError, order
        case survey
        case chat, phone
        case register, sorted, billing, technical, solved
        case mail

        var channel: StaticString {
            switch self {
            case .product, .search, .cart, .address, .savedAddress, .addressError, .payment, .paymentError, .order: "web"
            case .survey: "survey"
            case .chat: "chat"
            case .phone: "phone"
            case .register, .sorted, .billing, .technical, .solved: "desk"
            case .mail: "email"
            }
        }

        /// Name, action and outcome.
        var words: (StaticString, StaticString, StaticString?) {
            switch self {
            case .product: ("shop/product", "view", nil)
            case .search: ("shop/search", "search", "no-results")
            case .cart: ("shop/cart", "view", nil)
            case .address: ("checkout/address", "view", nil)
            case .savedAddress: ("checkout/address", "autofill", "ok")
            case .addressError: ("checkout/address", "submit", "error")
            case .payment: ("checkout/payment", "view", nil)
            case .paymentError: ("checkout/payment", "submit", "error")
            case .order: ("order/confirmed", "buy", "ok")
            case .survey: ("survey/effort", "answer", nil)
            case .chat: ("chat/room", "message", nil)
            case .phone: ("phone/line", "talk", nil)
            case .register: ("desk/register", "open", nil)
            case .sorted: ("desk/sort", "sort", nil)
            case .billing: ("desk/billing", "work", nil)
            case .technical: ("desk/technical", "work", nil)
            case .solved: ("desk/solved", "close", "ok")
            case .mail: ("mail/inbox", "write", nil)
            }
        }
    }
}

/// Writes an event as a flat line.
struct EffectsLines {
    private var time = TimeText()

    mutating func write(_ event: EffectsEvent, into line: inout ByteWriter) {
        line.text("{\"time\":\"")
        time.milliseconds(event.time, into: &line)
        line.text("\",\"customer\":\"")
        line.text(Self.letters[Int(event.kind.rawValue)])
        line.decimal(event.number + 1)
        let (touchpoint, action, outcome) = event.touchpoint.words
        Self.member("channel", event.touchpoint.channel, into: &line)
        Self.member("touchpoint", touchpoint, into: &line)
        Self.member("action", action, into: &line)
        if let outcome { Self.member("outcome", outcome, into: &line) }
        if event.isByAgent { Self.member("by", "agent", into: &line) }
        if let topic = event.topic { Self.member("topic", topic.name, into: &line) }
        if let device = event.device { Self.member("device", device.name, into: &line) }
        line.text("\"")
        if let value = event.value {
            line.text(",\"value\":")
            line.decimal(value)
        }
        line.text("}")
    }

    /// Ends the text before it and leaves its own open.
    private static func member(_ name: StaticString, _ value: StaticString, into line: inout ByteWriter) {
        line.text("\",\"")
        line.text(name)
        line.text("\":\"")
        line.text(value)
    }

    private static let letters: [StaticString] = ["S", "K", "R", "M"]
}
