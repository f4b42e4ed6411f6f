import Dispatch
package import Events
import Synchronization

/// All inputs, or what came of them in an interval, read: blocks of rows in input order, and each worker's symbols.
package struct EventLog: Sendable {
    /// Sorted by input and place in it: (input, block, row) is the order of positions of pipelines/rules.md, 5.
    package var blocks: [Block]
    package var readers: [Symbols]
    package var rejected = RejectedLines()
    package var lines: Int64
    /// The sum over lines of records less one.
    package var expanded: Int64 = 0
    package var filtered: Int64
    /// The latest time of all lines not put aside; nil if there are none.
    package var latest: EventTime?
    /// In the order of the inputs.
    package var inputs: [Input]
    /// Whether the inputs were read to their ends.
    package var isWhole = true
    /// Whether reading stopped because more lines were put aside than may be: then this is what was read until then.
    package var isCutShort = false
    /// Whether no log comes after this one: the inputs are at their ends, or reading was stopped.
    package var isLast = true

    /// What one input held; the contents are all that was read of it since it was opened.
    package struct Input: Sendable, Equatable {
        package var contents: InputContents
        /// Lines that are neither blank nor trailers.
        package var lines: Int64 = 0
        /// The sum over its lines of records less one.
        package var expanded: Int64 = 0
        /// Lines, since the input was opened; lines that were passed over count as well.
        package var linesInAll: Int64 = 0
        /// All its lines, blank ones and skipped ones too.
        package var linesBehind: Int64 = 0
    }

    package struct Block: Sendable {
        package var rows: EventRows
        /// Whose symbols the rows use.
        package var reader: Int
        /// -1 for rows that come from a state.
        package var input: Int
        /// Lines of the input before the block's first.
        package var linesBefore: Int64

        package init(rows: EventRows, reader: Int, input: Int, linesBefore: Int64) {
            (self.rows, self.reader, self.input, self.linesBefore) = (rows, reader, input, linesBefore)
        }
    }

    /// The tables of one reader, frozen.
    package struct Symbols: Sendable {
        package let texts: SymbolTable
        package let identifiers: SymbolTable
        package let kinds: TupleTable
        package let identities: TupleTable

        package init(texts: SymbolTable, identifiers: SymbolTable, kinds: TupleTable, identities: TupleTable) {
            (self.texts, self.identifiers, self.kinds, self.identities) = (texts, identifiers, kinds, identities)
        }
    }
}

/// What tells one input from another, wherever it lies: its raw bytes, compressed ones where it is compressed.
package struct InputContents: Sendable, Equatable {
    package var bytes: Int64
    /// 64 lower-case hexadecimal digits.
    package var sha256: String
    /// Whether its text ends with a line end.
    package var endsWhole = true
    package var skipped = SkippedLines()

    /// Of an input that was not read to its end.
    static let unread = InputContents(bytes: 0, sha256: "")
}

