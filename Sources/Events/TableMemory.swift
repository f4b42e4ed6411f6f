import Glibc

/// Memory for tables that are read at random places. From 4 MiB on it is aligned and offered to the kernel for huge
/// pages: every look-up in such a table would otherwise miss the processor's page cache too, which costs as much as
/// the miss in the data cache.
public enum TableMemory {
    private static let hugePageBytes = 2 << 20

    /// - Parameter bytes: above zero. The memory is not cleared. Free it with `release`.
    public static func allocate<Element>(_ type: Element.Type, count: Int) -> UnsafeMutablePointer<Element> {
        let bytes = max(16, count * MemoryLayout<Element>.stride)
        guard bytes >= 2 * hugePageBytes else { return allocate(bytes, alignment: 64) }
        let memory: UnsafeMutablePointer<Element> = allocate(bytes, alignment: hugePageBytes)
        _ = madvise(memory, bytes, MADV_HUGEPAGE)
        return memory
    }

    private static func allocate<Element>(_ bytes: Int, alignment: Int) -> UnsafeMutablePointer<Element> {
        var memory: UnsafeMutableRawPointer?
        guard posix_memalign(&memory, alignment, bytes) == 0, let memory else { fatalError("out of memory: \(bytes) bytes for a table") }
        return memory.assumingMemoryBound(to: Element.self)
    }

    public static func release<Element>(_ memory: UnsafeMutablePointer<Element>) { free(memory) }
}
