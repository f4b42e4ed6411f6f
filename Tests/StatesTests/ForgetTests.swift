import Foundation
import Runs
import States
import TestSupport
import Testing

/// A person is taken out of a state, with everything that says they were there.
@Suite struct ForgetTests {
    private static let others = ["20 begin c=customer-bob d=device-bob", "30 end d=device-bob", "200 look c=customer-cid"]
    private static let ann = ["0 begin c=customer-ann d=device-ann", "5 ask d=device-ann", "9 end c=customer-ann"]

    private func notFound(_ nights: Nights, _ person: String) throws -> String {
        let error = #expect(throws: RunError.self) { try nights.forget(person) }
        #expect(error?.exitStatus == 1)
        return error?.description ?? ""
    }

    @Test(arguments: ["customer:customer-ann", "customer-ann", "device-ann"])
    func aPersonWithADeviceOfTheirOwn(_ name: String) throws {
        let nights = try Nights()
        try nights.run("1", Self.ann + Self.others)
        #expect(
            try nights.table("journeys", "customers", "completed") == ["2 2"]
                && nights.table("frictions", "examples") == ["customer:customer-ann"])
        let outcome = try nights.forget(name)
        #expect(outcome.events == 3 && outcome.restated > 0)
        for id in ["customer-ann", "device-ann"] { #expect(try !nights.stateHolds(id), "\(id)") }
        for id in ["customer-bob", "device-bob"] { #expect(try nights.stateHolds(id), "\(id)") }
        try nights.run()
        let restated = try CSVTable(Array(Data(contentsOf: nights.output.appendingPathComponent("restated.csv"))))
        let reasons = try #require(restated.column("reason"))
        #expect(restated.rows.count == outcome.restated && Set(reasons) == ["removed events"], "\(reasons)")
        // The file without the lines, read as a whole or again.
        try nights.write("1", Self.others)
        try nights.expectWhole()
        try nights.run(reprocesses: true)
        try nights.expectWhole()
        for id in ["customer-ann", "device-ann"] { #expect(try !nights.stateHolds(id), "\(id)") }
        #expect(try notFound(nights, name).contains("no event up to as-of has this id"))
    }

    @Test func whoIsNotThere() throws {
        let nights = try Nights()
        try nights.run("1", Self.others)
        let before = try RunSnapshot(folder: nights.output)
        #expect(
            try notFound(nights, "customer:nobody") == "--person customer:nobody: no event up to as-of has this id (looked for as customer)"
        )
        #expect(try notFound(nights, "nobody").contains("looked for as customer, device"))
        #expect(try RunSnapshot(folder: nights.run()) == before)
        try nights.expectWhole()
    }

    /// Of a device that two share, each event is one's: the other keeps theirs.
    @Test func aSharedDevice() throws {
        let nights = try Nights()
        let ann = ["0 begin c=customer-ann d=device-both", "5 end d=device-both"]
        let bob = ["500 begin c=customer-bob d=device-both", "505 end d=device-both"]
        try nights.run("1", ann + bob)
        let words = try notFound(nights, "device-both")
        #expect(words.contains("device-both is shared by 2 persons"), "\(words)")
        #expect(words.contains("--person customer:customer-ann") && words.contains("--person customer:customer-bob"), "\(words)")
        #expect(try nights.forget("customer-ann").events == 2)
        #expect(try !nights.stateHolds("customer-ann") && nights.stateHolds("device-both") && nights.stateHolds("customer-bob"))
        try nights.run()
        try nights.write("1", bob)
        try nights.expectWhole()
    }

    /// Forgetting is no reason for time to move on, though events wait for it.
    @Test func asOfStays() throws {
        let nights = try Nights()
        try nights.run("1", ["0 begin c=customer-ann", "1 begin c=customer-bob", "9 look c=customer-bob"], asOfMinute: 5)
        func asOf() throws -> Int64? { try StateFolder(nights.folder.path("state")).use { try $0.number(.asOf) } }
        let before = try asOf()
        #expect(try nights.forget("customer-ann").events == 1)
        #expect(try asOf() == before)
    }

    /// Their events that came too late are listed no longer, nor counted.
    @Test func lateLines() throws {
        let nights = try Nights(Nights.sealing)
        let day = Nights.minutesOfDay
        try nights.run("20", ["\(20 * day) begin c=customer-ann d=device-ann", "\(20 * day + 5) look c=customer-bob"])
        try nights.run("late", ["0 begin c=customer-ann", "1 look d=device-ann", "2 look c=customer-bob"])
        #expect(try nights.lines("late.ndjson").count == 3)
        #expect(try nights.forget("customer-ann").events == 1)
        #expect(try !nights.stateHolds("customer-ann") && !nights.stateHolds("device-ann"))
        try nights.run()
        #expect(try nights.lines("late.ndjson").map { $0.contains("customer-bob") } == [true])
        let fields = try nights.table("source_fields", "field", "there", "share")
        #expect(
            fields.contains("time 2 1.000000") && fields.contains("ids.customer 2 1.000000") && fields.contains("ids.device 0 0.000000"))
        #expect(try nights.table("sources", "lines", "events", "late", "filtered") == ["2 1 1 0"])
        #expect(
            try RunLedgers(folder: nights.output).total == [
                "lines": 2, "expanded": 0, "released": 0, "events": 1, "quarantined": 0, "duplicates": 0, "filtered": 0, "late": 1,
            ])
    }

    /// Where the text of unusable lines is kept, what speaks of the person goes, however JSON writes it; the lines stay counted.
    @Test func textOfUnusableLines() throws {
        let nights = try Nights()
        let texts = [
            #"{"t":"never","c":"customer-ann"}"#, #"{"t":"never","c":"customer-\u0061nn","d":"device-bob"}"#, #"device\u002Dann \"#,
            #"{"t":"never","c":"customer-\\u0061nn"}"#, #"{"t":"never","c":"customer-bob"}"#,
        ]
        try nights.folder.write(texts.map { $0 + "\n" }.joined(), to: "night-0.ndjson")
        try nights.run("1", Self.ann + Self.others, keepsRawText: true)
        let before = try nights.lines("quarantine.ndjson")
        #expect(before.count == texts.count && before.allSatisfy { $0.contains("\"raw\":") })
        _ = try nights.forget("customer-ann")
        try nights.run()
        let after = try nights.lines("quarantine.ndjson")
        #expect(after.map { $0.contains("\"raw\":") } == [false, false, false, true, true])
        #expect(after.suffix(2) == before.suffix(2))
        #expect(zip(after, before).allSatisfy { $1.hasPrefix($0.dropLast()) })
        for spelling in ["customer-ann", #"device\u002Dann"#] { #expect(try !nights.stateHolds(spelling), "\(spelling)") }
    }

    /// Sealed numbers stay published, but nothing says any more whose they were.
    @Test(arguments: [[0], [0, 15], Array(0...15)])
    func sealedEvents(_ daysOfAnn: [Int]) throws {
        let nights = try Nights(Nights.sealing)
        let day = Nights.minutesOfDay
        for night in 0...15 {
            var events = ["\(night * day + 700) look c=customer-bob"]
            if daysOfAnn.contains(night) {
                events += [
                    "\(night * day) begin c=customer-ann d=device-ann", "\(night * day + 2) ask d=device-ann",
                    "\(night * day + 5) end d=device-ann",
                ]
            }
            try nights.run(String(format: "%02d", night), events)
        }
        #expect(try nights.stateHolds("customer-ann"))
        _ = try nights.forget("customer-ann")
        #expect(try !nights.stateHolds("customer-ann") && !nights.stateHolds("device-ann"))
        #expect(try nights.stateHolds("customer-bob"))
        let completed = try nights.table("journeys", "completed")
        #expect(completed == ["\(daysOfAnn.count)"])
        try nights.run("16", ["\(16 * day) look c=customer-bob"])
        #expect(try notFound(nights, "customer-ann").contains("no event") && nights.table("frictions", "examples") == [""])
        if daysOfAnn == [0] { #expect(try nights.table("journeys", "completed") == completed) }
    }
}