/// Reads all inputs on `threads` workers.
package final class LogReader: Sendable {
    package struct Input: Sendable {
        /// What to open; `-` is standard input.
        package var path: String
        package var source: Int
        /// Lines that an earlier run read: the first line has the number after them.
        package var linesBefore: Int64
        /// Whether those lines stand at the beginning of the input, to be passed over.
        package var skipsLines: Bool
        /// When its reading pauses; nil: never.
        var interval: ReadInterval?

        package init(path: String, source: Int, linesBefore: Int64 = 0, skipsLines: Bool = false) {
            self.path = path
            self.source = source
            self.linesBefore = linesBefore
            self.skipsLines = skipsLines
        }
    }

    private let inputs: [Input]
    private let plan: ReadPlan
    private let threads: Int
    private let blocks: BlockReader
    private let linesRead = Atomic<Int64>(0)
    private let memoryBytes: Int
    private let expectsEnd: Bool
    private let rowBytes = Atomic<Int>(0)
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
    /// - Parameter memoryBytes: rows beyond this size are spilled to a file.
    /// - Parameter expectsEnd: every input must end with a trailer.
    /// - Parameter interval: for inputs without end: `read` then returns after each interval in which lines came, and is to be
    ///   called again for more. nil: it returns at the ends of all inputs.
    package init(
        inputs: [Input], plan: ReadPlan, threads: Int, blockBytes: Int, memoryBytes: Int, expectsEnd: Bool = false,
        interval: ReadInterval? = nil,
        cancellation: Cancellation
    ) {
        self.memoryBytes = memoryBytes
        self.expectsEnd = expectsEnd
        self.interval = interval
        let inputs = inputs.map { input in
            var input = input
            input.interval = interval
            return input
        }
        self.inputs = inputs
        self.plan = plan
        self.threads = max(1, threads)
        places = Mutex(inputs.map { Place(linesBehind: $0.linesBefore, trailers: TrailerCheck(path: $0.path)) })
        blocks = BlockReader(
            inputs: inputs, sizes: BlockSizes(target: blockBytes, maxLineBytes: plan.maxLineBytes), workers: self.threads,
            cancellation: cancellation)
    }

    /// For a progress line; may be asked from another thread at any time.
    package var progress: (lines: Int64, fileBytes: Int64) { (linesRead.load(ordering: .relaxed), blocks.fileBytesUsed) }

    private struct Share {
        var results: [(block: ReadBlock, reader: Int)] = []
        var symbols: [EventLog.Symbols?]
        var latest: EventTime?
        var failure: (any Error)?
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
        rowBytes.store(0, ordering: .relaxed)
        rejectedBytes.store(0, ordering: .relaxed)
        rejectedCount.store(0, ordering: .relaxed)
        spill.withLock { $0 = nil }
        let shared = Mutex(Share(symbols: Array(repeating: nil, count: threads)))
        DispatchQueue.concurrentPerform(iterations: threads) { worker in
            let reader = EventReader(plan: plan)
            var results: [(block: ReadBlock, reader: Int)] = []
            do {
                while let block = try blocks.next() {
                    var result = reader.read(block, source: inputs[block.input].source)
                    blocks.recycle(block)
                    linesRead.wrappingAdd(result.lines, ordering: .relaxed)
                    try keep(&result)
                    if rejectedCount.wrappingAdd(result.rejected.count, ordering: .relaxed).newValue > rejectsMax { blocks.stop() }
                    results.append((result, worker))
                }
            } catch {
                shared.withLock { $0.failure = error }
            }
            let symbols = EventLog.Symbols(
                texts: reader.texts, identifiers: reader.identifiers, kinds: reader.kinds, identities: reader.identities)
            let latest = reader.latest
            let mine = results
            shared.withLock { share in
                share.results += mine
                share.symbols[worker] = symbols
                if let latest { share.latest = max(latest, share.latest ?? latest) }
            }
        }
        let share = shared.withLock { $0 }
        if let failure = share.failure { throw failure }
        return try assemble(share)
    }

    /// Rows stay in memory as long as there is room for them, and so do lines put aside.
    private func keep(_ block: inout ReadBlock) throws {
        if let rows = block.rows, rowBytes.wrappingAdd(rows.bytes, ordering: .relaxed).newValue > memoryBytes {
            try rows.spill(to: spillFile())
        }
        let limit = min(memoryBytes, Self.rejectedBytesMax)
        if rejectedBytes.wrappingAdd(block.rejected.bytes, ordering: .relaxed).newValue > limit {
            try block.rejected.spill(to: spillFile())
        }
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
        let contents = blocks.contentsOfInputs.map { $0 ?? .unread }
        let ordered = share.results.sorted { ($0.block.input, $0.block.sequence) < ($1.block.input, $1.block.sequence) }
        var log = EventLog(
            blocks: [], readers: share.symbols.compactMap { $0 }, lines: 0, filtered: 0, latest: share.latest, inputs: [])
        log.isCutShort = blocks.isStopped
        log.isWhole = blocks.isAtEnd && !log.isCutShort
        log.isLast = log.isWhole || log.isCutShort || interval?.isStopped ?? false
        try places.withLock { places in
            log.inputs = zip(contents, places).map {
                EventLog.Input(contents: $0, linesInAll: $1.lines + $0.skipped.lines, linesBehind: $1.linesBehind)
            }
            for index in places.indices where places[index].linesBehind == inputs[index].linesBefore {
                places[index].trailers.begin(after: contents[index].skipped)
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
        lines += block.lines
        expanded += block.expanded
        filtered += block.filtered
        if let rows = block.rows, rows.count > 0 {
            blocks.append(Block(rows: rows, reader: reader, input: block.input, linesBefore: linesBefore))
        }
    }
}
