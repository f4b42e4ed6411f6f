import Events
import Foundation
import Ingest

/// All rows, grouped into shards of neighbouring persons, in input order within a shard.
///
/// In memory, shards are small enough that a worker's stays in its cache while it is folded. Where rows take more
/// than the budget they lie in a file, in shards as large as a worker may hold.
///
/// Unsafe code: rows are written to and read from places that were counted before; each place belongs to one worker.
package final class PersonShards: @unchecked Sendable {  // workers write disjoint ranges, then only read
    package let count: Int
    private let storage: Storage
    private let stride: Int
    private let persons: Int
    /// Rows before each shard; one more entry than shards.
    private let starts: [Int]

    private enum Storage {
        /// One anonymous mapping; pages come into being as they are written, while the blocks that the rows come
        /// from are let go.
        case memory(UnsafeMutableRawPointer, bytes: Int)
        case file(SpillFile)
    }

    /// Half of a second-level cache.
    private static let shardBytesInMemory = 640 << 10

    /// Takes the rows out of `blocks`, which are released one by one. Nobody's rows are left behind.
    /// - Parameter memoryBytes: rows beyond this size go to a file.
    init(
        _ blocks: inout [EventLog.Block], persons: Int, layout: RowLayout, memoryBytes: Int, threads: Int, cancellation: Cancellation
    ) throws {
        let rows = blocks.map(\.rows)
        let total = rows.reduce(0) { $0 + $1.count }
        let spills = total * layout.stride > memoryBytes
        let rowsPerShard = max(1, (spills ? memoryBytes / (2 * threads) : Self.shardBytesInMemory) / layout.stride)
        let count = max(1, min(max(threads * 4, total / rowsPerShard), persons, 4096))
        self.count = count
        self.persons = persons
        stride = layout.stride
        let counted = try Parallel.run(
            count: rows.count, threads: threads, cancellation: cancellation,
            state: { _ in (scratch: RowScratch(), results: [(block: Int, rows: [Int32])]()) }
        ) { state, index in
            var counts = [Int32](repeating: 0, count: count)
            try rows[index].access(state.scratch, writing: false) { base in
                for place in 0..<rows[index].count {
                    let person = (base + place * layout.stride).load(fromByteOffset: RowLayout.identityOffset, as: UInt32.self)
                    if person != RowLayout.nobody { counts[Self.shard(person, count, persons)] += 1 }
                }
            }
            state.results.append((index, counts))
        }
        // offsets[block][shard]: where the block's rows of that shard begin.
        var offsets = Array(repeating: [Int](), count: rows.count)
        for (block, counts) in counted.map(\.results).joined() { offsets[block] = counts.map(Int.init) }
        var starts = [0]
        for shard in 0..<count {
            var place = starts[shard]
            for block in offsets.indices {
                let rows = offsets[block][shard]
                offsets[block][shard] = place
                place += rows
            }
            starts.append(place)
        }
        self.starts = starts
        storage = spills ? .file(try SpillFile()) : try Self.map(max(1, starts[count] * layout.stride))
        let (waiting, places) = (Handover(rows), offsets)
        blocks = []
        _ = try Parallel.run(count: places.count, threads: threads, cancellation: cancellation, state: { _ in Hands() }) { hands, index in
            try self.scatter(waiting.take(index), places[index], hands)
        }
    }

    deinit { if case .memory(let memory, let bytes) = storage { munmap(memory, bytes) } }

    private static func map(_ bytes: Int) throws -> Storage {
        guard let memory = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), memory != MAP_FAILED else {
            throw RunError.output("no memory for \(bytes) bytes of rows; a smaller --memory keeps them on disk")
        }
        _ = madvise(memory, bytes, MADV_HUGEPAGE)
        return .memory(memory, bytes: bytes)
    }

    @inline(__always)
    private static func shard(_ person: UInt32, _ count: Int, _ persons: Int) -> Int { Int(person) * count / persons }

    /// A worker's memory: for a spilled block, and for its rows in order of shards.
    private final class Hands: @unchecked Sendable {  // belongs to one worker
        let scratch = RowScratch()
        let sorted = RowScratch()
    }

    /// Brings a block's rows to their shards, from the given places on.
    private func scatter(_ rows: EventRows, _ offsets: [Int], _ hands: Hands) throws {
        switch storage {
        case .memory(let memory, _):
            var places = offsets
            try rows.access(hands.scratch, writing: false) { place(rows, $0, in: memory, &places) }
        case .file(let file):
            // First in order of shards in memory, then each shard's run in one write.
            let sorted = hands.sorted.room(rows.bytes)
            var runs = [Int](repeating: 0, count: count + 1)
            try rows.access(hands.scratch, writing: false) { base in
                for index in 0..<rows.count {
                    let person = self.person(base + index * stride)
                    if person != RowLayout.nobody { runs[Self.shard(person, count, persons) + 1] += 1 }
                }
                for shard in 0..<count { runs[shard + 1] += runs[shard] }
                var places = runs
                place(rows, base, in: sorted, &places)
            }
            for shard in 0..<count where runs[shard + 1] > runs[shard] {
                let bytes = UnsafeRawBufferPointer(start: sorted + runs[shard] * stride, count: (runs[shard + 1] - runs[shard]) * stride)
                try file.write(bytes, at: Int64(offsets[shard] * stride))
            }
        }
    }

    /// Copies every row with a person to the next place of its shard.
    private func place(_ rows: EventRows, _ base: UnsafeMutableRawPointer, in target: UnsafeMutableRawPointer, _ places: inout [Int]) {
        for index in 0..<rows.count {
            let row = base + index * stride
            let person = person(row)
            guard person != RowLayout.nobody else { continue }
            let shard = Self.shard(person, count, persons)
            (target + places[shard] * stride).copyMemory(from: row, byteCount: stride)
            places[shard] += 1
        }
    }

    @inline(__always)
    private func person(_ row: UnsafeMutableRawPointer) -> UInt32 { row.load(fromByteOffset: RowLayout.identityOffset, as: UInt32.self) }

    /// Calls `body` with the rows of every person of a shard, in input order.
    func forEachPerson(in shard: Int, _ scratch: RowScratch, _ body: (UInt32, UnsafeBufferPointer<UnsafeRawPointer>) -> Void) throws {
        let rowCount = starts[shard + 1] - starts[shard]
        guard rowCount > 0 else { return }
        let base: UnsafeMutableRawPointer
        switch storage {
        case .memory(let memory, _): base = memory + starts[shard] * stride
        case .file(let file):
            base = scratch.room(rowCount * stride)
            try file.read(into: UnsafeMutableRawBufferPointer(start: base, count: rowCount * stride), at: Int64(starts[shard] * stride))
        }
        // The persons whose number · count / persons is this shard.
        let first = (shard * persons + count - 1) / count
        let end = ((shard + 1) * persons + count - 1) / count
        var places = [Int32](repeating: 0, count: end - first + 1)
        for row in 0..<rowCount { places[Int(person(base + row * stride)) - first + 1] += 1 }
        for index in 1..<places.count { places[index] += places[index - 1] }
        let personStarts = places
        let sorted = UnsafeMutablePointer<UnsafeRawPointer>.allocate(capacity: rowCount)
        defer { sorted.deallocate() }
        for row in 0..<rowCount {
            let index = Int(person(base + row * stride)) - first
            sorted[Int(places[index])] = UnsafeRawPointer(base + row * stride)
            places[index] += 1
        }
        for index in 0..<(end - first) where personStarts[index + 1] > personStarts[index] {
            let rows = UnsafeBufferPointer(
                start: sorted + Int(personStarts[index]), count: Int(personStarts[index + 1] - personStarts[index]))
            body(UInt32(first + index), rows)
        }
    }

    /// Calls `body` with the rows of one person, in input order; not at all where there are none.
    package func withRows(of person: UInt32, _ body: (UnsafeBufferPointer<UnsafeRawPointer>) -> Void) throws {
        try forEachPerson(in: Self.shard(person, count, persons), RowScratch()) { found, rows in
            if found == person { body(rows) }
        }
    }
}

/// Blocks on their way to the workers that use them up: each is released when its worker is done with it.
private final class Handover: @unchecked Sendable {  // each index is taken by one worker only
    private let rows: UnsafeMutableBufferPointer<EventRows?>

    init(_ blocks: [EventRows]) {
        rows = .allocate(capacity: blocks.count)
        _ = rows.initialize(from: blocks)
    }

    deinit {
        rows.deinitialize()
        rows.deallocate()
    }

    func take(_ index: Int) -> EventRows {
        defer { rows[index] = nil }
        return rows[index]!
    }
}
