import Foundation
import Runs
import TestSupport
import Testing

/// Small logs in several runs on one state, drawn by hand: what a later run learns changes what earlier ones counted.
@Suite struct StateCaseTests {
    /// An event of the first day joins two journeys into one that completes.
    @Test func aLateFile() throws {
        let nights = try Nights()
        try nights.run("1", ["0 begin c=ann", "150 begin c=ann", "160 end c=ann"])
        #expect(try nights.table("journeys", "started", "completed", "abandoned") == ["2 1 1"])
        try nights.run("0", ["100 look c=ann"])
        #expect(try nights.table("journeys", "started", "completed", "abandoned") == ["1 1 0"])
        try nights.expectWhole()
    }

    /// Its events go to whom it was seen with nearest in time, those of the first night too.
    @Test func aDeviceThatBecomesSharedLater() throws {
        let nights = try Nights()
        try nights.run("1", ["0 begin c=ann d=pc", "50 begin d=pc", "60 end d=pc"])
        #expect(try nights.table("journeys", "customers", "started", "completed") == ["1 1 1"])
        #expect(try nights.table("identity", "id_type", "shared") == ["customer 0", "device 0"])
        try nights.run("2", ["55 look c=bob d=pc"])
        #expect(try nights.table("journeys", "customers", "started", "completed", "open") == ["2 2 1 1"])
        #expect(try nights.table("identity", "id_type", "shared") == ["customer 0", "device 1"])
        try nights.expectWhole()
    }

    /// Nobody was ever seen with the e-mail; whose it is the shared device beside it says, by time.
    @Test func aTypeThatOnlyTimeGives() throws {
        let nights = try Nights(
            Nights.pipeline.replacingOccurrences(of: "device: d}", with: "email: m, device: d}")
                .replacingOccurrences(of: "linking: [device]", with: "linking: [email, device]"))
        try nights.run("1", ["0 look c=ann d=pc", "5 look m=mail d=pc", "100 look c=bob d=pc"])
        #expect(try nights.table("identity", "id_type", "persons") == ["customer 2", "device 2", "email 1"])
        try nights.expectWhole()
    }

    /// With three customers it links nobody: what was given to two of them by it is filtered now, also when it comes again.
    @Test func aPlaceholderOfTheThirdNight() throws {
        let nights = try Nights()
        try nights.run("1", ["0 begin c=ann d=till", "5 end d=till"])
        try nights.run("2", ["10 begin c=bob d=till", "15 end d=till"])
        #expect(try nights.table("journeys", "customers", "completed") == ["2 2"])
        try nights.run("3", ["20 begin c=cid d=till", "25 end d=till"])
        #expect(try nights.table("journeys", "customers", "completed", "open") == ["3 0 3"])
        #expect(try nights.table("identity", "id_type", "placeholders") == ["customer 0", "device 1"])
        try nights.run("4", ["30 end d=till", "31 end c=ann"])
        #expect(try nights.table("journeys", "customers", "completed", "open") == ["3 1 2"])
        try nights.expectWhole()
        #expect(try RunLedgers(folder: nights.folder.url.appendingPathComponent("out")).total["filtered"] == 4)
    }

    /// As of a time before the third customer it is an ordinary shared device again.
    @Test func aPlaceholderThatIsNoneYet() throws {
        let nights = try Nights()
        let events = [
            "0 begin c=ann d=till", "5 end d=till", "10 begin c=bob d=till", "15 end d=till", "20 begin c=cid d=till", "25 end d=till",
        ]
        try nights.run("1", events)
        #expect(try nights.table("journeys", "customers", "completed", "open") == ["3 0 3"])
        try nights.run(asOfMinute: 19)
        #expect(try nights.table("journeys", "customers", "completed", "open") == ["2 2 0"])
        try nights.expectWhole(asOfMinute: 19)
        try nights.run()
        try nights.expectWhole()
    }

    @Test func anAnonymousPersonTurnsOutToBeACustomer() throws {
        let nights = try Nights()
        try nights.run("1", ["0 begin d=pc", "10 look c=ann"])
        #expect(try nights.table("sessions", "sessions", "customers") == ["2 2"])
        try nights.run("2", ["20 end c=ann d=pc"])
        #expect(try nights.table("sessions", "sessions", "customers", "events") == ["1 1 3"])
        #expect(try nights.table("journeys", "customers", "completed") == ["1 1"])
        try nights.expectWhole()
    }

