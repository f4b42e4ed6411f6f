import Events

/// A field that a source maps, by its name in the pipeline file.
package struct NamedField: Sendable {
    package let name: String
    /// It is there where one of these is.
    package let forms: [FieldForm]

    package init(name: String, forms: [FieldForm]) { (self.name, self.forms) = (name, forms) }

    /// The names of a source's fields, each once however many of its mappings have it, in byte order.
    package static func names(_ fields: [NamedField]) -> [String] {
        var names: [[UInt8]: String] = [:]
        for field in fields { names[Array(field.name.utf8)] = field.name }
        return names.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map(\.value)
    }
}

extension SourcePlan {
    package var fieldNames: [String] { NamedField.names(mappings.flatMap(\.named)) }
}

/// Counts of one source which of its fields are there, record by record: as sets of fields, of which a log has few. Belongs to one
/// `EventReader`.
final class FieldPresence {
    /// Where a field may stand, and its place among the names.
    struct Check: BitwiseCopyable {
        let slot: ValueSlot
        let field: Int32
    }

    private let names: [String]
    /// A bit for each field.
    private let sets: TupleTable
    private let current: Slots<UInt32>
    /// By a mix of a set's bits: the set that was last found there, so that most records need no look-up.
    private let memo = Slots<Int32>(repeating: -1, count: 256)
    /// By set, since the last `take`; and the sets with any.
    private var counts: [Int64] = []
    private var counted: [Int] = []
    /// By set: the symbol of its text.
    private var symbols: [UInt32] = []
    private let listID: UInt32
    private static let bits = 32

    init(_ names: [String]) {
        self.names = names
        sets = TupleTable(width: max(1, (names.count + Self.bits - 1) / Self.bits))
        current = Slots(repeating: 0, count: sets.width)
        listID = FieldSet.listID(names)
    }

    deinit {
        current.release()
        memo.release()
    }

    /// The number of the set of fields that are there in the record at hand. O(fields).
    @inline(__always)
    func find(_ checks: Slots<Check>) -> Int {
        current.fill(0..<current.count, with: 0)
        for index in 0..<checks.count {
            let check = checks[index]
            guard check.slot.value.isThere else { continue }
            current[Int(check.field) / Self.bits] |= 1 << UInt32(Int(check.field) % Self.bits)
        }
        var mix: UInt32 = 0
        for word in 0..<current.count { mix = (mix ^ current[word]) &* 0x9E37_79B1 }
        let place = Int(mix >> 24)
        let known = Int(memo[place])
        if known >= 0, isCurrent(known) { return known }
        let set = Int(sets.intern(current))
        memo[place] = Int32(set)
        return set
    }

    @inline(__always)
    private func isCurrent(_ set: Int) -> Bool {
        let words = sets[set]
        for word in 0..<current.count where words[word] != current[word] { return false }
        return true
    }

    @inline(__always)
    func count(_ set: Int) {
        while counts.count <= set { counts.append(0) }
        if counts[set] == 0 { counted.append(set) }
        counts[set] += 1
    }

    /// By field: in how many records it was there since the last time.
    func take() -> [Int64] {
        var there = [Int64](repeating: 0, count: names.count)
        for set in counted {
            let words = sets[set]
            for field in names.indices where words[field / Self.bits] >> UInt32(field % Self.bits) & 1 == 1 { there[field] += counts[set] }
            counts[set] = 0
        }
        counted.removeAll(keepingCapacity: true)
        return there
    }

    /// The symbol of a set's text.
    func symbol(of set: Int, _ texts: SymbolTable) -> UInt32 {
        while symbols.count <= set {
            let bytes = FieldSet.bytes(listID: listID, Array(sets[symbols.count]))
            symbols.append(bytes.withUnsafeBytes { texts.intern($0) })
        }
        return symbols[set]
    }
}

/// Which fields of a record are there, in few bytes: of which list of names, and their bits in it. Rows that a state keeps carry it,
/// so that what is taken out can be counted off.
package enum FieldSet {
    /// Stands for a source's names, in their order.
    package static func listID(_ names: [String]) -> UInt32 {
        // Never empty.
        let joined = Array("fields\0\(names.joined(separator: "\0"))".utf8)
        return joined.withUnsafeBytes { UInt32(truncatingIfNeeded: Fingerprint.of($0.baseAddress!, $0.count, seed: 1)) }
    }

    static func bytes(listID: UInt32, _ words: [UInt32]) -> [UInt8] {
        var bytes: [UInt8] = []
        for word in [listID] + words { withUnsafeBytes(of: word.littleEndian) { bytes.append(contentsOf: $0) } }
        while bytes.count > 4, bytes.last == 0 { bytes.removeLast() }
        return bytes
    }

    /// The places in the list of the fields that are there. Throws `DamagedBytes`.
    package static func places(_ bytes: [UInt8]) throws -> (listID: UInt32, fields: [Int]) {
        guard bytes.count >= 4 else { throw DamagedBytes() }
        let listID = bytes.prefix(4).reversed().reduce(0) { $0 << 8 | UInt32($1) }
        let fields = bytes.dropFirst(4).enumerated().flatMap { place, byte in
            (0..<8).filter { byte >> UInt8($0) & 1 == 1 }.map { place * 8 + $0 }
        }
        return (listID, fields)
    }
}
