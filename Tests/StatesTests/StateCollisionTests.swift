import Events
import States
import Testing

/// Identifiers that a state finds by the same 64 bits: they are in one component, and every one is still itself.
@Suite struct StateCollisionTests {
    /// A state before its first run, with a secret that is chosen.
    private func begin(_ nights: Nights) throws {
        try StateFolder(nights.folder.path("state")).use { try $0.set(.identifierSeed, Array(repeating: UInt8(ascii: "A"), count: 16)) }
    }

    private func keys(_ nights: Nights) throws -> IdentifierKeys {
        try StateFolder(nights.folder.path("state")).use { try IdentifierKeys($0) }
    }

    /// Both in the first night, one or the other in later ones.
    private func expectRight(_ nights: Nights, _ one: String, _ other: String) throws {
        try nights.run("1", ["0 begin c=\(one) id=1", "1 begin c=\(other) id=2", "2 ask c=\(other) id=3"])
        try nights.expectWhole()
        try nights.run("2", ["30 end c=\(one) id=4", "40 answer c=\(other) id=5"])
        try nights.expectWhole()
        try nights.run("3", ["50 end c=\(other) id=6", "200 begin c=\(one) d=x id=7"])
        try nights.run("4", ["210 end d=x id=8", "300 begin c=someone id=9"])
        try nights.expectWhole()
    }

    /// With the secret known, identifiers can be chosen that all meet; the numbers are right all the same.
    @Test func allOfThem() throws {
        let nights = try Nights()
        try begin(nights)
        let ids = (0..<12).map { "AAAAAAAA\(10_000_000 + $0)" }
        let texts = SymbolTable()
        let keys = try keys(nights)
        #expect(Set(ids.map { keys.key(texts.intern($0), texts) }).count == 1)
        try expectRight(nights, ids[0], ids[1])
        try nights.run("5", ids.enumerated().map { "\(400 + $0.offset) begin c=\($0.element) id=\(100 + $0.offset)" })
        try nights.expectWhole()
        #expect(try nights.forget("customer:\(ids[3])").events == 1)
        try nights.run("6", ids.dropLast(6).enumerated().map { "\(500 + $0.offset) end c=\($0.element) id=\(200 + $0.offset)" })
        #expect(try nights.table("journeys", "started", "customers") == ["15 12"])
        // Folded anew, they are brought together anew.
        try nights.run(asOfMinute: 1000)
        try nights.run(asOfMinute: 900)
        #expect(try nights.table("journeys", "started", "customers") == ["15 12"])
    }

    /// A state draws its own.
    @Test func statesDiffer() throws {
        let texts = SymbolTable()
        let symbol = texts.intern("somebody")
        var seen: Set<UInt64> = []
        for _ in 0..<4 {
            let nights = try Nights()
            seen.insert(try keys(nights).key(symbol, texts))
        }
        #expect(seen.count == 4)
    }
}
