import Events

/// A table's cells in parts, one for each last number of the keys, which is the day: what a run changes of the tables is
/// kept part by part. Only after `finish`.
extension CellTable {
    /// The last numbers of all keys that have something to count.
    public var parts: Set<UInt32> {
        let filled = filledCells
        return Set((0..<keys.count).lazy.filter { filled[$0] }.map { self.keys[$0][self.width - 1] })
    }

    /// By cell: whether any counter or bucket is not zero.
    private var filledCells: [Bool] {
        var filled = (0..<keys.count).map { cell in (0..<counterCount).contains { counter($0, of: cell) != 0 } }
        forEachDistribution { cell, _, _ in filled[cell] = true }
        return filled
    }

    /// Whether any counter or bucket is below zero: sums of sound cells never are.
    public var hasNegatives: Bool {
        (0..<keys.count).contains { cell in (0..<counterCount).contains { counter($0, of: cell) < 0 } } || buckets.counts.contains { $0 < 0 }
    }

    /// The same cells without those that are zero throughout; as sizes where `magnitudes` is true.
    public func withoutZeros(magnitudes: Bool = false) -> CellTable {
        func size(_ count: Int64) -> Int64 { magnitudes ? abs(count) : count }
        let table = CellTable(width: width, counterCount: counterCount, textColumns: textColumns)
        let filled = filledCells
        var cells = [UInt32](repeating: 0, count: keys.count)
        for cell in 0..<keys.count where filled[cell] {
            let copy = table.cell(keys[cell].baseAddress!)
            cells[cell] = UInt32(copy)
            for counter in 0..<counterCount { table.add(size(self.counter(counter, of: cell)), to: counter, of: copy) }
        }
        // Cells keep their order, so the buckets keep theirs.
        table.buckets.merge(
            buckets.keys.map { UInt64(cells[Int($0 >> 24)]) << 24 | $0 & 0xFF_FFFF }, buckets.counts.map(size))
        return table
    }

    /// The given parts as bytes; parts without cells are left out.
    /// - Parameter text: what a symbol is called where the bytes are kept.
    public func encode(parts wanted: Set<UInt32>, text: (UInt32) -> UInt64) -> [UInt32: [UInt8]] {
        var ranges: [Int: [(measure: Int, buckets: Range<Int>)]] = [:]
        forEachDistribution { cell, measure, buckets in ranges[cell, default: []].append((measure, buckets)) }
        let filled = filledCells
        var coded: [UInt32: ByteEncoder] = [:]
        for cell in 0..<keys.count where filled[cell] && wanted.contains(keys[cell][width - 1]) {
            let key = keys[cell]
            encode(cell, ranges[cell] ?? [], text, to: &coded[key[width - 1], default: ByteEncoder()])
        }
        return coded.mapValues(\.bytes)
    }

    private func encode(
        _ cell: Int, _ measures: [(measure: Int, buckets: Range<Int>)], _ text: (UInt32) -> UInt64, to coder: inout ByteEncoder
    ) {
        let key = keys[cell]
        for column in 0..<(width - 1) { coder.put(textColumns.contains(column) ? text(key[column]) : UInt64(key[column])) }
        for counter in 0..<counterCount { coder.put(signed: self.counter(counter, of: cell)) }
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

    /// Adds a part that `encode` wrote, whose cells must not be here yet.
    /// - Parameter symbol: of what a text is called in the bytes; throws `DamagedBytes` where nothing is called so.
    public func decode(part: UInt32, _ bytes: UnsafeRawBufferPointer, symbol: (UInt64) throws -> UInt32) throws {
        var decoder = ByteDecoder(bytes)
        var key = [UInt32](repeating: 0, count: width)
        key[width - 1] = part
        var (bucketKeys, bucketCounts) = ([UInt64](), [Int64]())
        while !decoder.isAtEnd {
            for column in 0..<(width - 1) {
                let number = try decoder.number()
                guard number <= UInt32.max else { throw DamagedBytes() }
                key[column] = textColumns.contains(column) ? try symbol(number) : UInt32(number)
            }
            let before = keys.count
            let cell = key.withUnsafeBufferPointer { self.cell($0.baseAddress!) }
            guard cell == before else { throw DamagedBytes() }
            for counter in 0..<counterCount { add(try decoder.signed(), to: counter, of: cell) }
            for _ in 0..<(try decoder.count()) {
                let measure = try decoder.number(below: 1 << 8)
                var bucket: UInt64 = 0
                for _ in 0..<(try decoder.count()) {
                    bucket += try decoder.number()
                    guard bucket <= LogLinear.lastBucket else { throw DamagedBytes() }
                    bucketKeys.append(UInt64(cell) << 24 | UInt64(measure) << 16 | bucket)
                    bucketCounts.append(try decoder.signed())
                }
            }
        }
        guard zip(bucketKeys, bucketKeys.dropFirst()).allSatisfy({ $0 < $1 }) else { throw DamagedBytes() }
        buckets.merge(bucketKeys, bucketCounts)
    }
}
