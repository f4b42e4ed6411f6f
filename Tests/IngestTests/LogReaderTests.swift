import Digests
import Events
import Testing

@testable import Ingest
@testable import TestSupport

/// Whole files through the reader: lines, places, reasons and fields, for many block sizes and numbers of threads.
@Suite struct LogReaderTests {
    private func plan(asOf: EventTime? = nil) -> ReadPlan {
        var source = SourcePlan(name: "log")
        for (field, path) in [
            (SourceField.time, "t"), (.eventID, "id"), (.channel, "ch"), (.touchpoint, "tp"), (.action, "a.name"), (.sequence, "n"),
        ] {
            source.mappings[0].fields[field] = FieldForm(path: FieldPath(path)!)
        }
        source.mappings[0].fields[.outcome] = FieldForm(constant: "fine")
        source.mappings[0].identifiers = [[FieldForm(path: FieldPath("who")!)], [FieldForm(path: FieldPath("/dev/0")!)]]
        source.mappings[0].scalars = [FieldForm(path: FieldPath("value")!), FieldForm(constant: "7"), nil]
        var plan = ReadPlan(
            sources: [source], layout: RowLayout(hasEventID: true, hasSequence: true, scalarCount: 3), identityTypes: [0, 1],
            blocked: BlockedValues(defaults: true, listed: []), maxLineBytes: 200)
        plan.asOf = asOf
        return plan
    }

    private func read(
        _ files: [TemporaryFile], threads: Int = 1, block: Int = 1 << 16, memory: Int = 1 << 30, asOf: EventTime? = nil, key: String? = nil
    ) throws -> EventLog {
        var plan = plan(asOf: asOf)
        plan.pseudonymKey = key.map { HMACKey(Array($0.utf8)) }
        return try LogReader(
            inputs: files.map { .init(path: $0.path, source: 0) }, plan: plan, threads: threads, blockBytes: block,
            memoryBytes: memory,
            cancellation: Cancellation()
        ).read()
    }

    /// One row in words: everything it holds, looked up in the tables of the reader that made it.
    private func words(_ log: EventLog) throws -> [String] {
        let scratch = RowScratch()
        var words: [String] = []
        for block in log.blocks {
            try block.rows.access(scratch, writing: false) { rows in
                rows.forEach { row, _ in
                    rows.packing.unpacked(row).withUnsafeBytes { words.append(self.words($0.baseAddress!, log.readers[block.reader])) }
                }
            }
        }
        return words
    }

    private func words(_ row: UnsafeRawPointer, _ tables: EventLog.Symbols) -> String {
        let layout = plan().layout
        func text(_ symbol: UInt32, _ table: SymbolTable) -> String { symbol == 0 ? "-" : table.string(symbol) }
        let kind = tables.kinds[Int(row.load(fromByteOffset: RowLayout.kindOffset, as: UInt32.self))]
        let identity = tables.identities[Int(row.load(fromByteOffset: RowLayout.identityOffset, as: UInt32.self))]
        let scalars = (0..<3).map { column in
            let scalar = Scalar(bits: row.load(fromByteOffset: layout.scalarOffset + 4 * column, as: UInt32.self))
            return scalar.isAbsent ? "-" : "\(scalar.type) \(tables.texts.string(scalar.symbol))"
        }
        let head = [
            String(row.load(fromByteOffset: RowLayout.timeOffset, as: Int64.self)),
            String(row.load(fromByteOffset: layout.sequenceOffset!, as: Int64.self)),
            row.load(fromByteOffset: layout.eventIDOffset!, as: UInt64.self) == 0 ? "no id" : "id",
        ]
        return (head + kind.map { text($0, tables.texts) } + identity.map { text($0, tables.identifiers) } + scalars).joined(separator: " ")
    }

    private func rejects(_ log: EventLog) -> [String] {
        log.rejected.all.map { "\($0.input):\($0.line) @\($0.offset) \($0.reason.rawValue)" }
    }

    private let good = #"{"t":1,"who":"ann","ch":"web","tp":"x"}"#

