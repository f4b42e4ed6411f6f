#if canImport(Glibc)
    import Glibc
#endif

/// Bytes that end right before a page that nothing may touch: a read beyond them ends the test run.
public final class GuardedMemory {
    private let base: UnsafeMutableRawPointer
    private let mapped: Int
    private let usable: Int

    /// Room for at least `capacity` bytes.
    public init(capacity: Int) {
        let page = Int(sysconf(Int32(_SC_PAGESIZE)))
        usable = max(1, (capacity + page - 1) / page) * page
        mapped = usable + page
        guard let memory = mmap(nil, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), memory != MAP_FAILED else {
            preconditionFailure("no memory")
        }
        base = memory
        mprotect(base + usable, page, PROT_NONE)
    }

    deinit { munmap(base, mapped) }

    /// Puts the bytes right before the guarded page; they stand there until the next call.
    public func place(_ bytes: some Collection<UInt8>) -> UnsafeRawBufferPointer {
        precondition(bytes.count <= usable)
        let start = base + (usable - bytes.count)
        for (index, byte) in bytes.enumerated() { start.storeBytes(of: byte, toByteOffset: index, as: UInt8.self) }
        return UnsafeRawBufferPointer(start: start, count: bytes.count)
    }
}
