import Testing

@testable import TestSupport

@Suite struct EventTests {
    private func run(_ bytes: [UInt8], _ change: (inout NaivePipeline) -> Void = { _ in }) -> NaiveTables {
        NaiveReference.tables(DrawnLog.pipeline(change), [NaiveFile(source: "log", path: "x.ndjson", bytes: bytes)])
    }

    @Test func everyReasonWithItsPlace() {
        let lines = [
            #"{"t":1,"customer":"a","ch":"w","tp":"p"}"#, "", "{\"a\":\"" + String(repeating: "x", count: 100) + "\"}", "{\"a\":\"\u{1}\"}",
            "[]", #"{"t":null}"#,
            #"{"t":"soon"}"#, #"{"t":1,"customer":"000"}"#, #"{"t":1,"customer":"a","ch":""}"#, #"{"t":1,"customer":"a","ch":"w","tp":{}}"#,
        ]
        var bytes = Array(lines.joined(separator: "\r\n").utf8)
        let utf8Offset = bytes.count + 1
        bytes += [0x0A, 0x22, 0xFF, 0x22]
        let tables = run(bytes) { $0.maxLineBytes = 100 }
        #expect(tables.ledger.lines == 10)
        #expect(tables.ledger.events == 1)
        #expect(
            tables.quarantine.map(\.reason) == [
                .lineTooLong, .invalidJSON, .notAnObject, .missingTime, .badTime, .missingIdentity, .missingChannel, .missingTouchpoint,
                .invalidUTF8,
            ])
        #expect(tables.quarantine.map(\.line) == [3, 4, 5, 6, 7, 8, 9, 10, 11])
        // The first line has 40 bytes, the blank one none, each with two for its end.
        #expect(tables.quarantine.first?.offset == 44)
        #expect(tables.quarantine.last?.offset == utf8Offset)
    }

    @Test func byteOrderMarkBlankLinesAndNoLastEnd() {
        let line = #"{"t":1,"customer":"a","ch":"w","tp":"p"}"#
        let tables = run(Array("\u{FEFF}\(line)\r\n \t \r\n\n\(line)".utf8))
        #expect(tables.ledger.lines == 2)
        #expect(tables.ledger.events == 2)
    }

    @Test func identifiersKeepTheirText() {
        let lines = ["9007199254740993", "9007199254740992", "7", "\"7\"", "1.50", "1.5"].map {
            #"{"t":1,"customer":\#($0),"ch":"w","tp":"p"}"#
        }
        #expect(run(Array(lines.joined(separator: "\n").utf8)).touchpoints[0].customers == 5)
    }

    @Test func duplicatesAreOfOnePersonAndOneSource() {
        let tables = DrawnLog.tables(
            """
            1m ann web late id=1
            0  ann web early id=1
            0  bob web early id=1
            2m ann web more
            2m ann web more
            """)
        #expect(tables.ledger.duplicates == 1)
        #expect(tables.touchpoints.map(\.touchpoint) == ["early", "more"])
        #expect(tables.touchpoints.map(\.events) == [2, 2])
    }

    @Test func tiesGoBySequenceThenByPosition() {
        let tables = DrawnLog.tables("0 ann web c seq=2\n0 ann web b seq=1\n0 ann web a seq=1") { $0.journeys = [DrawnLog.journey("a")] }
        // b, a: the journey that a completes begins with b; c begins another.
        #expect(tables.transitions.map(\.from) == ["b"])
        #expect(tables.journeys[0].started == 2)
    }

    /// The event of the placeholder alone is nobody's.
    @Test func asOfIsNotThatOfPlaceholders() {
        let tables = DrawnLog.tables("0 a web x device=d\n0 b web x device=d\n9m - web x device=d") { $0.identity.maxKnown = 1 }
        #expect(tables.asOf == DrawnLog.time("0"))
        #expect(tables.ledger.filtered == 1)
    }

    @Test func eventsAfterAnExplicitAsOfWait() {
        // bob's event is not there yet: the device is ann's alone.
        let drawing = "0 ann web x device=d\n5m - web x device=d\n6m bob web x device=d"
        let tables = DrawnLog.tables(drawing, asOf: "5m")
        #expect(tables.ledger.filtered == 1)
        #expect(tables.ledger.events == 2)
        #expect(tables.sessions[0].customers == 1)
        #expect(DrawnLog.tables(drawing, asOf: "4m").ledger.filtered == 2)
    }
}
