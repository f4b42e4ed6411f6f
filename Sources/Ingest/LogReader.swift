import Dispatch
import Events
import Synchronization

/// Reads all inputs on `threads` workers.
package final class LogReader: Sendable {
    private let inputs: [InputFile]
    private let plan: ReadPlan
    private let threads: Int
    private let blocks: BlockReader
    private let linesRead = Atomic<Int64>(0)
    private let memoryBytes: Int
    private let expectsEnd: Bool
    /// Of rows, whether they were spilled or not, and of tables.
    private let heldBytes = Atomic<Int>(0)
    private let rejectedBytes = Atomic<Int>(0)
    private let rejectedCount = Atomic<Int64>(0)
    /// Lines put aside beyond this size are spilled, whatever room there is for rows.
    private static let rejectedBytesMax = 32 << 20
    private let spill = Mutex<SpillFile?>(nil)
    private let interval: ReadInterval?
    private let places: Mutex<[Place]>

    /// How far an input was read: the lines that are no blank ones, and all.
    private struct Place {
        var lines: Int64 = 0
        var linesBehind: Int64
        var trailers: TrailerCheck
    }

    /// - Parameter inputs: in the order of positions.
    /// - Parameter memoryBytes: rows are spilled to a file once they and the tables of what they say take more than this.
    /// - Parameter expectsEnd: every input must end with a trailer.
    /// - Parameter interval: for inputs without end: `read` then returns after each interval in which lines came, and is to be
    ///   called again for more. nil: it returns at the ends of all inputs.
    package init(
        inputs: [InputFile], plan: ReadPlan, threads: Int, blockBytes: Int, memoryBytes: Int, expectsEnd: Bool = false,
        interval: ReadInterval? = nil,
        cancellation: Cancellation
    ) {
        self.memoryBytes = memoryBytes
        self.expectsEnd = expectsEnd
        self.interval = interval
        self.inputs = inputs
        self.plan = plan
        self.threads = max(1, threads)
        places = Mutex(inputs.map { Place(linesBehind: $0.linesBefore, trailers: TrailerCheck(path: $0.path)) })
        blocks = BlockReader(
            inputs: inputs, sizes: BlockSizes(target: blockBytes, maxLineBytes: plan.maxLineBytes), workers: self.threads,
            interval: interval, cancellation: cancellation)
    }

    /// For a progress line; may be asked from another thread at any time.
    package var progress: (lines: Int64, fileBytes: Int64) { (linesRead.load(ordering: .relaxed), blocks.fileBytesUsed) }

    private struct Share {
        var results: [(block: ReadBlock, reader: Int)] = []
        var symbols: [EventLog.Symbols?]
        var facts: [SourceFacts] = []
        var failure: (any Error)?

        mutating func add(_ facts: [SourceFacts]) {
            guard !self.facts.isEmpty else { return self.facts = facts }
            for (source, more) in facts.enumerated() { self.facts[source].add(more) }
        }
    }

    /// - Parameter rejectsMax: once more lines than this are put aside, no others are read.
    /// Throws `IngestError` when any input cannot be read to its sound end, or is not as long as its trailers say.
    package func read(rejectsMax: Int64? = nil) throws -> EventLog {
        let before = places.withLock { $0.map(\.linesBehind) }
        while true {
            interval?.begin()
            let log = try readOn(rejectsMax ?? .max)
            if log.isLast || log.inputs.map(\.linesBehind) != before { return log }
        }
    }

    /// Up to the inputs' ends, or the interval's.
    private func readOn(_ rejectsMax: Int64) throws -> EventLog {
        blocks.resume()
        heldBytes.store(0, ordering: .relaxed)
        rejectedBytes.store(0, ordering: .relaxed)
        rejectedCount.store(0, ordering: .relaxed)
        spill.withLock { $0 = nil }
        let shared = Mutex(Share(symbols: Array(repeating: nil, count: threads)))
        DispatchQueue.concurrentPerform(iterations: threads) { worker in
            let reader = EventReader(plan: plan)
            var results: [(block: ReadBlock, reader: Int)] = []
            var tableBytes = 0
            var hasSpilled = false
            do {
                while let block = try blocks.next() {
                    var result = reader.read(block, source: inputs[block.input].source)
                    blocks.recycle(block)
                    linesRead.wrappingAdd(result.lines, ordering: .relaxed)
                    let grown = reader.tableBytes - tableBytes
                    tableBytes += grown
                    heldBytes.wrappingAdd(grown + (result.rows?.bytes ?? 0), ordering: .relaxed)
                    try keep(&result)
                    if isSpilling, !hasSpilled {
                        hasSpilled = true
                        try spill(results)
                    }
                    if rejectedCount.wrappingAdd(result.rejected.count, ordering: .relaxed).newValue > rejectsMax { blocks.stop() }
                    results.append((result, worker))
                }
            } catch {
                shared.withLock { $0.failure = error }
            }
            let symbols = EventLog.Symbols(
                texts: reader.texts, identifiers: reader.identifiers, kinds: reader.kinds, identities: reader.identities)
            let (mine, facts) = (results, reader.facts)
            shared.withLock { share in
                share.results += mine
                share.add(facts)
                share.symbols[worker] = symbols
            }
        }
        let share = shared.withLock { $0 }
        if let failure = share.failure { throw failure }
        // Of a worker whose last block came before there was no more room.
        if isSpilling { try spill(share.results) }
        return try assemble(share)
    }

    /// Whether rows, and the tables of what they say, have no room together. Then all rows go to the file: tables cannot.
    private var isSpilling: Bool { heldBytes.load(ordering: .relaxed) > memoryBytes }

    /// Rows stay in memory as long as there is room for them, and so do lines put aside.
    private func keep(_ block: inout ReadBlock) throws {
        if isSpilling { try block.rows?.spill(to: spillFile()) }
        let limit = min(memoryBytes, Self.rejectedBytesMax)
        if rejectedBytes.wrappingAdd(block.rejected.bytes, ordering: .relaxed).newValue > limit {
            try block.rejected.spill(to: spillFile())
        }
    }

    private func spill(_ results: [(block: ReadBlock, reader: Int)]) throws {
        for result in results { try result.block.rows?.spill(to: spillFile()) }
    }

    private func spillFile() throws -> SpillFile {
        try spill.withLock { file in
            let open = try file ?? SpillFile()
            file = open
            return open
        }
    }

    /// Puts blocks in order and turns line numbers within blocks into line numbers of files.
    private func assemble(_ share: Share) throws -> EventLog {
        // Every input was read to its end or to its pause, or there had been an error, or too many lines were put aside.
        let ordered = share.results.sorted { ($0.block.input, $0.block.sequence) < ($1.block.input, $1.block.sequence) }
        var log = EventLog(blocks: [], readers: share.symbols.compactMap { $0 }, lines: 0, filtered: 0, inputs: [])
        log.facts = share.facts
        log.isCutShort = blocks.isStopped
        log.isWhole = blocks.isAtEnd && !log.isCutShort
        log.isLast = log.isWhole || log.isCutShort || interval?.isStopped ?? false
        try places.withLock { places in
            log.inputs = zip(blocks.contents, places).map { input, place in
                var input = input
                input.linesInAll = place.lines + input.skipped.lines
                input.linesBehind = place.linesBehind
                return input
            }
            for index in places.indices where places[index].linesBehind == inputs[index].linesBefore {
                places[index].trailers.begin(after: log.inputs[index].skipped)
            }
            for (block, reader) in ordered { try log.add(block, reader: reader, &places[block.input].trailers) }
            for (index, input) in log.inputs.enumerated() {
                places[index].lines += input.lines
                places[index].linesBehind = input.linesBehind
            }
            if expectsEnd, log.isWhole { for place in places { try place.trailers.finish() } }
        }
        return log
    }
}

extension EventLog {
    fileprivate mutating func add(_ block: ReadBlock, reader: Int, _ trailers: inout TrailerCheck) throws {
        let linesBefore = inputs[block.input].linesBehind
        try trailers.add(block, physicalLines: linesBefore)
        rejected.add(block.rejected, input: block.input, linesBefore: linesBefore)
        inputs[block.input].linesBehind += block.physicalLines
        inputs[block.input].lines += block.lines
        inputs[block.input].linesInAll += block.lines
        inputs[block.input].expanded += block.expanded
        if inputs[block.input].there.isEmpty { inputs[block.input].there = block.there.map { _ in 0 } }
        for (field, count) in block.there.enumerated() { inputs[block.input].there[field] += count }
        lines += block.lines
        expanded += block.expanded
        filtered += block.filtered
        if let rows = block.rows, rows.count > 0 {
            blocks.append(Block(rows: rows, reader: reader, input: block.input, linesBefore: linesBefore))
        }
    }
}
