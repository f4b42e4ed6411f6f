/// The contact centre's log, of chat and telephone: local times with their offset, which changes with summer
/// time on 29 March, notes typed by agents, and the people of both sides.
struct ContactLines {
    let seed: UInt64
    private var time = TimeText()

    init(seed: UInt64) { self.seed = seed }

    mutating func write(_ event: RetailEvent, into line: inout ByteWriter) {
        let person = Person(event.person, seed: seed)
        line.text("{\"interaction\":{\"id\":\"c")
        line.decimal(event.number)
        if event.fault == .missingChannel {
            line.text("\"")
        } else {
            line.text("\",\"medium\":\"")
            line.text(event.channel.name)
            line.text("\"")
        }
        if event.fault != .missingTouchpoint {
            line.text(",\"stage\":\"")
            line.text(event.touchpoint.name)
            line.text("\"")
        }
        line.text(",\"centre\":\"Görlitz\"}")
        writeTime(event, &line)
        line.text(",\"who\":\"")
        line.text(event.initiator.name)
        line.text("\",\"did\":\"")
        line.text(event.action.name)
        line.text("\"")
        if event.outcome != .none {
            line.text(",\"disposition\":\"")
            line.text(event.outcome.name)
            line.text("\"")
        }
        writeCase(event, &line)
        writeWho(event, person, &line)
        line.text(Self.notes[Int(event.number & 7)])
    }

    private mutating func writeTime(_ event: RetailEvent, _ line: inout ByteWriter) {
        switch event.fault {
        case .missingTime: return
        case .badTime: line.text(",\"at\":\"yesterday\"")
        default:
            let seconds = event.time / 1_000_000
            let offset = TimeText.centralEuropeanOffset(seconds)
            line.text(",\"at\":\"")
            time.seconds(seconds + offset, into: &line)
            line.text(offset == 3600 ? "+01:00\"" : "+02:00\"")
        }
    }

    private func writeCase(_ event: RetailEvent, _ line: inout ByteWriter) {
        line.text(",\"case\":{\"topic\":\"")
        line.text(event.topic.name)
        if event.order != 0 {
            line.text("\",\"order\":\"A-")
            line.digits(UInt64(event.order), width: 8)
        }
        if event.item != 0 {
            line.text("\",\"sku\":\"SKU-")
            line.digits(UInt64(event.item), width: 4)
        }
        if event.cents != 0 {
            line.text("\",\"price\":")
            line.money(UInt64(event.cents))
            line.text("}")
        } else {
            line.text("\"}")
        }
        guard event.agent != 0 else { return }
        line.text(",\"desk\":{\"agent\":\"ag-")
        line.digits(UInt64(event.agent), width: 2)
        line.text("\",\"team\":\"")
        line.text(event.team.name)
        line.text("\"}")
    }

    private func writeWho(_ event: RetailEvent, _ person: Person, _ line: inout ByteWriter) {
        line.text(",\"customer\":{\"number\":")
        if event.shows.contains(.customer) {
            line.text("\"")
            line.decimal(person.customerNumber)
            line.text("\"")
        } else {
            line.text(event.shows.contains(.blockedCustomer) ? "\"-1\"" : "null")
        }
        if event.shows.contains(.email) {
            line.text(",\"email\":\"")
            line.emailHash(of: person)
            line.text("\"")
        }
        if event.device.kind != .none {
            line.text(",\"visitor\":\"")
            line.deviceID(event.device, seed: seed)
            line.text("\"")
        }
        line.text("}")
    }

    private static let notes: [StaticString] = [
        ",\"note\":null}", ",\"note\":\"\"}", ",\"note\":\"Kundin fragt nach \\\"Paket\\\", Straße geprüft\"}", ",\"note\":null}",
        ",\"note\":\"rappel demandé\\tavant 18 h\"}", ",\"note\":\"OK \\u2013 see C:\\\\cases\\\\open\"}",
        ",\"note\":null,\"tags\":[\"vip\",[]]}",
        ",\"note\":\"danke \\ud83d\\ude42\\nGruß\"}",
    ]
}
