import Events
import Testing

@testable import Definitions
@testable import Journeys
@testable import Timelines

/// The parts of a picture that are functions of a few values.
@Suite struct TimelineTests {
    @Test(
        arguments: [
            (0, "0 s"), (12, "12 µs"), (300_000, "300 ms"), (1_000_000, "1 s"), (1_250_000, "1.2 s"), (9_950_000, "9.9 s"),
            (10_900_000, "10 s"),
            (59_999_999, "59 s"), (60_000_000, "1 m"), (92_000_000, "1 m 32 s"), (3_600_000_000, "1 h"), (3_605_000_000, "1 h"),
            (97_200_000_000, "1 d 3 h"), (-5, "0 s"),
        ] as [(Int64, String)])
    func roughLengths(_ length: Int64, _ text: String) { #expect(TimeWords.rough(length) == text) }

    /// A time just beyond its threshold must not look like it.
    @Test func lengthsThatAreTold() {
        #expect(TimeWords.rough(600_400_000, unlike: "10 m") == "10 m 400 ms")
        #expect(TimeWords.rough(660_400_000, unlike: "10 m") == "11 m")
    }

    @Test func localTimes() {
        let local = LocalTime(zone: ZoneOffsets.named("Europe/Berlin")!)
        // The clocks go from 02:00 to 03:00.
        #expect(local.full(1_774_745_999_000_000) == "Sun 2026-03-29 01:59:59")
        #expect(local.full(1_774_746_000_000_000) == "Sun 2026-03-29 03:00:00")
        #expect(local.clock(1_774_746_000_417_999, milliseconds: true) == "03:00:00.417")
        #expect(LocalTime(zone: .utc).full(-1) == "Wed 1969-12-31 23:59:59")
    }

    @Test(
        arguments: [
            (0, [], 5, []), (5, [], 5, [0..<5]), (6, [], 5, [0..<5]), (9, [4], 3, [3..<6]), (9, [4], 4, [3..<6]),
            (9, [0, 8], 4, [0..<2, 7..<9]),
            (9, [0, 8], 5, [0..<2, 7..<9]), (9, [1, 3, 5], 2, [1..<2, 3..<4]), (9, [2, 3], 2, [2..<4]), (9, [8], 1, [8..<9]),
        ] as [(Int, [Int], Int, [Range<Int>])])
    func extracts(_ count: Int, _ marked: [Int], _ limit: Int, _ ranges: [Range<Int>]) {
        #expect(TimelineExtract.ranges(count: count, marked: marked, limit: limit) == ranges)
    }

    @Test func extractsKeepToTheLimit() {
        for count in 1..<12 {
            for limit in 1..<12 {
                for bits in 0..<(1 << count) where bits % 7 == 0 {
                    let marked = (0..<count).filter { bits >> $0 & 1 == 1 }
                    let ranges = TimelineExtract.ranges(count: count, marked: marked, limit: limit)
                    let drawn = ranges.flatMap { Array($0) }
                    #expect(drawn.count <= max(limit, 0) && drawn == drawn.sorted() && Set(drawn).isSubset(of: 0..<count))
                    #expect(marked.prefix(limit).allSatisfy { drawn.contains($0) })
                    #expect(zip(ranges, ranges.dropFirst()).allSatisfy { $0.upperBound < $1.lowerBound })
                }
            }
        }
    }

    /// Drawn as channels by letter, upper case by the customer, a minute apart; `|` is an hour.
    private func blocks(_ drawing: String) -> [String] {
        var trace = PersonTrace()
        var (time, open) = (Int64(0), [String: Int]())
        for letter in drawing {
            time += 60_000_000
            if letter == "|" {
                time += 3_600_000_000
                open = [:]
                continue
            }
            let channel = letter.lowercased()
            if letter.isUppercase {
                if open[channel] == nil {
                    open[channel] = trace.sessions.count
                    trace.sessions.append(.init(channel: channel, start: time, last: time, events: 0, isConcurrent: false))
                }
                trace.sessions[open[channel]!].last = time
                trace.sessions[open[channel]!].events += 1
            }
            trace.events.append(
                .init(
                    time: time, channel: channel, touchpoint: "", initiator: "", scalars: [],
                    session: letter.isUppercase ? open[channel] : nil,
                    sessionGap: 1_800_000_000))
        }
        return TimelineBlock.blocks(trace.events.indices, of: trace).map { block in
            block.events.map { trace.events[$0].channel }.joined() + (block.session.map { "\($0)" } ?? "-") + (block.isContinued ? "+" : "")
        }
    }

    @Test(
        arguments: [
            ("WWW", "www0"), ("WW|W", "ww0 w1"), ("WPW", "w0 p1 w0+"), ("PpP", "ppp0"), ("pP", "pp0"), ("Pp|p", "pp0 p-"),
            ("PWp", "p0 w1 p0+"),
            ("PW|p", "p0 w1 p-"), ("e|e", "e- e-"), ("ee", "ee-"), ("p|P", "p- p0"),
        ])
    func sessionsAsBlocks(_ drawing: String, _ expected: String) { #expect(blocks(drawing).joined(separator: " ") == expected) }

    @Test func linesAndStyles() {
        var line = StyledLine("a", .strong)
        line.pad(to: 4)
        line.add("b")
        line.pad(to: 2)
        #expect(line.plain == "a   b" && line.width == 6)
        #expect(line.coloured == "\u{1B}[1ma\u{1B}[0m   b ")
        #expect(ShownText.wrapped(String(repeating: "word ", count: 30), indent: 2).map(\.count) == [94, 54])
        #expect(ShownText.short("abcdef", 4) == "abc…")
    }

    /// A log must not steer a terminal.
    @Test func controlCharactersAreBlanks() {
        #expect(ShownText.clean("a\u{1B}[2Jb\r\nc\u{202E}d\u{2028}e") == "a [2Jb  c d e")
        #expect(ShownText.clean("Zürich 東京 👍🏽") == "Zürich 東京 👍🏽")
    }
}
