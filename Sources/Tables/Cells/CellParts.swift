public import Events

/// A table's cells in parts, one for each day: what a run changes of the tables is kept part by part. Only after `finish`.
extension CellTable {
    private static let version: UInt8 = 1

    /// The days of all keys that have something to count.
    public var parts: Set<Int32> {
        let filled = filledCells
        return Set((0..<count).lazy.filter { filled[$0] }.map { self.key(of: $0).day })
    }

    /// By cell: whether any counter or bucket is not zero.
    private var filledCells: [Bool] {
        var filled = (0..<count).map { cell in (0..<shape.counterCount).contains { counter($0, of: cell) != 0 } }
        forEachDistribution { cell, _, _ in filled[cell] = true }
        return filled
    }

    /// Whether any counter or bucket is below zero: sums of sound cells never are.
    var hasNegatives: Bool {
        (0..<count).contains { cell in (0..<shape.counterCount).contains { counter($0, of: cell) < 0 } }
            || buckets.counts.contains { $0 < 0 }
    }

    /// The same cells without those that are zero throughout; as sizes where `magnitudes` is true.
    func withoutZeros(magnitudes: Bool = false) -> CellTable {
        func size(_ count: Int64) -> Int64 { magnitudes ? abs(count) : count }
        let table = CellTable(shape)
        let filled = filledCells
        var cells = [UInt32](repeating: 0, count: count)
        for cell in 0..<count where filled[cell] {
            let copy = table.cell(key(of: cell))
            cells[cell] = UInt32(copy)
            for counter in 0..<shape.counterCount { table.add(size(self.counter(counter, of: cell)), toPlace: counter, of: copy) }
        }
        // Cells keep their order, so the buckets keep theirs.
        table.buckets.merge(
            buckets.keys.map { UInt64(cells[Int($0 >> 24)]) << 24 | $0 & 0xFF_FFFF }, buckets.counts.map(size))
        return table
    }

    // MARK: As bytes

    /// The given parts as sealed bytes, with the texts that their keys hold; parts without cells are left out.
    public func encode(parts wanted: Set<Int32>, texts: SymbolTable) -> [Int32: [UInt8]] {
        var ranges: [Int: [(measure: Int, buckets: Range<Int>)]] = [:]
        forEachDistribution { cell, measure, buckets in ranges[cell, default: []].append((measure, buckets)) }
        let filled = filledCells
        var cellsOfPart: [Int32: [Int]] = [:]
        for cell in 0..<count where filled[cell] && wanted.contains(key(of: cell).day) {
            cellsOfPart[key(of: cell).day, default: []].append(cell)
        }
        return cellsOfPart.mapValues { encode($0, ranges, texts) }
    }

    private func encode(_ cells: [Int], _ ranges: [Int: [(measure: Int, buckets: Range<Int>)]], _ texts: SymbolTable) -> [UInt8] {
        var numbers = TextNumbers()
        var body = ByteEncoder()
        for cell in cells {
            let key = key(of: cell)
            key.put(to: &body, &numbers, texts: shape.texts)
            for counter in 0..<shape.counterCount { body.put(signed: self.counter(counter, of: cell)) }
            put(ranges[cell] ?? [], to: &body)
        }
        var coder = SealedBytes.begin(.cells, version: Self.version)
        coder.put(text: shape.name)
        coder.put(signed: Int64(key(of: cells[0]).day))
        numbers.put(to: &coder, texts)
        coder.put(body)
        return SealedBytes.seal(coder, count: cells.count)
    }

    private func put(_ measures: [(measure: Int, buckets: Range<Int>)], to coder: inout ByteEncoder) {
        coder.put(measures.count)
        for (measure, range) in measures {
            coder.put(measure)
            coder.put(range.count)
            var before: UInt32 = 0
            for index in range {
                let (bucket, count) = bucket(index)
                coder.put(UInt64(bucket - before))
                coder.put(signed: count)
                before = bucket
            }
        }
    }

    /// Adds a part that `encode` wrote, whose cells must not be here yet. Throws `DamagedBytes`.
    /// - Parameters:
    ///   - part: the day that it is to be of.
    ///   - texts: takes in the texts of its keys.
    ///
    /// Unsafe code: `ByteDecoder` checks every read against the end of `bytes`.
    public func decode(part: Int32, _ bytes: UnsafeRawBufferPointer, texts: SymbolTable) throws {
        var (decoder, cellCount) = try SealedBytes.open(bytes, .cells, version: Self.version)
        guard try decoder.text().elementsEqual(shape.name.utf8), try decoder.signed() == part else { throw DamagedBytes() }
        let symbols = try TextNumbers.symbols(&decoder, texts)
        var (bucketKeys, bucketCounts) = ([UInt64](), [Int64]())
        for _ in 0..<cellCount {
            let before = count
            let cell = cell(try CellKey(&decoder, symbols, texts: shape.texts, day: part))
            guard cell == before else { throw DamagedBytes() }
            for counter in 0..<shape.counterCount { add(try decoder.signed(), toPlace: counter, of: cell) }
            try takeBuckets(&decoder, of: cell, &bucketKeys, &bucketCounts)
        }
        guard decoder.isAtEnd, zip(bucketKeys, bucketKeys.dropFirst()).allSatisfy({ $0 < $1 }) else { throw DamagedBytes() }
        buckets.merge(bucketKeys, bucketCounts)
    }

    private func takeBuckets(_ decoder: inout ByteDecoder, of cell: Int, _ keys: inout [UInt64], _ counts: inout [Int64]) throws {
        for _ in 0..<(try decoder.count()) {
            let measure = try decoder.number(below: max(1, shape.measureCount))
            var bucket: UInt64 = 0
            for _ in 0..<(try decoder.count()) {
                bucket += UInt64(try decoder.number(below: Int(LogLinear.lastBucket) + 1))
                guard bucket <= LogLinear.lastBucket else { throw DamagedBytes() }
                keys.append(UInt64(cell) << 24 | UInt64(measure) << 16 | bucket)
                counts.append(try decoder.signed())
            }
        }
    }
}
