/// The app's log: other names than the web's, times as milliseconds since 1970, customer numbers as JSON numbers.
struct AppLines {
    let seed: UInt64

    func write(_ event: RetailEvent, into line: inout ByteWriter) {
        let person = Person(event.person, seed: seed)
        line.text("{\"eid\":\"")
        line.hex(Randoms.mix(event.number))
        switch event.fault {
        case .missingTime: line.text("\"")
        case .badTime: line.text("\",\"t\":\"soon\"")
        default:
            line.text("\",\"t\":")
            line.decimal(UInt64(event.time / 1000))
        }
        line.text(event.fault == .missingChannel ? ",\"app\":{\"channel\":null" : ",\"app\":{\"channel\":\"app\"")
        line.text(Self.builds[person.flavour & 3])
        if event.fault != .missingTouchpoint {
            line.text(",\"screen\":\"")
            line.text(event.touchpoint.name)
            line.text("\"")
        }
        line.text(",\"payload\":{\"verb\":\"")
        line.text(event.action.name)
        line.text("\"")
        if event.outcome != .none {
            line.text(",\"status\":\"")
            line.text(event.outcome.name)
            line.text("\"")
        }
        if event.initiator != .customer {
            line.text(",\"actor\":\"")
            line.text(event.initiator.name)
            line.text("\"")
        }
        writeSubject(event, &line)
        writeWho(event, person, &line)
        line.text(",\"batt\":")
        line.decimal(Randoms.mix(event.number ^ 0xBA77) % 100 + 1)
        line.text(Self.phones[person.flavour])
    }

    private func writeSubject(_ event: RetailEvent, _ line: inout ByteWriter) {
        if event.topic != .none {
            line.text(",\"about\":\"")
            line.text(event.topic.name)
            line.text("\"")
        }
        if event.target != .none {
            line.text(",\"tapped\":\"")
            line.text(event.target.name)
            line.text("\"")
        }
        if event.order != 0 {
            line.text(",\"order\":{\"number\":\"A-")
            line.digits(UInt64(event.order), width: 8)
            line.text("\"}")
        }
        if event.item != 0 || event.cents != 0 {
            line.text(",\"article\":{")
            if event.item != 0 {
                line.text("\"sku\":\"SKU-")
                line.digits(UInt64(event.item), width: 4)
                line.text(event.cents == 0 ? "\"" : "\",")
            }
            if event.cents != 0 {
                line.text("\"price\":")
                line.money(UInt64(event.cents))
            }
            line.text("}")
        }
        line.text("}")
    }

    private func writeWho(_ event: RetailEvent, _ person: Person, _ line: inout ByteWriter) {
        if event.shows.contains(.customer) {
            line.text(",\"account\":")
            line.decimal(person.customerNumber)
        } else if event.shows.contains(.blockedCustomer) {
            line.text(",\"account\":\"000000\"")
        }
        if event.shows.contains(.email) {
            line.text(",\"mail\":\"")
            line.emailHash(of: person)
            line.text("\"")
        }
        if event.device.kind == .none {
            line.text(",\"install\":\"00000000-0000-0000-0000-000000000000\"")
        } else {
            line.text(",\"install\":\"")
            line.deviceID(event.device, seed: seed)
            line.text("\"")
        }
    }

    private static let builds: [StaticString] = [
        ",\"build\":\"5.14.2 (8812)\"}", ",\"build\":\"5.14.1 (8790)\"}", ",\"build\":\"5.14.2 (8812)\"}", ",\"build\":\"5.13.0 (8644)\"}",
    ]

    private static let phones: [StaticString] = {
        let zurich: StaticString = ",\"ctx\":{\"os\":\"iOS 19.3\",\"model\":\"iPhone17,2\",\"locale\":\"de_CH\",\"near\":\"Zürich\"}}"
        let lyon: StaticString = ",\"ctx\":{\"os\":\"Android 16\",\"model\":\"Pixel 9a\",\"locale\":\"fr_FR\",\"near\":\"Besançon\"}}"
        let berlin: StaticString =
            ",\"ctx\":{\"os\":\"Android 15\",\"model\":\"A556B\",\"locale\":\"de_DE\",\"near\":\"Köln \\ud83d\\udccd\"}}"
        let madrid: StaticString = ",\"ctx\":{\"os\":\"iOS 18.7\",\"model\":\"iPhone15,4\",\"net\":null,\"near\":\"A Coru\\u00f1a\"}}"
        return [zurich, lyon, berlin, madrid, berlin, lyon, berlin, zurich, berlin, madrid, lyon, berlin, zurich, berlin, lyon, madrid]
    }()
}
