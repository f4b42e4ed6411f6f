import Synchronization

/// Two secret words that decide which texts and tuples a hash brings together. Whoever writes a log could otherwise choose
/// identifiers that all meet at one place of a table, and each look-up would pass all of them. Nothing that is published
/// depends on it: tables number their entries in order of first sight.
///
/// Unsafe code: callers guarantee `count` bytes or numbers at the addresses they give; no more are read.
public struct HashSeed: Sendable, Equatable {
    @usableFromInline let first: UInt64
    @usableFromInline let second: UInt64

    package init(first: UInt64, second: UInt64) { (self.first, self.second) = (first, second) }

    private static let firstOfProcess = Atomic<UInt64>(.random(in: 0 ... .max))
    private static let secondOfProcess = Atomic<UInt64>(.random(in: 0 ... .max))

    /// This process's own, drawn from the system's source of random numbers.
    public static var ofProcess: HashSeed {
        HashSeed(first: firstOfProcess.load(ordering: .relaxed), second: secondOfProcess.load(ordering: .relaxed))
    }

    /// For tests: what tables made from now on have in its place. Every table keeps the one that it began with.
    package static func replaceOfProcess(by seed: HashSeed) {
        firstOfProcess.store(seed.first, ordering: .relaxed)
        secondOfProcess.store(seed.second, ordering: .relaxed)
    }

    /// The hash of `count` bytes; texts with different tags have nothing in common. A state keeps what this gives for a seed
    /// of its own: it can never change.
    @inlinable
    public func hash(_ bytes: UnsafeRawPointer, _ count: Int, tag: UInt8) -> UInt64 {
        let label = UInt64(truncatingIfNeeded: count) ^ UInt64(tag) << 48
        return Fingerprint.mix(bytes, count, state: first, key: second, label: label)
    }

    /// The hash of a few 32-bit numbers.
    @inlinable
    public func hash(_ words: UnsafePointer<UInt32>, _ count: Int) -> UInt64 {
        var state = first ^ UInt64(truncatingIfNeeded: count)
        var index = 0
        while index &+ 1 < count {
            let pair = UInt64(words[index]) | UInt64(words[index &+ 1]) << 32
            state = Fingerprint.fold(pair ^ second, state)
            index &+= 2
        }
        if index < count { state = Fingerprint.fold(UInt64(words[index]) ^ second, state) }
        return Fingerprint.fold(state, second)
    }

    /// The hash of two numbers that are hashes themselves, if of a kind that everybody knows.
    @inlinable @inline(__always)
    public func hash(_ left: UInt64, _ right: UInt64) -> UInt64 { Fingerprint.fold(left ^ first, right ^ second) }
}
