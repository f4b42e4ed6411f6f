public import Events

/// A table's cells in parts, one for each day: what a run changes of the tables is kept part by part. Only after `finish`.
extension CellTable {
    private static let version: UInt8 = 1

    /// The days of all keys that have something to count.
    public var parts: Set<Int32> {
        let filled = filledCells
        return (0..<count).reduce(into: []) { if filled[$1] { $0.insert(key(of: $1).day) } }
    }

    /// By cell: whether any counter or bucket is not zero.
    var filledCells: [Bool] {
        var filled = (0..<count).map { cell in (0..<shape.counterCount).contains { counter($0, of: cell) != 0 } }
        for place in 0..<buckets.count { filled[buckets.cell(at: place)] = true }
        return filled
    }

    /// Whether any counter or bucket is below zero: sums of sound cells never are.
    var hasNegatives: Bool {
        (0..<count).contains { cell in (0..<shape.counterCount).contains { counter($0, of: cell) < 0 } }
            || (0..<buckets.count).contains { buckets.count(at: $0) < 0 }
    }

    // MARK: As bytes

    /// The given parts as sealed bytes, with the texts that their keys hold; parts without cells are left out.
    public func encode(parts wanted: Set<Int32>, texts: SharedTexts) -> [Int32: [UInt8]] {
        let (filled, starts) = (filledCells, bucketStarts)
        var cellsOfPart: [Int32: [Int]] = [:]
        for cell in 0..<count where filled[cell] && wanted.contains(key(of: cell).day) {
            cellsOfPart[key(of: cell).day, default: []].append(cell)
        }
        return cellsOfPart.mapValues { encode($0, starts, texts) }
    }

    private func encode(_ cells: [Int], _ starts: [UInt32], _ texts: SharedTexts) -> [UInt8] {
        var numbers = TextNumbers()
        var body = ByteEncoder()
        for cell in cells {
            key(of: cell).put(to: &body, &numbers, texts: shape.texts)
            for counter in 0..<shape.counterCount { body.put(signed: self.counter(counter, of: cell)) }
            putBuckets(starts.isEmpty ? 0..<0 : Int(starts[cell])..<Int(starts[cell + 1]), to: &body)
        }
        var coder = SealedBytes.begin(.cells, version: Self.version)
        coder.put(text: shape.name)
        coder.put(signed: Int64(key(of: cells[0]).day))
        texts.put(numbers, to: &coder)
        coder.put(body)
        return SealedBytes.seal(coder, count: cells.count)
    }

    /// A cell's, measure by measure.
    private func putBuckets(_ all: Range<Int>, to coder: inout ByteEncoder) {
        let measures = all.count { $0 == all.lowerBound || measure($0 - 1) != measure($0) }
        coder.put(measures)
        var start = all.lowerBound
        while start < all.upperBound {
            var end = start + 1
            while end < all.upperBound, measure(end) == measure(start) { end += 1 }
            coder.put(measure(start))
            coder.put(end - start)
            var before: UInt32 = 0
            for index in start..<end {
                let entry = entry(index)
                coder.put(UInt64(entry.bucket - before))
                coder.put(signed: entry.count)
                before = entry.bucket
            }
            start = end
        }
    }

    /// Adds a part that `encode` wrote, whose cells must not be here yet. Throws `DamagedBytes`.
    /// - Parameters:
    ///   - part: the day that it is to be of.
    ///   - texts: takes in the texts of its keys.
    ///
    /// Unsafe code: `ByteDecoder` checks every read against the end of `bytes`.
    public func decode(part: Int32, _ bytes: UnsafeRawBufferPointer, texts: SharedTexts) throws {
        var (decoder, cellCount) = try SealedBytes.open(bytes, .cells, version: Self.version)
        guard try decoder.text().elementsEqual(shape.name.utf8), try decoder.signed() == part else { throw DamagedBytes() }
        let symbols = try texts.symbols(&decoder)
        buckets.sum()
        for _ in 0..<cellCount {
            let before = count
            let cell = cell(try CellKey(&decoder, symbols, texts: shape.texts, day: part))
            guard cell == before else { throw DamagedBytes() }
            for counter in 0..<shape.counterCount { add(try decoder.signed(), toPlace: counter, of: cell) }
            try takeBuckets(&decoder, of: cell)
        }
        guard decoder.isAtEnd else { throw DamagedBytes() }
    }

    private func takeBuckets(_ decoder: inout ByteDecoder, of cell: Int) throws {
        for _ in 0..<(try decoder.count()) {
            let measure = try decoder.number(below: max(1, shape.measureCount))
            var bucket: UInt64 = 0
            for _ in 0..<(try decoder.count()) {
                bucket += UInt64(try decoder.number(below: Int(LogLinear.lastBucket) + 1))
                guard bucket <= LogLinear.lastBucket else { throw DamagedBytes() }
                // A new cell's keys are above those of all others.
                let count = try decoder.signed()
                guard buckets.append(cell: cell, measure: measure, bucket: UInt32(bucket), count: count) else { throw DamagedBytes() }
            }
        }
    }
}

/// A part of a table's cells as the bytes that `encode` wrote.
public struct CellPart: Sendable {
    public let day: Int32
    public let bytes: [UInt8]

    public init(day: Int32, bytes: [UInt8]) { (self.day, self.bytes) = (day, bytes) }

    /// How much it holds at most: what it says, unless the bytes are too few for that. A bucket takes two bytes, and what a cell has
    /// besides takes one for each number.
    func room(of shape: CellShape) -> CellRoom {
        let cellBytes = 4 + 3 + shape.counterCount
        let cells = min(SealedBytes.countUnchecked(bytes), bytes.count / cellBytes)
        return CellRoom(cells: cells, buckets: shape.measureCount == 0 ? 0 : (bytes.count - cells * cellBytes) / 2)
    }
}
