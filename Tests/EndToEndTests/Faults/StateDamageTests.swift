import CPageCheck
import CSQLite
import Foundation
import Testing

@testable import TestSupport

/// A state that is not what was written: an error that says what to do, and never another number.
@Suite struct StateDamageTests {
    /// Runs a night on what `spoil` made of the state's bytes. Fails where neither the damage is told nor the numbers are right.
    /// - Returns: whether it was told.
    @discardableResult
    private func isNoticed(_ how: String, _ spoil: (inout [UInt8]) -> Void) throws -> Bool {
        let night = try DisturbedNight(4)
        defer { night.remove() }
        var bytes = [UInt8](try Data(contentsOf: night.stateFile))
        spoil(&bytes)
        try Data(bytes).write(to: night.stateFile)
        let ended = try night.run()
        let isPublished = night.isPublished(how)
        if ended.status == 0 {
            // The run had no need of that page.
            #expect(isPublished, "\(how)")
            return false
        }
        #expect(ended.status == 1 && !isPublished, "\(how): \(ended.status) \(ended.errors)")
        #expect(
            ended.errors.contains("state.sqlite: the state is damaged: ") && ended.errors.contains("Restore the folder from a backup"),
            "\(how): \(ended.errors)")
        return true
    }

    @Test func bytesOfTheHeader() throws {
        for place in stride(from: 0, to: 100, by: 7) {
            #expect(try isNoticed("byte \(place)") { $0[place] ^= 0x10 })
        }
    }

    @Test func bytesAnywhere() throws {
        var random = SeededGenerator(seed: 8)
        var noticed = 0
        let (rounds, count) = (FaultShim.rounds(30), try NightlyLog.shared.get().state(after: 3).count)
        for _ in 0..<rounds {
            let (place, bit) = (Int(random.next() % UInt64(count)), UInt8(random.int(0...7)))
            if try isNoticed("byte \(place) of \(count), bit \(bit)", { $0[place] ^= 1 << bit }) { noticed += 1 }
        }
        #expect(noticed * 4 > rounds, "only \(noticed) of \(rounds)")
    }

    /// A place that failed can be tried again: it is the same byte.
    @Test func theStateThatIsSpoiltIsTheSameEveryTime() throws {
        let folder = try ScratchFolder()
        let first = try NightlyLog(folder).state(after: 5)
        for name in folder.names() { try FileManager.default.removeItem(atPath: folder.path(name)) }
        #expect(try NightlyLog(folder).state(after: 5) == first)
    }

    @Test(arguments: [0, 1, 15, 100, 4095, 4096, 5000, 8192])
    func cutOff(size: Int) throws { #expect(try isNoticed("\(size) bytes") { $0 = Array($0.prefix(size)) }) }

    @Test func cutOffAtTheEnd() throws {
        for lost in [1, 4095, 4096, 8192] { #expect(try isNoticed("\(lost) bytes less") { $0.removeLast(lost) }) }
    }

    @Test func somethingElse() throws {
        #expect(try isNoticed("a text") { $0 = Array("version: 1\nname: nightly\n".utf8) })
        #expect(try isNoticed("a long text") { $0 = Array(String(repeating: "version: 1\n", count: 10_000).utf8) })
        #expect(try isNoticed("zeros") { $0 = Array(repeating: 0, count: $0.count) })
        #expect(
            try isNoticed("two pages exchanged") { bytes in
                for place in 0..<4096 { bytes.swapAt(4096 + place, 8192 + place) }
            })
    }

    /// Layouts of other versions are told from damage.
    @Test(arguments: [(0, "older"), (2, "older"), (6, "older"), (9, "newer"), (99, "newer")])
    func anotherLayout(version: Int, word: String) throws {
        let night = try DisturbedNight(4)
        defer { night.remove() }
        Self.execute("PRAGMA user_version = \(version)", night)
        let ended = try night.run()
        #expect(ended.status == 1 && !night.isPublished("layout \(version)"))
        #expect(
            ended.errors.contains("\(word) version of sojourn (layout \(version)") && ended.errors.contains("ove the folder away"),
            "\(ended.errors)")
    }

    /// The layout before had one index more.
    @Test func theLayoutBeforeIsCarriedOver() throws {
        let night = try DisturbedNight(4)
        defer { night.remove() }
        Self.execute("CREATE INDEX component_latest ON component (latest); PRAGMA user_version = 7", night)
        let ended = try night.run()
        #expect(ended.status == 0 && night.isPublished("layout 7"), "\(ended.errors)")
        // Were it there still, it could not be made.
        Self.execute("CREATE INDEX component_latest ON component (latest)", night)
    }

    private static func execute(_ statements: String, _ night: DisturbedNight) {
        var database: OpaquePointer?
        #expect(sojourn_pages_open(night.stateFile.path, &database, SQLITE_OPEN_READWRITE) == SQLITE_OK)
        #expect(sqlite3_exec(database, statements, nil, nil, nil) == SQLITE_OK, "\(statements)")
        sqlite3_close(database)
    }
}