    @Test func everyField() throws {
        let lines = [
            #"{"t":"2026-03-01T00:00:00Z","id":5,"who":9007199254740993,"dev":["d"],"ch":"we\u0062","tp":true,"a":{"name":"go"},"n":3,"value":1.50}"#,
            #"{"t":2,"who":null,"dev":["\u0064\n"],"ch":"web","tp":7,"a":{"name":""},"n":"12","value":"x","id":""}"#,
            #"{"t":3,"who":"unknown","dev":["e"],"ch":"web","tp":"y","a":[1],"n":-2.9,"value":{"v":1}}"#,
            #"{"t":4,"who":"f","ch":"web","tp":"y","n":1e30,"value":false,"id":null}"#,
            #"{"t":5,"who":"7","ch":"web","tp":"y","n":"x","value":null}"#,
        ]
        let found = try words(read([TemporaryFile(Array(lines.joined(separator: "\n").utf8))]))
        #expect(
            found == [
                "1772323200000000 3 id web true go fine - log 9007199254740993 d number 1.50 number 7 -",
                "2000000 12 no id web 7  fine - log - d\n string x number 7 -",
                "3000000 0 no id web y - fine - log - e composite { number 7 -",
                "4000000 0 no id web y - fine - log f - boolean false number 7 -", "5000000 0 no id web y - fine - log 7 - - number 7 -",
            ])
    }

    /// The first reason that holds, in the order of pipelines/rules.md, 4.
    @Test func reasonsAndPlaces() throws {
        let long = "{\"x\":\"" + String(repeating: "y", count: 250)
        let huge = "{\"x\":\"" + String(repeating: "y", count: 9000) + "\"}"
        let lines: [(text: [UInt8], reason: String?)] = [
            (Array(good.utf8), nil), (Array(long.utf8), "line_too_long"), (Array(huge.utf8), "line_too_long"), ([], nil),
            (Array(" \t\r".utf8), nil),
            (Array("{\"t\":\"".utf8) + [0xFF], "invalid_utf8"), (Array((good + "x").utf8), "invalid_json"),
            (Array("[]".utf8), "not_an_object"),
            (Array("{}".utf8), "missing_time"), (Array(#"{"t":null}"#.utf8), "missing_time"), (Array(#"{"t":true}"#.utf8), "bad_time"),
            (Array(#"{"t":"later"}"#.utf8), "bad_time"), (Array(#"{"t":1,"who":"none"}"#.utf8), "missing_identity"),
            (Array(#"{"t":1,"who":"ann","ch":""}"#.utf8), "missing_channel"),
            (Array(#"{"t":1,"who":"ann","ch":"web","tp":{}}"#.utf8), "missing_touchpoint"),
            (Array(repeating: 32, count: 9000), nil), (Array((good + "\r").utf8), nil), (Array(good.utf8), nil),
        ]
        var bytes: [UInt8] = []
        var expected: [String] = []
        for (index, line) in lines.enumerated() {
            if let reason = line.reason { expected.append("0:\(index + 1) @\(bytes.count) \(reason)") }
            bytes += line.text + [10]
        }
        let file = try TemporaryFile(bytes)
        for block in [1, 7, 64, 300, 5000, 1 << 16] {
            for threads in [1, 3] {
                let log = try read([file], threads: threads, block: block)
                #expect(rejects(log) == expected, "block \(block), \(threads) threads")
                #expect(log.lines == 15 && log.inputs.map(\.lines) == [15])
                #expect(try words(log).count == 3)
            }
        }
    }

    // MARK: With a key

    /// Every identifier is the code of its text, whatever its type and however it is written; blocked values are told before.
    @Test func pseudonyms() throws {
        let lines = [
            #"{"t":1,"who":"ann","dev":["7"],"ch":"web","tp":"ann"}"#, #"{"t":2,"who":7,"dev":["\u0061nn"],"ch":"web","tp":"x"}"#,
            #"{"t":3,"who":"null","dev":["ann"],"ch":"web","tp":"x"}"#, #"{"t":4,"who":"unknown","ch":"web","tp":"x"}"#,
        ]
        let file = try TemporaryFile(Array(lines.joined(separator: "\n").utf8))
        let key = HMACKey(Array("key".utf8))
        let (ann, seven) = (key.code("ann").hex, key.code("7").hex)
        for (threads, block) in [(1, 1 << 16), (3, 1)] {
            let log = try read([file], threads: threads, block: block, key: "key")
            #expect(
                try words(log) == [
                    "1000000 0 no id web ann - fine - log \(ann) \(seven) - number 7 -",
                    "2000000 0 no id web x - fine - log \(seven) \(ann) - number 7 -",
                    "3000000 0 no id web x - fine - log - \(ann) - number 7 -",
                ])
            #expect(rejects(log).count == 1 && rejects(log)[0].hasSuffix("missing_identity"))
            for reader in log.readers {
                for symbol in 0..<UInt32(reader.identifiers.count) {
                    #expect([ann, seven].contains(reader.identifiers.string(symbol + 1)))
                }
            }
        }
    }

    /// Fingerprints tell the same events apart with a key as without, and differ from key to key.
    @Test func eventIDsUnderAKey() throws {
        let ids = ["1", "\"1\"", "\"a\"", "\"\\u0061\"", "\"\"", "null", "\"b\""]
        let lines = ids.map { #"{"t":1,"who":"ann","ch":"web","tp":"x","id":\#($0)}"# }
        let file = try TemporaryFile(Array(lines.joined(separator: "\n").utf8))
        func fingerprints(_ key: String?) throws -> [UInt64] {
            var found: [UInt64] = []
            let offset = try #require(plan().layout.eventIDOffset)
            for block in try read([file], key: key).blocks {
                try block.rows.access(RowScratch(), writing: false) { rows in
                    rows.forEach { row, _ in found.append(row.loadUnaligned(fromByteOffset: offset, as: UInt64.self)) }
                }
            }
            return found
        }
        let (none, one, other) = try (fingerprints(nil), fingerprints("one"), fingerprints("other"))
        for found in [none, one, other] {
            #expect(found[0] == found[1] && found[2] == found[3] && Set(found).count == 4 && found[4] == 0 && found[5] == 0)
        }
        for index in ids.indices where ![4, 5].contains(index) { #expect(Set([none[index], one[index], other[index]]).count == 3) }
    }

    /// The mark is part of the first line's place, not of its text.
    @Test func aByteOrderMark() throws {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let bad = Array("{\n{}\n".utf8)
        for block in [1, 2, 4, 100] {
            #expect(try rejects(read([TemporaryFile(mark + bad)], block: block)) == ["0:1 @0 invalid_json", "0:2 @5 missing_time"])
            #expect(try read([TemporaryFile(mark + Array(good.utf8))], block: block).rejected.count == 0)
            #expect(try read([TemporaryFile(mark)], block: block).lines == 0)
            #expect(try rejects(read([TemporaryFile(mark + mark + bad)], block: block)).first == "0:1 @0 invalid_json")
        }
    }

    @Test func aLineAsLongAsAllowedIsRead() throws {
        func line(_ length: Int) -> String {
            good.dropLast() + ",\"p\":\"" + String(repeating: "p", count: length - good.utf8.count - 7) + "\"}"
        }
        for end in ["\n", "\r\n", ""] {
            #expect(try read([TemporaryFile(Array((line(200) + end).utf8))]).rejected.count == 0)
            #expect(try rejects(read([TemporaryFile(Array((line(201) + end).utf8))])) == ["0:1 @0 line_too_long"])
        }
    }

    @Test func orderAndCountsDoNotDependOnBlocksOrThreads() throws {
        var random = SeededGenerator(seed: 5)
        let files = try (0..<4).map { file in
            let lines = (0..<random.int(0...120)).map { number in
                switch random.int(0...9) {
                case 0: return ""
                case 1: return "{\"t\":\(number)"
                default:
                    return "{\"t\":\(number),\"who\":\"p\(random.int(0...9))\",\"ch\":\"c\(file)\",\"tp\":\"t\(number)\",\"n\":\(number)}"
                }
            }
            return try TemporaryFile(Array((lines.joined(separator: "\n") + (file == 1 ? "\n" : "")).utf8))
        }
        let first = try read(files)
        for block in [1, 100, 1000] {
            for (threads, memory) in [(1, 1 << 30), (2, 1 << 30), (5, 1 << 30), (1, 0), (3, 500)] {
                // With little memory rows go through a file.
                let log = try read(files, threads: threads, block: block, memory: memory)
                #expect(try words(log) == words(first) && rejects(log) == rejects(first))
                #expect(log.lines == first.lines && log.inputs == first.inputs)
            }
        }
    }

    /// Tables stay in memory, so rows make room for them: once both are too large, the rows of all blocks lie in the file.
    @Test func rowsMakeRoomForTables() throws {
        let lines = (0..<6000).map { #"{"t":\#($0),"who":"person number \#($0)","ch":"web","tp":"x"}"# }
        let file = try TemporaryFile(Array(lines.joined(separator: "\n").utf8))
        func spilled(_ memory: Int) throws -> [Bool] {
            try read([file], block: 4096, memory: memory).blocks.map(\.rows.isSpilled)
        }
        let rowBytes = try read([file], block: 4096).blocks.reduce(0) { $0 + $1.rows.bytes }
        #expect(try spilled(1 << 30).allSatisfy { !$0 } && spilled(rowBytes).allSatisfy { $0 } && spilled(2 * rowBytes).allSatisfy { $0 })
        #expect(try words(read([file], block: 4096, memory: rowBytes)) == words(read([file], block: 4096)))
    }

    /// Of the bytes as they lie on disk, in whatever pieces they are read, to the last of them.
    @Test func contentsOfInputs() throws {
        let text = Array((0..<40).map { _ in good + "\n" }.joined().utf8)
        let contents = [
            [], text, Packing.gzipMembers(text, of: 100), Packing.zstdFrames(text, of: 100) + Packing.skippableFrame([1, 2, 3]),
            Packing.zstd([]),
        ]
        let files = try contents.map { try TemporaryFile($0) }
        for (threads, block) in [(1, 1), (2, 100), (3, 1 << 16)] {
            let log = try read(files, threads: threads, block: block)
            #expect(log.inputs.map(\.lines) == [0, 40, 40, 40, 0])
            for (input, bytes) in zip(log.inputs, contents) {
                var hash = SHA256()
                bytes.withUnsafeBytes { hash.update($0) }
                #expect(input.bytes == Int64(bytes.count) && input.sha256 == hash.digest.hex && input.endsWhole)
            }
        }
    }

    @Test func eventsBeyondAsOfWait() throws {
        let lines = (1...5).map { "{\"t\":\($0),\"who\":\"ann\",\"ch\":\"web\",\"tp\":\"x\"}" } + [#"{"t":9}"#]
        let log = try read([TemporaryFile(Array(lines.joined(separator: "\n").utf8))], asOf: 3_000_000)
        #expect(log.filtered == 2 && log.rejected.count == 1)
        #expect(try words(log).count == 3)
    }

    @Test func damagedInputStopsTheRun() throws {
        let files = try [TemporaryFile(Array(good.utf8)), TemporaryFile([0x28, 0xB5, 0x2F, 0xFD, 0x00]), TemporaryFile(Array(good.utf8))]
        for threads in [1, 3] { #expect(throws: IngestError.self) { try read(files, threads: threads, block: 4) } }
        let stopped = Cancellation()
        stopped.cancel()
        #expect(throws: IngestError.self) {
            try LogReader(
                inputs: [.init(path: files[0].path, source: 0)], plan: plan(), threads: 2, blockBytes: 10, memoryBytes: 1 << 20,
                cancellation: stopped
            ).read()
        }
    }
}
