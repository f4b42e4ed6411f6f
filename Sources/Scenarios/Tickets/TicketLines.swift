/// Flat lines with a wall-clock time that names no zone, as case tools export them.
struct TicketLines {
    private var time = TimeText()

    mutating func write(_ event: TicketEvent, into line: inout ByteWriter) {
        line.text("{\"case\":\"")
        if event.fault == .missingIdentity {
            line.text("unknown")
        } else {
            line.text("T-")
            line.digits(UInt64(event.ticket), width: 7)
        }
        line.text("\"")
        if event.fault != .missingTouchpoint {
            line.text(",\"activity\":\"")
            line.text(event.activity.name)
            line.text("\"")
        }
        switch event.fault {
        case .missingTime: break
        case .badTime: line.text(",\"timestamp\":\"01.03.2026 9:15\"")
        default:
            line.text(",\"timestamp\":\"")
            time.seconds(event.time / 1_000_000, into: &line)
            line.text("\"")
        }
        line.text(",\"team\":\"")
        line.text(Self.teams[Int(event.team)])
        line.text("\",\"priority\":")
        line.decimal(UInt64(event.ticket % 4 + 1))
        line.text(",\"service\":\"")
        line.text(Self.services[Int(event.ticket % 5)])
        line.text("\"}")
    }

    private static let teams: [StaticString] = ["Desk A", "Desk B", "Réseau", "Workplace", "SAP", "Süd"]
    private static let services: [StaticString] = ["Mail", "VPN \\/ accès", "Laptop", "Drucker 2. OG", "Konto & Passwort"]
}
