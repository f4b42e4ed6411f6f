import TestSupport
import Testing

/// What the state knows of single things under way: questions whose events were dropped, and journeys of several keys.
@Suite struct StateWaitTests {
    private static let day = Nights.minutesOfDay

    /// A customer asks; the answer comes when the question's events are no longer kept, and for another ten days it is known that
    /// there was one.
    @Test(arguments: [(15, "1 1 0"), (19, "1 1 0"), (40, "1 0 1")])
    func anAnswerToASealedQuestion(_ answered: Int, _ expected: String) throws {
        let answers =
            "phone: {kind: assisted, gap: 30m, response_sla: 1d, asks: 'touchpoint == \"ask\"', answers: 'touchpoint == \"answer\"'}"
        let nights = try Nights(Nights.sealing.replacingOccurrences(of: "phone: {kind: assisted, gap: 30m}", with: answers))
        for night in 0...(answered + 2) {
            var events = ["\(night * Self.day + 60) look c=bob"]
            if night == 0 { events.append("1 ask c=ann ch=phone") }
            if night == answered { events.append("\(night * Self.day + 5) answer c=ann ch=phone") }
            try nights.run(String(format: "%02d", night), events)
            if night == 1 { #expect(try nights.table("responses", "waits", "answered", "open") == ["1 0 1"]) }
        }
        let found = try nights.table("responses", "waits", "answered", "open")
        #expect(found == [expected], "\(found)")
        if expected == "1 1 0" { try nights.expectWhole() }
    }

    /// Two orders of one customer that begin at the same moment are two journeys, told apart by what they are at.
    @Test func openJourneysOfSeveralKeys() throws {
        let nights = try Nights(
            Nights.pipeline.replacingOccurrences(of: "device: d}}", with: "device: d}, attributes: {order: o}}")
                .replacingOccurrences(of: "inactivity: 2h", with: "inactivity: 5d\n    key: attributes.order"))
        try nights.run("1", ["10 begin c=ann o=a", "10 begin c=ann o=b", "10 begin c=bob o=c", "12 look c=ann o=b"])
        func open() throws -> [String] { try nights.table("open_journeys", "person", "idle_seconds") }
        #expect(try open() == ["customer:ann 120.000", "customer:bob 120.000", "customer:ann 0.000"])
        try nights.expectWhole()
        try nights.run("2", ["30 end c=ann o=a", "31 begin c=ann o=d"])
        #expect(try open() == ["customer:bob 1260.000", "customer:ann 1140.000", "customer:ann 0.000"])
        try nights.expectWhole()
        _ = try nights.forget("customer:ann")
        try nights.run("3", ["40 look c=bob o=c"])
        #expect(try open() == ["customer:bob 0.000"])
    }
}
