/// The shops' tills: short flat lines, not compressed, times in whole seconds since 1970.
struct StoreLines {
    let seed: UInt64

    func write(_ event: RetailEvent, into line: inout ByteWriter) {
        let person = Person(event.person, seed: seed)
        line.text("{\"receipt\":")
        line.decimal(event.number)
        switch event.fault {
        case .missingTime: break
        case .badTime: line.text(",\"sec\":\"n\\/a\"")
        default:
            line.text(",\"sec\":")
            line.decimal(UInt64(event.time / 1_000_000))
        }
        if event.fault != .missingTouchpoint {
            line.text(",\"desk\":\"")
            line.text(event.touchpoint.name)
            line.text("\"")
        }
        line.text(",\"op\":\"")
        line.text(event.action.name)
        line.text("\"")
        if event.outcome != .none {
            line.text(",\"state\":\"")
            line.text(event.outcome.name)
            line.text("\"")
        }
        if event.initiator != .customer {
            line.text(",\"by\":\"")
            line.text(event.initiator.name)
            line.text("\"")
        }
        if event.shows.contains(.customer) {
            line.text(",\"card\":\"")
            line.decimal(person.customerNumber)
            line.text("\"")
        } else {
            line.text(event.shows.contains(.blockedCustomer) ? ",\"card\":\"none\"" : ",\"card\":\"\"")
        }
        if event.device.kind != .none {
            line.text(",\"till\":\"")
            line.deviceID(event.device, seed: seed)
            line.text("\"")
        }
        writeSale(event, &line)
        line.text(",\"shop\":\"")
        line.text(Self.shops[Int(person.shop)])
        line.text("\"}")
    }

    private func writeSale(_ event: RetailEvent, _ line: inout ByteWriter) {
        if event.topic != .none {
            line.text(",\"topic\":\"")
            line.text(event.topic.name)
            line.text("\"")
        }
        if event.order != 0 {
            line.text(",\"order\":\"A-")
            line.digits(UInt64(event.order), width: 8)
            line.text("\"")
        }
        if event.item != 0 {
            line.text(",\"article\":\"SKU-")
            line.digits(UInt64(event.item), width: 4)
            line.text("\"")
        }
        if event.cents != 0 {
            line.text(",\"eur\":")
            line.money(UInt64(event.cents))
        }
    }

    private static let shops: [StaticString] = ["Köln", "Dresden", "Nürnberg", "Basel", "Lübeck", "Graz"]
}
