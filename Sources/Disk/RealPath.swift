import Glibc

/// Where a path really leads: absolute, with every link followed. Whether two places are one, or lie in one another, is
/// told by nothing else.
///
/// Parts that do not exist yet are taken as written, also behind a link that leads nowhere. In bytes: String takes a name
/// in its two spellings for one, and file systems do not.
package struct RealPath: Hashable, Sendable {
    package private(set) var parts: [[UInt8]] = []

    /// As many as the system follows; the next one is taken for a folder.
    private static let linksMax = 40
    private static let slash = UInt8(ascii: "/")

    /// - Parameter folder: absolute; where a relative path begins.
    package init(_ path: String, from folder: String) {
        var rest = Self.split(path.utf8.first == Self.slash ? path.utf8[...] : (folder + "/" + path).utf8[...])
        var links = 0
        while let part = rest.popLast() {
            if part == [UInt8(ascii: ".")] { continue }
            if part == [UInt8(ascii: "."), UInt8(ascii: ".")] {
                // The folder above is that of the place, not of the name it was come by.
                _ = parts.popLast()
                continue
            }
            parts.append(part)
            guard links < Self.linksMax, let target = linkTarget else { continue }
            links += 1
            parts.removeLast()
            if target.first == Self.slash { parts = [] }
            rest += Self.split(target[...])
        }
    }

    /// The first part last.
    private static func split(_ bytes: some Collection<UInt8>) -> [[UInt8]] { bytes.split(separator: slash).reversed().map { Array($0) } }

    /// Where the link of this path leads; nil where there is none.
    private var linkTarget: [UInt8]? {
        let path = bytes + [0]
        let target = [UInt8](unsafeUninitializedCapacity: Int(PATH_MAX)) { buffer, count in
            count = path.withUnsafeBytes { path in
                buffer.withMemoryRebound(to: CChar.self) {
                    max(0, readlink(path.baseAddress!.assumingMemoryBound(to: CChar.self), $0.baseAddress!, $0.count))
                }
            }
        }
        return target.isEmpty ? nil : target
    }

    private var bytes: [UInt8] { parts.isEmpty ? [Self.slash] : parts.flatMap { [Self.slash] + $0 } }

    package var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Whether it is that folder, or lies anywhere in it.
    package func isIn(_ folder: RealPath) -> Bool { parts.starts(with: folder.parts) }

    /// The parts below that folder; nil where it does not lie in it.
    package func parts(below folder: RealPath) -> ArraySlice<[UInt8]>? { isIn(folder) ? parts.dropFirst(folder.parts.count) : nil }

    /// Something below, which is no link. `name` may have several parts.
    package func appending(_ name: String) -> RealPath {
        var path = self
        path.parts += name.utf8.split(separator: Self.slash).map { Array($0) }
        return path
    }

    /// How one comes here from that folder.
    package func relative(to folder: RealPath) -> String {
        let shared = zip(parts, folder.parts).prefix { $0 == $1 }.count
        let names = Array(repeating: Array("..".utf8), count: folder.parts.count - shared) + parts[shared...]
        return String(decoding: Array(names.joined(separator: [Self.slash])), as: UTF8.self)
    }
}
