public import Foundation
import Synchronization

/// A folder of its own for one test. It goes with the last reference, unless `keep()` was called: what a failing case
/// is made of stays there to be looked at.
public final class ScratchFolder: Sendable {
    public let url: URL
    private let isKept = Atomic<Bool>(false)

    public init() throws {
        url = FileManager.default.temporaryDirectory.resolvingSymlinksInPath().appendingPathComponent("sojourn-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit {
        if !isKept.load(ordering: .relaxed) { try? FileManager.default.removeItem(at: url) }
    }

    public func keep() { isKept.store(true, ordering: .relaxed) }

    public var path: String { url.path }

    public func path(_ name: String) -> String { url.appendingPathComponent(name).path }

    /// Creates the folders above the file as well.
    @discardableResult
    public func write(_ bytes: some Collection<UInt8>, to name: String) throws -> String {
        let file = url.appendingPathComponent(name)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: file)
        return file.path
    }

    public func write(_ text: String, to name: String) throws { try write(text.utf8, to: name) }

    /// Everything in a folder, hidden or not, in byte order.
    public func names(_ name: String = ".") -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: path(name))) ?? []).sorted()
    }
}
