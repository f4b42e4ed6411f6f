import Events
import TestSupport
import Testing

@testable import Ingest

/// `{"_end": N}`: what is one, and that it is held against the lines wherever blocks are cut.
@Suite struct TrailerTests {
    static let plan: ReadPlan = {
        var source = SourcePlan(name: "log")
        for (field, path) in [(SourceField.time, "t"), (.channel, "ch"), (.touchpoint, "tp")] {
            source.mappings[0].fields[field] = FieldForm(path: FieldPath(path)!)
        }
        source.mappings[0].identifiers = [[FieldForm(path: FieldPath("who")!)]]
        return ReadPlan(
            sources: [source], layout: RowLayout(hasEventID: false, hasSequence: false, scalarCount: 0), identityTypes: [0],
            blocked: BlockedValues(defaults: true, listed: []), maxLineBytes: 1024)
    }()

    private let good = #"{"t":1,"who":"a","ch":"w","tp":"x"}"#

    private func read(_ inputs: [[UInt8]], block: Int = 1 << 16, threads: Int = 1, expectsEnd: Bool = false, skipping: Int64 = 0) throws
        -> EventLog
    {
        let files = try inputs.map { try TemporaryFile($0) }
        return try LogReader(
            inputs: files.map { .init(path: $0.path, source: 0, linesBefore: skipping, skipsLines: true) }, plan: Self.plan,
            threads: threads, blockBytes: block, memoryBytes: 1 << 30,
            expectsEnd: expectsEnd, cancellation: Cancellation()
        ).read()
    }

    private func read(_ lines: [String], block: Int = 1 << 16, threads: Int = 1, expectsEnd: Bool = false) throws -> EventLog {
        try read([Array(lines.joined(separator: "\n").utf8)], block: block, threads: threads, expectsEnd: expectsEnd)
    }

    /// `line: stated, counted` of the trailer that is wrong, or `missing after N`.
    private func fault(_ body: () throws -> EventLog) throws -> String? {
        do {
            _ = try body()
            return nil
        } catch IngestError.wrongTrailer(_, let line, let stated, let counted) {
            return "\(line): \(stated), \(counted)"
        } catch IngestError.missingTrailer(_, let lines) {
            return "missing after \(lines)"
        }
    }

