import TestSupport
import Testing

@testable import Ingest

/// A look at an input: its first blocks, later ones, and nothing more.
@Suite struct LineSampleTests {
    private static func lines(_ count: Int) -> [String] {
        (0..<count).map { "{\"line\":\($0),\"text\":\"\(String(repeating: "x", count: 90))\"}" }
    }

    private static func sample(_ lines: [String], _ folder: ScratchFolder) throws -> LineSample {
        try folder.write(lines.map { $0 + "\n" }.joined(), to: "log")
        return try LineSample(path: folder.path("log"), maxLineBytes: 1 << 20)
    }

    private static func texts(_ sample: LineSample) -> [String] { sample.lines.map { String(decoding: $0, as: UTF8.self) } }

    @Test func firstBlocksOfManyLines() throws {
        let (folder, lines) = (try ScratchFolder(), Self.lines(10_000))
        let sample = try Self.sample(lines, folder)
        #expect(sample.lines.isEmpty && !sample.isAtEnd)
        try sample.read()
        let first = Self.texts(sample)
        #expect(first == Array(lines.prefix(first.count)) && first.count > 2000 && first.count < 3000 && !sample.isAtEnd)
        #expect(sample.bytes <= LineSample.blockBytes)
        try sample.read(blocks: 100)
        #expect(Self.texts(sample) == lines && sample.isAtEnd)
    }

    @Test func passedOverBlocksAreNotKept() throws {
        let (folder, lines) = (try ScratchFolder(), Self.lines(10_000))
        let sample = try Self.sample(lines, folder)
        try sample.read(blocks: 1, passingOver: 1)
        let second = Self.texts(sample)
        #expect(second.first != lines[0] && second == Array(lines.drop { $0 != second.first }.prefix(second.count)))
        try sample.read(blocks: 1, passingOver: 100)
        #expect(Self.texts(sample) == second && sample.isAtEnd)
    }

    @Test func blankLinesAndMarksAreNoLines() throws {
        let folder = try ScratchFolder()
        let sample = try Self.sample(["\u{FEFF}{\"a\":1}", "", "  \r", "{\"a\":2}\r"], folder)
        try sample.read()
        #expect(Self.texts(sample) == ["{\"a\":1}", "{\"a\":2}\r"])
    }

    @Test func emptyAndMissingFiles() throws {
        let folder = try ScratchFolder()
        let empty = try Self.sample([], folder)
        try empty.read()
        #expect(empty.lines.isEmpty && empty.isAtEnd)
        #expect(throws: IngestError.self) { _ = try LineSample(path: folder.path("none"), maxLineBytes: 1 << 20) }
        let table = try Self.sample(["a,b", "1,2", "3,4"], folder)
        #expect(throws: IngestError.self) { try table.read() }
    }
}
