import Events
import Testing

@testable import Journeys
@testable import Tables
@testable import TestSupport

@Suite struct SessionizerTests {
    private static let counts = ["channel", "sessions", "events", "customers", "bounces", "concurrent"]

    private func sessions(_ log: FoldedLog, _ events: [FoldedEvent]) throws -> [String] {
        let (cells, names, _) = try log.fold(events)
        return SessionTable.make(.total, cells, names).lines(Self.counts)
    }

    private func naive(_ log: FoldedLog, _ events: [FoldedEvent]) -> [String] {
        var pipeline = NaivePipeline(name: "p", sources: [])
        pipeline.channels = log.channels.map { NaiveChannel(name: $0.name, kind: $0.kind?.rawValue, gap: $0.gap) }
        (pipeline.sessions.gap, pipeline.sessions.maxLength) = (log.sessions.gap, log.sessions.maxLength)
        var sessions: [NaiveSession] = []
        for person in Set(events.map(\.person)) {
            var mine = events.enumerated().filter { $0.element.person == person }.map { $0.element.naive($0.offset, log.channels) }
            mine.sort(by: NaiveEvent.comesBefore)
            sessions += NaiveSessions.cut(&mine, of: .known(NaiveID(type: "customer", value: ExactText(person))), pipeline)
        }
        return NaiveSessions.rows(sessions).map {
            "\($0.channel) \($0.sessions) \($0.events) \($0.customers) \($0.bounces) \($0.concurrent)"
        }
    }

    /// `gap` and `max_length` are ten and thirty minutes; a character is a minute, `.` an event, `a` one by the agent.
    @Test(
        arguments: [
            ("", []), (".", ["web 1 1 1 1 0"]), (".         .", ["web 1 2 1 0 0"]), (".          .", ["web 2 2 1 2 0"]),
            // The agent's events neither extend nor open a session.
            (".     a     .", ["web 2 2 1 2 0"]), ("a", []), ("a.", ["web 1 1 1 1 0"]),
            // Thirty minutes from the start belong to the session, a minute more does not.
            (".         .         .         .", ["web 1 4 1 0 0"]), (".         .         .        ..", ["web 1 5 1 0 0"]),
            (".         .         .         ..", ["web 2 5 1 1 0"]),
        ] as [(String, [String])])
    func gapsAndLengths(_ drawing: String, _ expected: [String]) throws {
        var log = FoldedLog()
        (log.sessions.gap, log.sessions.maxLength) = (600_000_000, 1_800_000_000)
        let events = drawing.enumerated().filter { $0.element != " " }.map { place, character in
            FoldedEvent(time: Int64(place) * 60_000_000, initiator: character == "a" ? "agent" : nil)
        }
        #expect(try sessions(log, events) == expected)
    }

    /// One line a channel, one character a minute, sessions of consecutive minutes; what is concurrent is counted per channel.
    @Test(
        arguments: [
            (["..   .", "   .  "], ["a 2 3 1 1 0", "b 1 1 1 1 0"]), (["..", " ."], ["a 1 2 1 0 1", "b 1 1 1 1 1"]),
            (["..  ", "  .."], ["a 1 2 1 0 0", "b 1 2 1 0 0"]), ([".....", " . . "], ["a 1 5 1 0 1", "b 2 2 1 2 2"]),
            ([". . .", " . . ", "    ."], ["a 3 3 1 3 1", "b 2 2 1 2 0", "c 1 1 1 1 1"]),
        ] as [([String], [String])])
    func concurrentSessions(_ drawing: [String], _ expected: [String]) throws {
        var log = FoldedLog()
        log.sessions.gap = 60_000_000
        var events: [FoldedEvent] = []
        for (channel, line) in zip(["a", "b", "c"], drawing) {
            for (place, character) in line.enumerated() where character == "." {
                events.append(FoldedEvent(time: Int64(place) * 60_000_000, channel: channel))
            }
        }
        #expect(try sessions(log, events) == expected)
    }

    /// Against pairs of all sessions, for few and for many channels, with an outbound one and gaps of their own.
    @Test func randomPersons() throws {
        for seed in UInt64(1)...300 {
            var random = SeededGenerator(seed: seed)
            var log = FoldedLog()
            (log.sessions.gap, log.sessions.maxLength) = (Int64(random.int(0...4)), Int64(random.int(1...9)))
            let channels = random.int(1...random.pick([2, 3, 12]))
            log.channels = (0..<channels).map { ChannelDefinition(name: "c\($0)") }
            log.channels[0].gap = random.pick([nil, 0, 9])
            if channels > 1 { log.channels[1].kind = random.pick([nil, .outbound, .assisted]) }
            let span = random.int(5...80)
            let events = (0..<random.int(1...50)).map { _ in
                FoldedEvent(
                    person: random.pick(["ann", "bob"]), time: Int64(random.int(0...span)), channel: "c\(random.int(0...channels - 1))",
                    initiator: random.pick([nil, nil, nil, "customer", "agent", "system"]))
            }
            #expect(try sessions(log, events) == naive(log, events), "seed \(seed)")
        }
    }

    /// A channel for each of many events: what was a search of every channel for every session.
    @Test func manyChannels() throws {
        let events = (0..<6000).map { FoldedEvent(time: Int64($0 / 2) * 10_000_000_000, channel: "c\($0)") }
        let (cells, names, _) = try FoldedLog().fold(events)
        let table = SessionTable.make(.total, cells, names)
        #expect(table.rows.count == 6000 && table.lines(["concurrent"]).allSatisfy { $0 == "1" })
    }
}
