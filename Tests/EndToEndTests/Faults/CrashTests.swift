import Foundation
import Glibc
import Testing

@testable import TestSupport

/// kill -9 at any moment of any night: what is published is a whole version, and the same command again brings what an
/// undisturbed night brings. `SOJOURN_KILLS=2000` kills more often.
@Suite struct CrashTests {
    /// At every moment that has a name, the first time and the last time.
    @Test(.enabled(if: !Binary.isNamed, "release builds know no named moments"), arguments: [1, 4])
    func atEveryCrashPoint(number: Int) throws {
        let listed = try DisturbedNight(number)
        defer { listed.remove() }
        let list = listed.path + "-points"
        #expect(try listed.run(["SOJOURN_CRASH_LIST": list]).status == 0)
        let names = try String(contentsOfFile: list, encoding: .utf8).split(separator: "\n").map(String.init)
        try FileManager.default.removeItem(atPath: list)
        let counts = Dictionary(names.map { ($0, 1) }, uniquingKeysWith: +)
        let wanted: Set = [
            "locked", "begun", "components", "cells", "value", "before-commit", "after-commit", "file-written", "file-synced",
            "database-filled",
            "database-committed", "before-swap", "after-swap", "folder-synced", "published", "noted",
        ]
        #expect(wanted.subtracting(counts.keys) == [] && (number > 1 || counts["state-beside"] == 1 && counts["state-renamed"] == 1))
        for (name, count) in counts.sorted(by: { $0.key < $1.key }) {
            for place in Set([1, count]).sorted() {
                try kill(number, ["SOJOURN_CRASH_AT": "\(name):\(place)"], "at \(name) \(place) of \(count)")
            }
        }
    }

    /// At calls that change a file or a folder, all through the night; a write is made by half.
    @Test(arguments: [1, 3, 5])
    func atAnyCall(number: Int) throws {
        let count = try FaultShim.calls(ofNight: number).count
        let rounds = min(count, FaultShim.rounds(16))
        for round in 0..<rounds {
            let call = 1 + (count - 1) * round / max(1, rounds - 1)
            let night = try DisturbedNight(number)
            let ended = try night.run(night.shim(["FAULT_KILL_AT": "\(call)"]))
            // Which call is which changes a little with the threads: the last may not come.
            #expect(ended.status == 128 + SIGKILL || ended.status == 0 && call > count - 5, "call \(call) of \(count): \(ended.errors)")
            let wasPublished = night.isPublished("at call \(call) of \(count)")
            try night.expectMended("at call \(call) of \(count)", wasPublished: wasPublished)
            night.remove()
        }
    }

    /// After any time.
    @Test(arguments: 0..<4)
    func atAnyTime(slice: Int) throws {
        var random = SeededGenerator(seed: UInt64(slice))
        var longest = 200_000
        for round in 0..<FaultShim.rounds(8) {
            let night = try DisturbedNight(random.int(1...NightlyLog.nights))
            let running = try night.start()
            let delay = random.int(0...longest)
            usleep(UInt32(delay))
            running.send(SIGKILL)
            // Whole runs teach nothing: the next is killed earlier.
            if running.wait().status == 0 { longest = max(delay, 20_000) }
            let how = "slice \(slice), round \(round), after \(delay) microseconds"
            try night.expectMended(how, wasPublished: night.isPublished(how))
            night.remove()
        }
    }

    /// Every night is killed several times before it gets through: the last one publishes what one run over all publishes.
    @Test func theWholeSequence() throws {
        let log = try NightlyLog.shared.get()
        let first = try DisturbedNight(1)
        defer { first.remove() }
        var random = SeededGenerator(seed: 3)
        for number in 1...NightlyLog.nights {
            let command = NightlyLog.command(number, in: first.place)
            for _ in 0..<4 {
                _ = try Binary.run(command, in: log.folder.path, environment: first.shim(["FAULT_KILL_AT": "\(random.int(1...200))"]))
            }
            let ended = try Binary.run(command, in: log.folder.path)
            #expect(ended.status == 0, "\(ended.errors)")
            let found = try PublishedVersion(folder: first.output)
            #expect(found.hasSameNumbers(as: try #require(log.versions[number])), "night \(number)")
        }
        #expect(try Binary.run("run", "p.yaml", "-o", "\(first.place)/whole", "--max-rejects", "5%", in: log.folder.path).status == 0)
        let whole = try RunSnapshot(folder: URL(fileURLWithPath: first.path + "/whole"))
        #expect(try RunSnapshot(folder: first.output).differences(from: whole) == [])
    }

    private func kill(_ number: Int, _ environment: [String: String], _ how: String) throws {
        let night = try DisturbedNight(number)
        let ended = try night.run(environment)
        #expect(ended.status == 128 + SIGKILL, "night \(number), \(how): \(ended.errors)")
        let wasPublished = night.isPublished("night \(number), \(how)")
        try night.expectMended("night \(number), \(how)", wasPublished: wasPublished)
        night.remove()
    }
}
