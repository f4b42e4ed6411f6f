import Events
import Foundation
import Ingest

/// All rows, grouped into shards of neighbouring persons, in input order within a shard: small enough that one
/// worker's shard stays in its cache while it is folded.
///
/// Unsafe code: one anonymous mapping of exactly as many rows as were counted. Its pages come into being as they
/// are written, while the blocks that the rows come from are let go.
final class PersonShards: @unchecked Sendable {  // workers write disjoint ranges, then only read
    let count: Int
    private let memory: UnsafeMutableRawPointer
    private let bytes: Int
    private let stride: Int
    private let persons: Int
    /// Rows before each shard; one more entry than shards.
    private var starts: [Int]

    static let rowsPerShard = 1 << 16

    /// Takes the rows out of `blocks`, which are released one by one. Nobody's rows are left behind.
    init(_ blocks: inout [EventLog.Block], persons: Int, layout: RowLayout, threads: Int, cancellation: Cancellation) throws {
        let total = blocks.reduce(0) { $0 + $1.rows.count }
        let count = max(1, min(max(threads * 4, total / Self.rowsPerShard), persons, 4096))
        self.count = count
        self.persons = persons
        stride = layout.stride
        let frozen = blocks
        let counted = try Parallel.run(
            count: blocks.count, threads: threads, cancellation: cancellation, state: { _ in [(block: Int, rows: [Int32])]() }
        ) { results, index in
            var rows = [Int32](repeating: 0, count: count)
            let block = frozen[index].rows
            for place in 0..<block.count {
                let person = block[place].load(fromByteOffset: RowLayout.identityOffset, as: UInt32.self)
                if person != Stitching.nobody { rows[Self.shard(person, count, persons)] += 1 }
            }
            results.append((index, rows))
        }
        // offsets[block][shard]: where the block's rows of that shard begin.
        var offsets = Array(repeating: [Int](), count: blocks.count)
        for (block, rows) in counted.joined() { offsets[block] = rows.map(Int.init) }
        starts = [0]
        for shard in 0..<count {
            var place = starts[shard]
            for block in offsets.indices {
                let rows = offsets[block][shard]
                offsets[block][shard] = place
                place += rows
            }
            starts.append(place)
        }
        bytes = max(1, starts[count] * stride)
        guard let mapped = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), mapped != MAP_FAILED else {
            throw RunError.broken("no memory for \(bytes) bytes of rows")
        }
        memory = mapped
        _ = madvise(mapped, bytes, MADV_HUGEPAGE)
        try scatter(&blocks, offsets, threads, cancellation)
    }

    deinit { munmap(memory, bytes) }

    @inline(__always)
    private static func shard(_ person: UInt32, _ count: Int, _ persons: Int) -> Int { Int(person) * count / persons }

    private func scatter(_ blocks: inout [EventLog.Block], _ offsets: [[Int]], _ threads: Int, _ cancellation: Cancellation) throws {
        let waiting = Handover(blocks.map(\.rows))
        blocks = []
        _ = try Parallel.run(count: offsets.count, threads: threads, cancellation: cancellation, state: { _ in }) { _, index in
            let rows = waiting.take(index)
            var places = offsets[index]
            for place in 0..<rows.count {
                let row = rows[place]
                let person = row.load(fromByteOffset: RowLayout.identityOffset, as: UInt32.self)
                guard person != Stitching.nobody else { continue }
                let shard = Self.shard(person, self.count, self.persons)
                (self.memory + places[shard] * self.stride).copyMemory(from: row, byteCount: self.stride)
                places[shard] += 1
            }
        }
    }

    /// Calls `body` with the rows of every person of a shard, in input order.
    func forEachPerson(in shard: Int, _ body: (UInt32, UnsafeBufferPointer<UnsafeRawPointer>) -> Void) {
        let rowCount = starts[shard + 1] - starts[shard]
        guard rowCount > 0 else { return }
        // Persons with number · count / persons == shard.
        let first = (shard * persons + count - 1) / count
        let end = ((shard + 1) * persons + count - 1) / count
        var places = [Int32](repeating: 0, count: end - first + 1)
        let base = memory + starts[shard] * stride
        func person(_ row: Int) -> Int { Int((base + row * stride).load(fromByteOffset: RowLayout.identityOffset, as: UInt32.self)) - first }
        for row in 0..<rowCount { places[person(row) + 1] += 1 }
        for index in 1..<places.count { places[index] += places[index - 1] }
        let personStarts = places
        withUnsafeTemporaryAllocation(of: UnsafeRawPointer.self, capacity: rowCount) { sorted in
            for row in 0..<rowCount {
                let index = person(row)
                sorted.initializeElement(at: Int(places[index]), to: UnsafeRawPointer(base + row * stride))
                places[index] += 1
            }
            for index in 0..<(end - first) where personStarts[index + 1] > personStarts[index] {
                let rows = UnsafeBufferPointer(rebasing: sorted[Int(personStarts[index])..<Int(personStarts[index + 1])])
                body(UInt32(first + index), rows)
            }
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
