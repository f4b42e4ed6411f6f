import Events
import Ingest

/// In how many of a file's records each field is there, by names in bytes.
package struct FieldCounts: Sendable, Equatable {
    private var counts: [[UInt8]: Int64] = [:]
    /// The lists of names that its records were read by, for what rows say of them (`FieldSet`).
    private var lists: [UInt32: [[UInt8]]] = [:]

    package init() {}

    package subscript(name: [UInt8]) -> Int64 { counts[name] ?? 0 }

    /// - Parameter there: by name; empty where nothing was read.
    package mutating func add(_ there: [Int64], names: [String]) {
        guard !there.isEmpty else { return }
        lists[FieldSet.listID(names)] = names.map { Array($0.utf8) }
        for (name, count) in zip(names, there) { counts[Array(name.utf8), default: 0] += count }
    }

    /// Takes a record away. Throws `DamagedBytes` where it was not read by any of the lists.
    package mutating func remove(_ set: [UInt8]) throws {
        let (listID, fields) = try FieldSet.places(set)
        guard let list = lists[listID], fields.allSatisfy({ $0 < list.count }) else { throw DamagedBytes() }
        for field in fields { counts[list[field], default: 0] -= 1 }
    }

    // MARK: As bytes

    package var bytes: [UInt8] {
        var coder = ByteEncoder()
        coder.put(counts.count)
        for (name, count) in counts.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            name.withUnsafeBytes { coder.put(text: $0) }
            coder.put(signed: count)
        }
        coder.put(lists.count)
        for (id, names) in lists.sorted(by: { $0.key < $1.key }) {
            coder.put(UInt64(id))
            coder.put(names.count)
            for name in names { name.withUnsafeBytes { coder.put(text: $0) } }
        }
        return coder.bytes
    }

    /// Throws `DamagedBytes`.
    package init(_ bytes: UnsafeRawBufferPointer) throws {
        var decoder = ByteDecoder(bytes)
        for _ in 0..<(try decoder.count()) {
            let name = Array(try decoder.text())
            counts[name] = try decoder.signed()
        }
        for _ in 0..<(try decoder.count()) {
            let id: UInt32 = try decoder.word()
            lists[id] = try (0..<(try decoder.count())).map { _ in Array(try decoder.text()) }
        }
        guard decoder.isAtEnd else { throw DamagedBytes() }
    }
}