    /// The second run brings the event that sorts first: it counts in place of the one that counted.
    @Test func anEventIDTwice() throws {
        let nights = try Nights()
        try nights.run("2", ["10 end c=ann id=e1", "11 begin c=ann id=e2"])
        #expect(try nights.table("touchpoints", "touchpoint", "events") == ["begin 1", "end 1"])
        let output = try nights.run("1", ["5 look c=ann id=e1", "11 look c=ann id=e2"])
        // Of the second pair the older file's event sorts later: same time, but its path comes after.
        #expect(try nights.table("touchpoints", "touchpoint", "events") == ["look 2"])
        #expect(
            try RunLedgers(folder: output).run == [
                "lines": 2, "expanded": 0, "released": 0, "events": 2, "quarantined": 0, "duplicates": 0, "filtered": 0, "late": 0,
            ])
        #expect(try RunLedgers(folder: output).total["duplicates"] == 2)
        try nights.expectWhole()
    }

    /// Nobody says anything of ann in the second run; time alone ends her journey, at the microsecond after two hours.
    @Test func abandonedByTimeAlone() throws {
        let nights = try Nights()
        try nights.run("1", ["0 begin c=ann"])
        #expect(try nights.table("journeys", "open", "abandoned") == ["1 0"])
        try nights.run("2", ["120 look c=bob"])
        #expect(try nights.table("journeys", "open", "abandoned") == ["1 0"])
        try nights.run("3", ["121 look c=bob"])
        #expect(try nights.table("journeys", "open", "abandoned") == ["0 1"])
        try nights.expectWhole()
    }

    /// Idle visits stall without a new event and without a new contribution.
    @Test func idleByTimeAlone() throws {
        let nights = try Nights()
        try nights.run("1", ["0 begin c=ann"])
        try nights.run("2", ["60 look c=bob"])
        #expect(try nights.table("stalls", "step", "idle") == ["begin 0", "end 0"])
        try nights.run("3", ["61 look c=bob"])
        #expect(try nights.table("stalls", "step", "idle") == ["begin 1", "end 0"])
        try nights.expectWhole()
    }

    /// What is over is judged only when it is old enough: ann's visits after an hour, her journey after two.
    @Test func judgedByTimeAlone() throws {
        let nights = try Nights()
        try nights.run("1", ["0 begin c=ann", "1 end c=ann"])
        for (minute, judged, mature) in [
            (59, ["begin 0", "end 0"], "1 0 0"), (60, ["begin 1", "end 0"], "1 0 0"), (119, ["begin 1", "end 0"], "1 0 0"),
            (120, ["begin 1", "end 0"], "1 1 1"), (121, ["begin 1", "end 1"], "1 1 1"),
        ] {
            try nights.run("at-\(minute)", ["\(minute) look c=bob"])
            #expect(try nights.table("stalls", "step", "judged") == judged, "minute \(minute)")
            #expect(try nights.table("journeys", "completed", "mature", "converted") == [mature], "minute \(minute)")
            try nights.expectWhole()
        }
    }

    /// The question of ann is answered within the hour, that of bob is not: known only when the hour is over.
    @Test func anAbsenceIsDecidedLater() throws {
        let nights = try Nights()
        try nights.run("1", ["0 begin c=ann", "1 ask c=ann", "2 begin c=bob", "3 ask c=bob"])
        #expect(try nights.table("frictions", "friction", "occurrences") == ["unanswered 0"])
        try nights.run("2", ["61 answer c=ann"])
        #expect(try nights.table("frictions", "friction", "occurrences") == ["unanswered 0"])
        try nights.run("3", ["63 look c=cid"])
        #expect(try nights.table("frictions", "friction", "occurrences", "examples") == ["unanswered 1 customer:bob"])
        try nights.expectWhole()
    }

    /// Events after an explicit as-of wait in the state and take part once as-of has passed them.
    @Test func waitingEvents() throws {
        let nights = try Nights()
        let first = try nights.run("1", ["0 begin c=ann", "10 end c=ann", "20 begin c=bob d=pc"], asOfMinute: 5)
        #expect(try RunLedgers(folder: first).run["filtered"] == 2)
        #expect(try nights.table("journeys", "customers", "completed", "open") == ["1 0 1"])
        try nights.expectWhole(asOfMinute: 5)
        let second = try nights.run(asOfMinute: 10)
        #expect(try nights.table("journeys", "customers", "completed", "open") == ["1 1 0"])
        let ledgers = try RunLedgers(folder: second)
        #expect(ledgers.run["lines"] == 0 && ledgers.run["released"] == 1 && ledgers.run["events"] == 1)
        #expect(ledgers.total["filtered"] == 1 && ledgers.total["released"] == 0)
        try nights.run("2", ["15 begin d=pc"])
        #expect(try nights.table("journeys", "customers", "started", "completed") == ["2 2 1"])
        try nights.expectWhole()
    }

    /// Two spellings of one letter are two persons, also as examples.
    @Test func examplesInTwoSpellings() throws {
        let nights = try Nights()
        try nights.run("1", ["0 begin d=\u{E9}", "1 ask d=\u{E9}", "0 begin d=e\u{301}", "1 ask d=e\u{301}", "90 look c=bob"])
        #expect(try nights.table("frictions", "examples") == ["device:e\u{301}; device:\u{E9}"])
        try nights.run("2", ["2 look c=ann d=\u{E9}"])
        #expect(try nights.table("frictions", "examples").map { Array($0.utf8) } == [Array("customer:ann; device:e\u{301}".utf8)])
        try nights.expectWhole()
    }

    /// A first run that has nothing but lines that cannot be used: they stay listed.
    @Test func quarantineBeforeTheFirstEvent() throws {
        let nights = try Nights()
        try nights.folder.write("nul\n", to: "night-1.ndjson")
        let first = try nights.run()
        #expect(
            try RunLedgers(folder: first).total == [
                "lines": 1, "expanded": 0, "released": 0, "events": 0, "quarantined": 1, "duplicates": 0, "filtered": 0, "late": 0,
            ])
        try nights.run("2", ["0 begin c=ann"])
        try nights.expectWhole()
    }

    /// Rows of few persons are left out by how many there are over all runs.
    @Test func rowsOfFewPersons() throws {
        let nights = try Nights(Nights.pipeline + "privacy: {min_count: 2}\n")
        try nights.run("1", ["0 begin c=ann", "1 end c=ann"])
        #expect(try nights.table("funnel", "step") == [] && nights.table("transitions", "from") == [])
        try nights.run("2", ["0 begin c=bob", "1 end c=bob"])
        #expect(try nights.table("funnel", "step", "reached") == ["begin 2", "end 2"])
        #expect(
            try nights.table("stalls", "step", "visits") == ["begin 2", "end 2"]
                && nights.table("transitions", "from", "count") == ["begin 2"])
        try nights.expectWhole()
    }
}
