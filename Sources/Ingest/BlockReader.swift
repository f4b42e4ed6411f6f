import Glibc

/// Deals work to equal workers: whoever asks gets to fill the next block of an input nobody else is reading, while
/// few blocks wait; otherwise gets a filled block. So decompression and parsing share all cores without a
/// fixed split. Several inputs are read at once; within one, blocks come in order and carry their position.
final class BlockReader: @unchecked Sendable {  // `lock` protects every stored variable
    private let inputs: [InputFile]
    private let sizes: BlockSizes
    private let readyLimit: Int
    private let openLimit: Int
    private let interval: ReadInterval?
    private let cancellation: Cancellation
    private var lock = pthread_mutex_t()
    private var changed = pthread_cond_t()

    private var nextInput = 0
    private var idle: [BlockSplitter] = []
    /// Those whose interval is over.
    private var paused: [BlockSplitter] = []
    private var busy = 0
    private var ready: [TextBlock] = []
    private var free: [TextBlock] = []
    private var failure: (input: Int, error: any Error)?
    private var stopped = false
    private var usedBytes: [Int64]
    private var readInputs: [LogInput]

    init(inputs: [InputFile], sizes: BlockSizes, workers: Int, interval: ReadInterval?, cancellation: Cancellation) {
        self.inputs = inputs
        self.sizes = sizes
        self.interval = interval
        self.cancellation = cancellation
        readyLimit = workers + 2
        openLimit = workers
        usedBytes = Array(repeating: 0, count: inputs.count)
        readInputs = inputs.map { LogInput($0) }
        pthread_mutex_init(&lock, nil)
        pthread_cond_init(&changed, nil)
    }

    deinit {
        pthread_cond_destroy(&changed)
        pthread_mutex_destroy(&lock)
    }

    /// The next block to read, or nil when all inputs are used up, or paused, or after `stop`. Blocks while others still fill.
    /// Throws the first input's `IngestError`, for every worker.
    func next() throws -> TextBlock? {
        pthread_mutex_lock(&lock)
        defer { pthread_mutex_unlock(&lock) }
        while true {
            if cancellation.isCancelled { failure = failure ?? (-1, IngestError.cancelled) }
            if let failure {
                pthread_cond_broadcast(&changed)
                throw failure.error
            }
            if stopped { return nil }
            if ready.count < readyLimit, !idle.isEmpty || (nextInput < inputs.count && busy < openLimit) {
                fillOne()
            } else if !ready.isEmpty {
                return ready.removeFirst()
            } else if busy == 0 {
                pthread_cond_broadcast(&changed)
                return nil
            } else {
                pthread_cond_wait(&changed, &lock)
            }
        }
    }

    /// Goes on with the inputs that paused.
    func resume() {
        pthread_mutex_lock(&lock)
        idle += paused
        paused = []
        pthread_mutex_unlock(&lock)
    }

    /// No more blocks are given out, whatever the inputs still hold. Of each input those that were are the first ones.
    func stop() {
        pthread_mutex_lock(&lock)
        stopped = true
        pthread_cond_broadcast(&changed)
        pthread_mutex_unlock(&lock)
    }

    var isStopped: Bool {
        pthread_mutex_lock(&lock)
        defer { pthread_mutex_unlock(&lock) }
        return stopped
    }

    /// Whether all inputs are used up. To be asked when `next` has returned nil.
    var isAtEnd: Bool {
        pthread_mutex_lock(&lock)
        defer { pthread_mutex_unlock(&lock) }
        return paused.isEmpty
    }

    /// Gives a block back for filling.
    func recycle(_ block: TextBlock) {
        pthread_mutex_lock(&lock)
        free.append(block)
        pthread_mutex_unlock(&lock)
    }

    /// Bytes of all files used so far, compressed as they lie on disk.
    var fileBytesUsed: Int64 {
        pthread_mutex_lock(&lock)
        defer { pthread_mutex_unlock(&lock) }
        return usedBytes.reduce(0, +)
    }

    /// By input, what was read of it: nothing where it was not read to its end, or to its pause.
    var contents: [LogInput] {
        pthread_mutex_lock(&lock)
        defer { pthread_mutex_unlock(&lock) }
        return readInputs
    }

    /// Called and left with the lock held; works without it.
    private func fillOne() {
        let waiting: BlockSplitter? = idle.isEmpty ? nil : idle.removeFirst()
        let input = waiting?.input ?? nextInput
        if waiting == nil { nextInput += 1 }
        let block = free.popLast() ?? TextBlock(capacity: sizes.capacity)
        busy += 1
        pthread_mutex_unlock(&lock)
        let result = Result { () throws -> (BlockSplitter, Bool) in
            let splitter =
                try waiting
                ?? BlockSplitter(input: input, of: inputs[input], interval: interval, cancellation: cancellation, sizes: sizes)
            return (splitter, try splitter.fill(block))
        }
        pthread_mutex_lock(&lock)
        busy -= 1
        switch result {
        case .success((let splitter, let filled)):
            usedBytes[input] = splitter.fileBytesUsed
            if filled {
                ready.append(block)
                idle.append(splitter)
            } else {
                free.append(block)
                readInputs[input] = splitter.contents
                if splitter.isPaused { paused.append(splitter) }
            }
        case .failure(let error):
            if input < failure?.input ?? Int.max { failure = (input, error) }
        }
        pthread_cond_broadcast(&changed)
    }
}
