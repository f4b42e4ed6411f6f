import Foundation
import Testing

@testable import TestSupport

/// What is on the disk, and in which order it gets there.
@Suite struct DurabilityTests {
    /// Everything is waited for before the swap, and the swap before its end.
    @Test func aPublicationIsDurable() throws {
        let calls = try FaultShim.calls(ofNight: 3)
        let swap = try #require(calls.firstIndex { $0.kind == "R" && $0.second == "o/out" })
        #expect(calls[swap].length == 2, "two folders are exchanged")
        let partial = calls[swap].path
        let written = Set(
            calls[..<swap].filter { "OW".contains($0.kind) && $0.path.hasPrefix(partial + "/") && !$0.path.hasSuffix("-journal") }.map(
                \.path))
        #expect(written.count >= 15, "\(written)")
        for path in written.union([partial, partial + "/csv"]) {
            let synced = calls[..<swap].lastIndex { $0.kind == "S" && $0.path == path } ?? -1
            let changed = calls[..<swap].lastIndex { $0.kind != "S" && $0.path == path } ?? -1
            #expect(synced > changed, "\(path)")
        }
        let after = calls[(swap + 1)...]
        let synced = try #require(after.firstIndex { $0.kind == "S" && $0.path == "o" })
        #expect(!after[..<synced].contains { $0.kind == "U" }, "the old output goes only when the new one is sure")
    }

    /// The journal is on the disk before the database is written, and the database before the journal goes.
    @Test(arguments: [1, 3])
    func aCommitIsDurable(number: Int) throws {
        let calls = try FaultShim.calls(ofNight: number).filter { $0.path.hasPrefix("s/state/state.sqlite") && !$0.path.contains(".new") }
        var (journalIsSure, databaseIsSure, writes) = (true, true, 0)
        for call in calls {
            switch (call.kind, call.path.hasSuffix("-journal")) {
            case ("S", true): journalIsSure = true
            case ("S", false): databaseIsSure = true
            case ("W", true):
                // The header of zeros ends the transaction.
                if call.offset == 0, call.bytes.prefix(28).allSatisfy({ $0 == 0 }) { #expect(databaseIsSure, "the journal goes too early") }
                journalIsSure = false
            case ("U", true), ("T", true): #expect(databaseIsSure, "the journal goes too early")
            case ("W", false):
                #expect(journalIsSure, "the database is written too early")
                (databaseIsSure, writes) = (false, writes + 1)
            default: break
            }
        }
        #expect(databaseIsSure && writes > 10)
    }

    /// The power goes at many moments of a night: what the disk holds then is a whole output, and a state that goes on.
    @Test(arguments: [1, 2, 4], [true, false])
    func powerLoss(number: Int, losesAll: Bool) throws {
        let calls = try FaultShim.calls(ofNight: number)
        var random = SeededGenerator(seed: UInt64(number))
        let before = try DisturbedNight(number)
        defer { before.remove() }
        var disk = try PowerLoss(before.path)
        let rounds = min(calls.count, FaultShim.rounds(16))
        let moments = Set((0..<rounds).map { (calls.count - 1) * $0 / max(1, rounds - 1) })
        for (place, call) in calls.enumerated() {
            disk.apply(call)
            guard moments.contains(place) else { continue }
            let night = try DisturbedNight(number)
            night.remove()
            try FileManager.default.createDirectory(atPath: night.path, withIntermediateDirectories: true)
            try disk.write(to: night.path, &random, losesAll: losesAll)
            let how = "night \(number), after call \(place + 1): \(call.kind) \(call.path)"
            let wasPublished = night.isPublished(how)
            try night.expectMended(how, wasPublished: wasPublished)
            if wasPublished {
                #expect(FileManager.default.fileExists(atPath: night.stateFile.path), "\(how): published, but the state is gone")
            }
            night.remove()
        }
    }
}
