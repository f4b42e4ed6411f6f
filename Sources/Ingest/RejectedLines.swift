import Events

/// One line put aside, with its place.
package struct RejectedLine: Sendable, Equatable {
    package var reason: RejectReason
    /// The run's number of the input file.
    package var input: Int
    /// From 1, blank lines counted.
    package var line: Int64
    /// Which of the line's records, from 1; nil for the line itself, or where it is its only record.
    package var record: Int64?
    /// Of the line's first byte in the decompressed stream.
    package var offset: Int64
    package var rawText: [UInt8]?
}

/// The lines of one block that were put aside, in few bytes each: a file of something else may have nothing but such lines,
/// and they must not take more memory than the rows of a good one.
struct RejectedBlock: Sendable {
    /// Of the block's first line, in the decompressed stream.
    private let offset: Int64
    private let input: Int
    private static let reasons = RejectReason.allCases
    private(set) var counts = [Int64](repeating: 0, count: reasons.count)
    /// With its number within the block, without its text.
    private(set) var first: RejectedLine?
    private var last: (line: Int64, offset: Int64)
    private var coder = ByteEncoder()
    private var spilled: (file: SpillFile, offset: Int64, bytes: Int)?

    init(input: Int, offset: Int64) {
        (self.input, self.offset) = (input, offset)
        last = (0, offset)
    }

    var count: Int64 { counts.reduce(0, +) }

    /// In memory.
    var bytes: Int { coder.bytes.count }

    /// - Parameters:
    ///   - line: from 1, within the block; not before those given already.
    ///   - text: nil where none is to be kept.
    mutating func append(_ reason: RejectReason, line: Int64, record: Int64? = nil, offset: Int64, text: Text?) {
        let place = Self.reasons.firstIndex(of: reason)!
        if first == nil { first = RejectedLine(reason: reason, input: input, line: line, record: record, offset: offset) }
        counts[place] += 1
        coder.put(place << 2 | (record == nil ? 0 : 2) | (text == nil ? 0 : 1))
        coder.put(UInt64(line - last.line))
        coder.put(UInt64(offset - last.offset))
        if let record { coder.put(UInt64(record)) }
        if let text { coder.put(text: text.bytes) }
        last = (line, offset)
    }

    mutating func spill(to file: SpillFile) throws {
        guard spilled == nil, bytes > 0 else { return }
        let place = file.reserve(bytes)
        try file.write(coder.bytes, at: place)
        spilled = (file, place, bytes)
        coder = ByteEncoder()
    }

    /// - Parameter linesBefore: lines of the input before the block.
    func forEachLine(linesBefore: Int64, _ body: (RejectedLine) throws -> Void) throws {
        let bytes = try spilled.map { try $0.file.read($0.bytes, at: $0.offset) } ?? coder.bytes
        try Text.with(bytes) { try decode(ByteDecoder($0.bytes), linesBefore, body) }
    }

    private func decode(_ decoder: ByteDecoder, _ linesBefore: Int64, _ body: (RejectedLine) throws -> Void) throws {
        var decoder = decoder
        var (line, offset) = (linesBefore, self.offset)
        while !decoder.isAtEnd {
            let kind = try decoder.number(below: Self.reasons.count << 2)
            line += Int64(try decoder.number())
            offset += Int64(try decoder.number())
            let record = kind & 2 == 0 ? nil : Int64(try decoder.number())
            let text = kind & 1 == 0 ? nil : Array(try decoder.text())
            try body(RejectedLine(reason: Self.reasons[kind >> 2], input: input, line: line, record: record, offset: offset, rawText: text))
        }
    }
}

/// All lines put aside, in the order of positions: counted, and listed one by one.
package struct RejectedLines: Sendable {
    private var blocks: [(lines: RejectedBlock, linesBefore: Int64)] = []
    private var counts = [Int64](repeating: 0, count: RejectReason.allCases.count)
    private var countOfInput: [Int: Int64] = [:]
    /// Without its text.
    package private(set) var first: RejectedLine?

    /// - Parameter linesBefore: lines of the input before the block.
    mutating func add(_ block: RejectedBlock, input: Int, linesBefore: Int64) {
        guard let head = block.first else { return }
        if first == nil {
            first = head
            first?.line += linesBefore
        }
        for place in counts.indices { counts[place] += block.counts[place] }
        countOfInput[input, default: 0] += block.count
        blocks.append((block, linesBefore))
    }

    package var count: Int64 { counts.reduce(0, +) }

    /// In memory.
    var bytes: Int { blocks.reduce(0) { $0 + $1.lines.bytes } }

    package func count(ofInput input: Int) -> Int64 { countOfInput[input] ?? 0 }

    /// Those that hold for some line, in the order of checking.
    package var reasons: [(reason: RejectReason, count: Int64)] { zip(RejectReason.allCases, counts).filter { $0.1 > 0 }.map { ($0, $1) } }

    package func forEachLine(_ body: (RejectedLine) throws -> Void) throws {
        for block in blocks { try block.lines.forEachLine(linesBefore: block.linesBefore, body) }
    }
}
