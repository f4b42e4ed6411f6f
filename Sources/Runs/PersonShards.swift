package import Events
import Foundation
import Ingest
import Synchronization

/// All rows, packed, grouped into shards of neighbouring persons, in input order within a shard.
///
/// In memory, shards are small enough that a worker's stays in its cache while it is folded. Where rows take more
/// than the budget they lie in a file, in shards as large as a worker may hold.
///
/// Unsafe code: the memory is that of all rows that were counted, and every place in it belongs to one worker; debug builds
/// assert the places.
package final class PersonShards: @unchecked Sendable {  // workers write disjoint ranges, then only read
    package let count: Int
    private let storage: Storage
    private let packing: RowPacking
    private let persons: Int
    /// Bytes before each shard; one more entry than shards.
    private let starts: [Int]

    private enum Storage {
        /// One anonymous mapping; pages come into being as they are written, while the blocks that the rows come
        /// from are let go.
        case memory(UnsafeMutableRawPointer)
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
        let spills = rows.contains { $0.isSpilled } || rows.reduce(0) { $0 + $1.bytes } > memoryBytes
        // A worker holds a shard from the file packed, and all of its rows unpacked; beside them lies what rows speak of.
        let rowsPerShard = max(1, (spills ? memoryBytes / (16 * threads) : Self.shardBytesInMemory) / layout.stride)
        let count = max(1, min(max(threads * 4, total / rowsPerShard), persons, 4096))
        self.count = count
        self.persons = persons
        packing = RowPacking(layout)
        let counted = try Parallel.run(
            count: rows.count, threads: threads, cancellation: cancellation,
            state: { _ in (scratch: RowScratch(), results: [(block: Int, bytes: [Int32])]()) }
        ) { state, index in
            var bytes = [Int32](repeating: 0, count: count)
            try rows[index].access(state.scratch, writing: false) {
                $0.forEach { row, size in
                    let person = EventRow(row).identity
                    if person != RowLayout.nobody { bytes[Self.shard(person, count, persons)] += Int32(size) }
                }
            }
            state.results.append((index, bytes))
        }
        // offsets[block][shard]: where the block's rows of that shard begin.
        var offsets = Array(repeating: [Int](), count: rows.count)
        for (block, bytes) in counted.map(\.results).joined() { offsets[block] = bytes.map(Int.init) }
        var starts = [0]
        for shard in 0..<count {
            var place = starts[shard]
            for block in offsets.indices {
                let bytes = offsets[block][shard]
                offsets[block][shard] = place
                place += bytes
            }
            starts.append(place)
        }
        self.starts = starts
        storage = spills ? .file(try SpillFile()) : try Self.map(starts[count])
        let (waiting, places) = (Handover(rows), offsets)
        blocks = []
        _ = try Parallel.run(count: places.count, threads: threads, cancellation: cancellation, state: { _ in Hands() }) { hands, index in
            try self.scatter(waiting.take(index), places[index], hands)
        }
    }

    deinit {
        if case .memory(let memory) = storage { munmap(memory, max(1, starts[count])) }
    }

    /// In small pages: rows go to all shards at once, and large ones would all be there long before they are full.
    private static func map(_ bytes: Int) throws -> Storage {
        guard let memory = mmap(nil, max(1, bytes), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), memory != MAP_FAILED else {
            throw RunError.output("no memory for \(bytes) bytes of rows; a smaller --memory keeps them on disk")
        }
        return .memory(memory)
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
        case .memory(let target):
            var places = offsets
            try rows.access(hands.scratch, writing: false) { place($0, in: target, &places) }
        case .file(let file):
            // First in order of shards in memory, then each shard's run in one write.
            let sorted = hands.sorted.room(rows.bytes)
            var runs = [Int](repeating: 0, count: count + 1)
            try rows.access(hands.scratch, writing: false) { rows in
                rows.forEach { row, size in
                    let person = EventRow(row).identity
                    if person != RowLayout.nobody { runs[Self.shard(person, count, persons) + 1] += size }
                }
                for shard in 0..<count { runs[shard + 1] += runs[shard] }
                var places = runs
                place(rows, in: sorted, &places)
            }
            for shard in 0..<count where runs[shard + 1] > runs[shard] {
                let run = UnsafeRawBufferPointer(start: sorted + runs[shard], count: runs[shard + 1] - runs[shard])
                try file.write(run, at: Int64(offsets[shard]))
            }
        }
    }

    /// Copies every row with a person to the next place of its shard.
    private func place(_ rows: PackedRows, in target: UnsafeMutableRawPointer, _ places: inout [Int]) {
        rows.forEach { row, size in
            let person = EventRow(row).identity
            guard person != RowLayout.nobody else { return }
            let shard = Self.shard(person, count, persons)
            assert(places[shard] + size <= starts[count], "\(size) bytes at \(places[shard]) of \(starts[count])")
            (target + places[shard]).copyMemory(from: row, byteCount: size)
            places[shard] += size
        }
    }

    /// A shard's persons are those whose number · count / persons it is.
    func first(ofShard shard: Int) -> Int { (shard * persons + count - 1) / count }

    /// A shard's rows, which come to the scratch memory where they lie in a file.
    func rows(ofShard shard: Int, _ scratch: RowScratch) throws -> PackedRows {
        let bytes = starts[shard + 1] - starts[shard]
        switch storage {
        case .memory(let rows): return PackedRows(rows + starts[shard], bytes: bytes, packing)
        case .file(let file):
            let memory = scratch.room(bytes)
            try file.read(into: UnsafeMutableRawBufferPointer(start: memory, count: bytes), at: Int64(starts[shard]))
            return PackedRows(memory, bytes: bytes, packing)
        }
    }

    /// A worker's memory for a shard that lies in a file, and for its rows as their layout has them.
    package final class Scratch: @unchecked Sendable {  // belongs to one worker
        fileprivate let packed = RowScratch()
        fileprivate let rows = RowScratch()
        package init() {}
    }

    /// Calls `body` with the rows of every person of a shard, in input order.
    func forEachPerson(in shard: Int, _ scratch: Scratch, _ body: (UInt32, Span<EventRow>) -> Void) throws {
        let packed = try rows(ofShard: shard, scratch.packed)
        let (first, end) = (self.first(ofShard: shard), self.first(ofShard: shard + 1))
        var places = [Int32](repeating: 0, count: end - first + 1)
        packed.forEach { row, _ in places[Int(EventRow(row).identity) - first + 1] += 1 }
        for index in 1..<places.count { places[index] += places[index - 1] }
        let personStarts = places
        let rowCount = Int(places[end - first])
        let stride = packing.layout.stride
        let block = RowBlock(scratch.rows.room(rowCount * stride), count: rowCount, stride: stride)
        packed.forEach { row, _ in
            let index = Int(EventRow(row).identity) - first
            packing.unpack(row, to: block.bytes(of: Int(places[index])..<Int(places[index]) + 1).baseAddress!)
            places[index] += 1
        }
        let sorted = (0..<rowCount).map { block[$0] }
        let rows = sorted.span
        for index in 0..<(end - first) where personStarts[index + 1] > personStarts[index] {
            body(UInt32(first + index), rows.extracting(Int(personStarts[index])..<Int(personStarts[index + 1])))
        }
    }

    /// Gives the memory of a shard back, which is not to be looked at again: what is counted takes its place.
    func letGo(_ shard: Int) {
        guard case .memory(let rows) = storage else { return }
        // Only whole pages: the neighbours may still be asked for.
        let page = Int(getpagesize())
        let (start, end) = ((starts[shard] + page - 1) / page * page, starts[shard + 1] / page * page)
        if start < end { madvise(rows + start, end - start, MADV_DONTNEED) }
    }

    /// Calls `body` with the rows of one person, in input order; not at all where there are none.
    package func withRows(of person: UInt32, _ body: (Span<EventRow>) -> Void) throws {
        try forEachPerson(in: Self.shard(person, count, persons), Scratch()) { found, rows in
            if found == person { body(rows) }
        }
    }
}

/// Blocks on their way to the workers that use them up: each is released when its worker is done with it.
private final class Handover: Sendable {
    private let rows: Mutex<[EventRows?]>

    init(_ blocks: [EventRows]) { rows = Mutex(blocks) }

    func take(_ index: Int) -> EventRows {
        rows.withLock { rows in
            defer { rows[index] = nil }
            return rows[index]!
        }
    }
}
