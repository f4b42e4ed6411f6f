/// The mail service: what the shop sends, and what becomes of it.
struct EmailLines {
    let seed: UInt64
    private var time = TimeText()

    init(seed: UInt64) { self.seed = seed }

    mutating func write(_ event: RetailEvent, into line: inout ByteWriter) {
        let person = Person(event.person, seed: seed)
        line.text("{\"message\":{\"id\":\"m-")
        line.hex(event.number << 24, width: 10)
        line.text("\"")
        if event.fault != .missingTouchpoint {
            line.text(",\"template\":\"")
            line.text(event.touchpoint.name)
            line.text("\"")
        }
        line.text("},\"kind\":\"")
        line.text(event.action.name)
        line.text("\"")
        switch event.fault {
        case .missingTime: break
        case .badTime: line.text(",\"time\":\"2026-03-01 at noon\"")
        default:
            line.text(",\"time\":\"")
            time.seconds(event.time / 1_000_000, into: &line)
            line.text("Z\"")
        }
        if event.outcome != .none {
            line.text(",\"status\":\"")
            line.text(event.outcome.name)
            line.text("\"")
        }
        line.text(",\"actor\":\"")
        line.text(event.initiator.name)
        line.text("\",\"to\":{")
        if event.shows.contains(.customer) {
            line.text("\"customer\":")
            line.decimal(person.customerNumber)
        } else {
            line.text(event.shows.contains(.blockedCustomer) ? "\"customer\":\"anonymous\"" : "\"customer\":null")
        }
        if event.shows.contains(.email) {
            line.text(",\"hash\":\"")
            line.emailHash(of: person)
            line.text("\"")
        }
        line.text("}")
        if event.order != 0 {
            line.text(",\"order\":\"A-")
            line.digits(UInt64(event.order), width: 8)
            line.text("\"")
        }
        if event.team != .none {
            line.text(",\"team\":\"")
            line.text(event.team.name)
            line.text("\"")
        }
        if event.answer != 0 {
            line.text(",\"score\":")
            line.decimal(UInt64(event.answer - 1))
        }
        line.text(Self.subjects[person.flavour & 3])
    }

    private static let subjects: [StaticString] = [
        ",\"subject\":\"Für Sie \\u2014 Ihr Geschäft\",\"smtp\":250}", ",\"subject\":\"Votre commande à la une\",\"smtp\":250}",
        ",\"subject\":\"Ihre Bestellung 🧾\",\"smtp\":250}", ",\"subject\":\"Tu pedido\\/compra\",\"smtp\":250}",
    ]
}