    @Test(
        arguments: [
            (#"{"_end":0}"#, 0), (" \t{ \"_end\"\t:  12 } \r", 12), (#"{"_end":999999999999999999}"#, 999_999_999_999_999_999),
            (#"{"_end":99999999999999999999999}"#, .max),
            ("{\"_end\":" + String(repeating: " ", count: 54) + "3}", 3),
            ("{\"_end\":" + String(repeating: " ", count: 55) + "3}", nil),
            (#"{"_end":"3"}"#, nil), (#"{"_end":3,"a":1}"#, nil), (#"{"a":1,"_end":3}"#, nil), (#"{"_end":3}x"#, nil), (#"{"_end":3"#, nil),
            (#"{"_end":-3}"#, nil), (#"{"_end":3.0}"#, nil), (#"{"_end":3e0}"#, nil), (#"{"_end":03}"#, nil), (#"{"_end":}"#, nil),
            (#"{"_end":null}"#, nil), (#"{"_End":3}"#, nil), (#"{"\u005fend":3}"#, nil), (#"["_end",3]"#, nil), (#"_end"#, nil), ("{", nil),
            ("", nil), (#"{"_end":3,}"#, nil), (#"{"_end":[3]}"#, nil), (#"{"end":3}"#, nil), ("{\"_end\":\u{0B}3}", nil),
        ] as [(String, Int64?)])
    func whatIsATrailer(_ line: String, _ count: Int64?) {
        let found = Text.with(Array(line.utf8)) { Trailer.count($0) }
        #expect(found == count)
    }

    /// Two sections, blank lines, lines put aside, other line ends: each cut by blocks of every size.
    @Test func everyBlockSize() throws {
        let lines = [
            good, "", good, "nul", " ", #"{ "_end": 3 }"# + "\r", #"{"_end":0}"#, good + "\r", #"{"_end":"x"}"#, "", good, good,
            #"{"_end":4}"#, "",
        ]
        let bytes = Array(lines.joined(separator: "\n").utf8)
        for wrong in [nil, (6, 3, 2), (7, 0, 5), (13, 4, 3)] as [(line: Int, right: Int, wrong: Int)?] {
            var text = lines
            if let wrong { text[wrong.line - 1] = text[wrong.line - 1].replacing("\(wrong.right)", with: "\(wrong.wrong)") }
            let expected = wrong.map { "\($0.line): \($0.wrong), \($0.right)" }
            for block in 1...bytes.count + 1 {
                let threads = block % 3 + 1
                #expect(try fault { try read(text, block: block, threads: threads, expectsEnd: true) } == expected, "block \(block)")
            }
        }
        let log = try read(lines)
        #expect(log.lines == 7 && log.inputs.map(\.lines) == [7] && log.inputs.map(\.linesBehind) == [13])
        #expect(log.rejected.all.map { "\($0.line) \($0.reason.rawValue)" } == ["4 invalid_json", "9 missing_time"])
    }

    /// Random logs: cut anywhere, a log that has to end with its trailer is never taken for whole.
    @Test func whatIsCutOffIsNoticed() throws {
        var random = SeededGenerator(seed: 11)
        for _ in 0..<30 {
            var lines: [String] = []
            for _ in 0..<random.int(1...3) {
                let kinds = (0..<random.int(0...6)).map { _ in random.pick([good, "", "nul", " \t"]) }
                lines += kinds + ["{\"_end\":\(kinds.count { $0 == good || $0 == "nul" })}"]
            }
            let bytes = Array(lines.joined(separator: "\n").utf8)
            let block = random.int(1...80)
            #expect(try fault { try read([bytes], block: block, threads: 2, expectsEnd: true) } == nil, "\(lines)")
            // Where a cut leaves whole sections and nothing else, nobody can tell.
            for cut in 0..<bytes.count {
                let text = String(decoding: bytes[..<cut], as: UTF8.self)
                let last = text.split(separator: "\n").last { !$0.allSatisfy(\.isWhitespace) }
                let endsWithTrailer = last?.hasPrefix("{\"_end\"") == true && last?.hasSuffix("}") == true
                let found = try fault { try read([Array(bytes[..<cut])], block: block, threads: 2, expectsEnd: true) }
                #expect((found == nil) == endsWithTrailer, "\(text): \(found ?? "whole")")
            }
        }
    }

    /// However many there are, a block remembers two of them; the first wrong one is still told.
    @Test func manyTrailers() throws {
        let lines =
            [good, #"{"_end":1}"#] + [String](repeating: #"{"_end":0}"#, count: 5000) + [good, good, #"{"_end":2}"#, good, #"{"_end":1}"#]
        let bytes = Array(lines.map { $0 + "\n" }.joined().utf8)
        let block = TextBlock(capacity: bytes.count)
        block.memory.bytes.copyBytes(from: bytes)
        block.count = bytes.count
        block.seal()
        #expect(EventReader(plan: Self.plan).read(block, source: 0).trailers.map(\.line) == [2, Int64(lines.count)])
        for size in [1, 100, 10_000, 1 << 20] {
            #expect(try fault { try read(lines, block: size, threads: 2, expectsEnd: true) } == nil)
            for (place, wrong, counted) in [(1, 0, 1), (2, 7, 0), (3000, 1, 0), (5004, 3, 2), (5006, 0, 1)] {
                var spoilt = lines
                spoilt[place] = "{\"_end\":\(wrong)}"
                spoilt[5006] = place == 5004 ? #"{"_end":9}"# : spoilt[5006]
                #expect(try fault { try read(spoilt, block: size, threads: 2, expectsEnd: true) } == "\(place + 1): \(wrong), \(counted)")
            }
        }
    }

    @Test func everyInputCountsForItself() throws {
        let inputs = [[good, #"{"_end":1}"#], [good, good], [good, good, #"{"_end":2}"#, ""]].map { Array($0.joined(separator: "\n").utf8) }
        #expect(try fault { try read(inputs) } == nil)
        #expect(try fault { try read(inputs, expectsEnd: true) } == "missing after 2")
        #expect(try fault { try read([inputs[0], inputs[2]], threads: 2, expectsEnd: true) } == nil)
        #expect(try fault { try read([inputs[0], []], expectsEnd: true) } == "missing after 0")
        #expect(try fault { try read([[0xEF, 0xBB, 0xBF] + Array(#"{"_end":0}"#.utf8)], expectsEnd: true) } == nil)
    }

    /// Lines that an earlier run read are passed over, and trailers count them all the same.
    @Test func linesThatArePassedOverCount() throws {
        let lines = [
            good, "", good, #"{"_end":2}"#, good, " ", "nul", good, #"{"_end":3}"#, String(repeating: "x", count: 9000), #"{"_end":1}"#,
        ]
        let bytes = Array(lines.joined(separator: "\n").utf8)
        for skipped in 0...Int64(lines.count + 1) {
            for block in [1, 40, 1000, 1 << 16] {
                #expect(try fault { try read([bytes], block: block, threads: 2, expectsEnd: true, skipping: skipped) } == nil, "\(skipped)")
            }
            let log = try read([bytes], skipping: skipped)
            #expect(log.inputs[0].linesInAll == 6, "\(skipped)")
        }
        let short = Array(lines.dropFirst(2).joined(separator: "\n").utf8)
        for (skipped, expected) in [(0, "2: 2, 1"), (1, "2: 2, 1"), (2, nil)] as [(Int64, String?)] {
            #expect(try fault { try read([short], skipping: skipped) } == expected, "\(skipped)")
        }
    }

    @Test func everyCompression() throws {
        let bytes = Array(((0..<50).map { _ in good } + [#"{"_end":50}"#, ""]).joined(separator: "\n").utf8)
        let short = Array(bytes.dropFirst(good.utf8.count + 1))
        for (bytes, expected) in [(bytes, nil), (short, "50: 50, 49")] as [([UInt8], String?)] {
            for packed in [bytes, Packing.zstd(bytes), Packing.zstdFrames(bytes, of: 100), Packing.gzip(bytes)] {
                #expect(try fault { try read([packed], block: 200, threads: 2, expectsEnd: true) } == expected)
            }
        }
    }
}
