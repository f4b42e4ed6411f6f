/// The web log: nested objects, times in RFC 3339 with milliseconds, and the noise that web logs carry: request,
/// browser, language, experiments. No pipeline needs to map those.
struct WebLines {
    let seed: UInt64
    private var time = TimeText()

    init(seed: UInt64) { self.seed = seed }

    mutating func write(_ event: RetailEvent, into line: inout ByteWriter) {
        let person = Person(event.person, seed: seed)
        line.text("{")
        switch event.fault {
        case .missingTime: break
        case .badTime: line.text("\"ts\":\"2026-13-01T25:61:00Z\",")
        default:
            line.text("\"ts\":\"")
            time.milliseconds(event.time, into: &line)
            line.text("\",")
        }
        line.text("\"id\":\"w-")
        line.hex(event.number << 24, width: 10)
        if event.fault == .missingTouchpoint {
            line.text("\",\"page\":null,\"event\":\"")
        } else {
            line.text("\",\"page\":\"")
            line.text(event.touchpoint.name)
            line.text("\",\"event\":\"")
        }
        line.text(event.action.name)
        line.text("\"")
        if event.outcome != .none {
            line.text(",\"result\":\"")
            line.text(event.outcome.name)
            line.text("\"")
        }
        if event.initiator != .customer {
            line.text(",\"by\":\"")
            line.text(event.initiator.name)
            line.text("\"")
        }
        writeWho(event, person, &line)
        writeProperties(event, &line)
        writeContext(event, person, &line)
    }

    private func writeWho(_ event: RetailEvent, _ person: Person, _ line: inout ByteWriter) {
        if event.shows.contains(.customer) {
            line.text(",\"user\":{\"id\":\"")
            line.decimal(person.customerNumber)
            line.text("\"")
        } else if event.shows.contains(.blockedCustomer) {
            line.text(",\"user\":{\"id\":\"unknown\"")
        } else {
            line.text(",\"user\":{\"id\":null")
        }
        if event.shows.contains(.email) {
            line.text(",\"email_hash\":\"")
            line.emailHash(of: person)
            line.text("\"")
        }
        line.text("},\"device\":{\"cookie\":")
        if event.device.kind == .none {
            line.text("\"undefined\"")
        } else {
            line.text("\"")
            line.deviceID(event.device, seed: seed)
            line.text("\"")
        }
    }

    /// Ends inside the device object, which the context closes.
    private func writeProperties(_ event: RetailEvent, _ line: inout ByteWriter) {
        line.text("},\"props\":{")
        var separator: StaticString = ""
        if event.topic != .none {
            line.text("\"topic\":\"")
            line.text(event.topic.name)
            line.text("\"")
            separator = ","
        }
        if event.target != .none {
            line.text(separator)
            line.text("\"target\":\"")
            line.text(event.target.name)
            line.text("\"")
            separator = ","
        }
        if event.order != 0 {
            line.text(separator)
            line.text("\"order_id\":\"A-")
            line.digits(UInt64(event.order), width: 8)
            line.text("\"")
            separator = ","
        }
        if event.item != 0 {
            line.text(separator)
            line.text("\"sku\":\"SKU-")
            line.digits(UInt64(event.item), width: 4)
            line.text("\",\"title\":\"")
            line.text(Item.title(event.item))
            line.text("\"")
            separator = ","
        }
        if event.cents != 0 {
            line.text(separator)
            line.text("\"price\":")
            line.money(UInt64(event.cents))
        }
        line.text("}")
    }

    private func writeContext(_ event: RetailEvent, _ person: Person, _ line: inout ByteWriter) {
        line.text(",\"ctx\":{\"req\":\"")
        line.hex(Randoms.mix(event.number))
        line.text("\",\"ua\":\"")
        line.text(Self.browsers[person.flavour])
        line.text("\",\"lang\":\"")
        line.text(Self.languages[person.flavour & 7])
        line.text("\",\"ms\":")
        line.decimal(40 + Randoms.mix(~event.number) % 900)
        line.text(person.flavour & 1 == 0 ? ",\"ab\":[\"b\",true]}}" : ",\"ab\":null}}")
    }

    private static let languages: [StaticString] = ["de-DE", "fr-FR", "en-GB", "de-AT", "es-ES", "pl-PL", "de-CH", "sv-SE"]

    private static let browsers: [StaticString] = {
        let windows: StaticString = "Mozilla\\/5.0 (Windows NT 10.0; Win64; x64) Chrome\\/144.0"
        let mac: StaticString = "Mozilla\\/5.0 (Macintosh; Mac OS X 15_3) Safari\\/19.2"
        let firefox: StaticString = "Mozilla\\/5.0 (X11; Linux x86_64) Firefox\\/147.0"
        let phone: StaticString = "Mozilla\\/5.0 (iPhone; iOS 19_3) Mobile\\/15E148 Safari"
        return [windows, phone, mac, phone, windows, phone, firefox, windows, mac, phone, windows, phone, firefox, windows, mac, phone]
    }()
}
