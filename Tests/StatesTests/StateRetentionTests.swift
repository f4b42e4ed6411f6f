import Foundation
import RunSupport
import States
import TestSupport
import Testing

/// Old time is sealed: what comes for it counts no more, what was published stays, and the state stops growing.
@Suite struct StateRetentionTests {
    private static let day = Nights.minutesOfDay

    /// Events that count and are still kept.
    private func kept(_ nights: Nights) throws -> Int64 {
        try StateFolder(nights.folder.path("state")).use { try FileStore($0).all() }.reduce(0) {
            $0 + $1.lines - $1.quarantined - $1.late - $1.sealed
        }
    }

    private func stateBytes(_ nights: Nights) throws -> Int {
        try #require(try FileManager.default.attributesOfItem(atPath: nights.folder.path("state/state.sqlite"))[.size] as? NSNumber)
            .intValue
    }

    /// Sealed is what lies more than ten days before as-of, and it is sealed by the run before the one that brings the event.
    @Test func anEventForSealedTime() throws {
        let nights = try Nights(Nights.sealing)
        try nights.run("00", ["0 begin c=ann d=pc", "10 end c=ann"])
        try nights.run("20", ["\(20 * Self.day) begin c=bob"])
        let before = try RunSnapshot(folder: nights.output)
        // The last minute that is sealed, and the first that is not.
        let output = try nights.run("20-late", ["\(10 * Self.day - 1) begin c=ann d=pc", "\(10 * Self.day) look c=ann"])
        #expect(
            try RunLedgers(folder: output).run == [
                "lines": 2, "expanded": 0, "released": 0, "events": 1, "quarantined": 0, "duplicates": 0, "filtered": 0, "late": 1,
            ])
        #expect(
            try RunLedgers(folder: output).total == [
                "lines": 5, "expanded": 0, "released": 0, "events": 4, "quarantined": 0, "duplicates": 0, "filtered": 0, "late": 1,
            ])
        #expect(
            try nights.lines("late.ndjson") == [
                #"{"source":"log","file":"night-20-late.ndjson","line":1,"time":"2026-03-10T23:59:00Z","channel":"web","touchpoint":"begin","ids":{"customer":"ann","device":"pc"}}"#
            ])
        #expect(try nights.table("journeys", "started", "completed") == ["2 1"])
        #expect(try nights.table("touchpoints", "touchpoint", "events") == ["begin 2", "end 1", "look 1"])
        // A late event alone changes nothing but what is said of lines.
        let all = try RunSnapshot(folder: nights.output)
        try nights.run("21-late", ["\(Self.day) end c=ann"])
        let ofLines = ["metrics.sqlite/run", "csv/sources.csv", "csv/source_fields.csv"]
        #expect(try RunSnapshot(folder: nights.output).differences(from: all).filter { !ofLines.contains($0) } == [])
        #expect(try nights.table("sources", "lines", "events", "late", "last") == ["6 4 2 2026-03-21T00:00:00Z"])
        #expect(try nights.lines("late.ndjson").count == 2 && before != all)
    }

    /// What was put aside by a run as of the time before which all is sealed stays listed, as long as nothing is sealed.
    @Test func linesPutAsideAtTheSeal() throws {
        let nights = try Nights(Nights.sealing)
        try nights.folder.write("nul\n", to: "night-00-bad.ndjson")
        try nights.run("00", ["0 look c=ann"])
        try nights.run("10", ["\(10 * Self.day) look c=ann"])
        try nights.expectWhole()
        try nights.run("11", ["\(10 * Self.day + 1) look c=ann"])
        #expect(try nights.lines("quarantine.ndjson") == [])
    }

    /// An event of a placeholder alone that lies just outside of sealed time is kept: as of a time before the third customer
    /// the device is a shared one, and the event somebody's.
    @Test func nobodysEventAtTheSeal() throws {
        let nights = try Nights(Nights.sealing)
        let persons = [("ann", 11), ("bob", 11), ("cid", 13)].map { "\($1 * Self.day) look c=\($0) d=till" }
        try nights.run("13", ["\(10 * Self.day) look d=till"] + persons)
        try nights.run("20", ["\(20 * Self.day) look c=ann"])
        try nights.run(asOfMinute: 12 * Self.day)
        #expect(try nights.table("touchpoints", "events") == ["3"])
        try nights.expectWhole(asOfMinute: 12 * Self.day)
    }

    /// What is sealed stays so as of an earlier time, though nothing was dropped.
    @Test func theSealStaysWhereItIs() throws {
        let nights = try Nights(Nights.sealing)
        try nights.run("20", ["\(15 * Self.day) look c=ann", "\(20 * Self.day) look c=bob"])
        try nights.run(asOfMinute: 16 * Self.day)
        let output = try nights.run("late", ["\(5 * Self.day) look c=ann", "\(8 * Self.day) look c=ann"], asOfMinute: 16 * Self.day)
        #expect(try RunLedgers(folder: output).run["late"] == 2)
    }

    /// What lies in sealed time cannot be taken out.
    @Test func aSealedFileIsNotReadAgain() throws {
        let nights = try Nights(Nights.sealing)
        try nights.run("00", ["0 begin c=ann d=pc", "10 end c=ann"])
        try nights.run("20", ["\(20 * Self.day) begin c=bob"])
        #expect(try kept(nights) == 1)
        let refusal = #expect(throws: (any Error).self) { try nights.run("00", ["0 begin c=ann d=pc"], reprocesses: true) }
        #expect("\(String(describing: refusal))".contains("sealed time"))
    }

    /// What was dropped cannot be dealt out anew: a file that is read again, or an earlier as-of, is refused.
    @Test(arguments: [false, true])
    func sealedPersonsAreNotFoldedAnew(_ reprocesses: Bool) throws {
        let nights = try Nights(Nights.sealing)
        for night in 0..<30 {
            let start = night * Self.day
            try nights.run(
                String(format: "%02d", night), ["\(start) begin c=ann d=pc", "\(start + 5) end d=pc", "\(start + 9) look c=bob"])
        }
        #expect(try kept(nights) < 60)
        let before = try RunSnapshot(folder: nights.output)
        #expect(throws: (any Error).self) {
            if reprocesses {
                let output = nights.folder.path("night-29.ndjson")
                try CaseRun.run(nights.pipelineFile, inputs: [output], state: "state", reprocesses: true)
            } else {
                try nights.run(asOfMinute: 29 * Self.day)
            }
        }
        try nights.run()
        #expect(try RunSnapshot(folder: nights.output).differences(from: before) == [])
    }

    /// Of persons who come every day, as of those who come once, only the last nights are kept; the numbers are those of
    /// one run over everything.
    @Test func sixtyNights() throws {
        let nights = try Nights(Nights.sealing)
        let (regulars, guests) = (6, 40)
        var sizes: [Int: Int] = [:]
        for night in 0..<60 {
            let start = night * Self.day
            var events: [String] = []
            for person in 0..<regulars {
                let minute = start + 480 + 7 * person + night % 5
                events += [
                    "\(minute) begin c=r\(person) d=pc\(person)", "\(minute + 3) ask d=pc\(person)", "\(minute + 9) look c=r\(person)",
                ]
                // Some give up, and are known to only at noon of the next day.
                if (night + person) % 3 > 0 { events.append("\(minute + 20) end d=pc\(person)") }
            }
            for person in 0..<guests {
                events += ["\(start + 600 + person) begin d=g\(night)x\(person)", "\(start + 640 + person) end d=g\(night)x\(person)"]
            }
            try nights.run(String(format: "%02d", night), events)
            sizes[night] = try stateBytes(nights)
        }
        let all = try #require(try RunLedgers(folder: nights.output).total["events"])
        #expect(all > 60 * (regulars * 3 + guests * 2))
        let kept = try kept(nights)
        #expect(kept < Int64(all) * 2 / 5, "\(kept) of \(all)")
        let (half, end) = (try #require(sizes[29]), try #require(sizes[59]))
        #expect(end * 10 < half * 13, "\(half) bytes, later \(end)")
        try nights.expectWhole()
    }

    /// For another ten days it is known of a person without events that they were counted.
    @Test(arguments: [(15, 1, 2), (19, 1, 2), (40, 2, 3)])
    func whoComesBack(_ returns: Int, _ ann: Int, _ customers: Int) throws {
        let nights = try Nights(Nights.sealing)
        for night in 0...(returns + 2) {
            var events = ["\(night * Self.day + 60) look c=bob"]
            if [0, returns].contains(night) { events += ["\(night * Self.day + 1) begin c=ann d=pc", "\(night * Self.day + 5) end d=pc"] }
            try nights.run(String(format: "%02d", night), events)
            // By her device alone she is the same.
            if night == 13 { #expect(try kept(nights) < 14 + 2) }
        }
        #expect(try nights.table("journeys", "customers", "started", "completed") == ["\(ann) 2 2"])
        #expect(try nights.table("sessions", "customers") == ["\(customers)"])
        guard ann == 1 else { return }
        try nights.expectWhole()
    }
}
