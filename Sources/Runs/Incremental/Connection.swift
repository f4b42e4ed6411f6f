import Events
import Identity
import Ingest
import States
import Synchronization

/// Brings a run's rows to components: which identifiers occur together, in this run and in what is stored.
///
/// Afterwards a row's identity column holds the number of its component among those that the run touches, and its tuple
/// column what stood there before; rows that take no part have `RowLayout.nobody`.
struct Connection {
    /// By number of a touched component: the stored ones that become it.
    private(set) var former: [[Int64]] = []
    /// By identifier of the run: the stored component it is in, 0 for none.
    private(set) var homes: [Int64]
    /// Events with nothing but placeholders, nobody's: rows one after the other, and how many of them this run read.
    private(set) var nobodys: [UInt8] = []
    private(set) var newNobodys: Int64 = 0
    private(set) var late: [LateEvent] = []
    /// Identifiers seen with too many known ids in this run alone.
    private(set) var placeholders: Set<UInt32> = []
    /// Symbols of the sets of fields that rows have.
    private(set) var fieldSets: Set<UInt32> = []

    var count: Int { former.count }

    /// An event for sealed time: a row, copied.
    struct LateEvent: Sendable {
        var row: [UInt8]
        var input: Int
        var position: Int64
    }

    private struct Share: Sendable {
        let scratch = RowScratch()
        /// By tuple: whether any event has it, and whether one that does not wait.
        var used: [Bool]
        var active: [Bool]
        var late: [LateEvent] = []
        var fieldSets: Set<UInt32> = []
        var nobodys: [UInt8] = []
        var newNobodys: Int64 = 0
    }

    /// - Parameters:
    ///   - files: by input: its number in the state.
    ///   - known: placeholders by the state.
    ///   - until: events later than this wait.
    ///   - sealedBefore: events before come late.
    ///   - store: nil where nothing that is stored is to be joined.
    ///   - keys: those of the state.
    init(
        _ log: EventLog, _ symbols: MergedSymbols, layout: RowLayout, files: [Int64], identity: IdentityDefinition, known: Set<[UInt8]>,
        until: EventTime, sealedBefore: EventTime, store: ComponentStore?, keys: IdentifierKeys, threads: Int, cancellation: Cancellation
    ) throws {
        guard let positionOffset = layout.positionOffset, let tupleOffset = layout.tupleOffset else {
            throw RunError.broken("rows without origin")
        }
        let tupleCount = symbols.identities.count
        let shares = try Parallel.run(
            count: log.blocks.count, threads: threads, cancellation: cancellation,
            state: { _ in Share(used: Array(repeating: false, count: tupleCount), active: Array(repeating: false, count: tupleCount)) }
        ) { share, index in
            let block = log.blocks[index]
            try block.rows.access(share.scratch, writing: true) { rows in
                symbols.translate(block, rows)
                var lastSet: UInt32 = 0
                rows.forEach { row, _ in
                    // Rows that come from a state have their positions.
                    if block.input >= 0 {
                        let line = block.linesBefore + row.loadUnaligned(fromByteOffset: positionOffset, as: Int64.self)
                        row.storeBytes(
                            of: RowPosition.make(file: files[block.input], line: line), toByteOffset: positionOffset, as: Int64.self)
                    }
                    let tuple = EventRow(row).identity
                    row.storeBytes(of: tuple, toByteOffset: tupleOffset, as: UInt32.self)
                    if let offset = layout.fieldSetOffset {
                        let set = row.load(fromByteOffset: offset, as: UInt32.self)
                        if set != lastSet { share.fieldSets.insert(set) }
                        lastSet = set
                    }
                    let time = EventRow(row).time
                    if time < sealedBefore, block.input >= 0 {
                        row.storeBytes(of: RowLayout.nobody, toByteOffset: RowLayout.identityOffset, as: UInt32.self)
                        let copy = rows.packing.unpacked(row)
                        share.late.append(
                            LateEvent(
                                row: copy, input: block.input, position: row.loadUnaligned(fromByteOffset: positionOffset, as: Int64.self)))
                    } else {
                        share.used[Int(tuple)] = true
                        if time <= until { share.active[Int(tuple)] = true }
                    }
                }
            }
        }
        var used = [Bool](repeating: false, count: tupleCount)
        var active = used
        for share in shares {
            for tuple in used.indices where share.used[tuple] {
                used[tuple] = true
                if share.active[tuple] { active[tuple] = true }
            }
        }
        late = shares.flatMap(\.late)
        for share in shares { fieldSets.formUnion(share.fieldSets) }
        homes = Array(repeating: 0, count: symbols.identifiers.count + 1)
        placeholders = Placeholders.among(symbols.identities, active, identity)
        let numbers = try connect(symbols, used, known, store, keys)
        let dealt = try Parallel.run(
            count: log.blocks.count, threads: threads, cancellation: cancellation, state: { _ in Share(used: [], active: []) }
        ) { share, index in
            let (rows, isNew) = (log.blocks[index].rows, log.blocks[index].input >= 0)
            try rows.access(share.scratch, writing: true) { rows in
                rows.forEach { row, _ in
                    guard EventRow(row).identity != RowLayout.nobody else { return }
                    let number = numbers[Int(row.load(fromByteOffset: tupleOffset, as: UInt32.self))]
                    if number == RowLayout.nobody {
                        share.nobodys += rows.packing.unpacked(row)
                        if isNew { share.newNobodys += 1 }
                    }
                    row.storeBytes(of: number, toByteOffset: RowLayout.identityOffset, as: UInt32.self)
                }
            }
        }
        for share in dealt {
            newNobodys += share.newNobodys
            nobodys += share.nobodys
        }
    }

    /// Answers, by tuple, the number of its component.
    private mutating func connect(
        _ symbols: MergedSymbols, _ used: [Bool], _ known: Set<[UInt8]>, _ store: ComponentStore?, _ keys: IdentifierKeys
    ) throws -> [UInt32] {
        let (tuples, identifiers) = (symbols.identities, symbols.identifiers)
        var isPlaceholder = [Bool](repeating: false, count: identifiers.count + 1)
        for name in known {
            let symbol = name.dropFirst().withUnsafeBytes { identifiers.find($0, tag: name[0]) }
            if symbol != 0 { isPlaceholder[Int(symbol)] = true }
        }
        for symbol in placeholders where !isPlaceholder[Int(symbol)] { isPlaceholder[Int(symbol)] = true }
        // Identifiers, and behind them the stored components that they lead to.
        var isUsed = [Bool](repeating: false, count: identifiers.count + 1)
        for tuple in 0..<tuples.count where used[tuple] {
            for symbol in tuples[tuple] where symbol != 0 { isUsed[Int(symbol)] = true }
        }
        var nodeOfStored: [Int64: Int] = [:]
        var stored: [Int64] = []
        // By key of this run: its first identifier; and those that have the key of another.
        let runKeys = TupleTable(width: 2, capacity: max(16, identifiers.count))
        var firstOfKey: [UInt32] = []
        var equalKeys: [(UInt32, UInt32)] = []
        var asked: [(key: UInt64, symbol: UInt32)] = []
        for symbol in 1..<UInt32(identifiers.count + 1) where isUsed[Int(symbol)] {
            // A placeholder of this run alone may lead to a component that has to be looked at again.
            if isPlaceholder[Int(symbol)], !placeholders.contains(symbol) { continue }
            let key = keys.key(symbol, identifiers)
            if !isPlaceholder[Int(symbol)] {
                let number = Int(runKeys.intern(key))
                if number < firstOfKey.count { equalKeys.append((firstOfKey[number], symbol)) } else { firstOfKey.append(symbol) }
            }
            asked.append((key, symbol))
        }
        if let store {
            for (key, symbol) in asked.sorted(by: { ComponentStore.precedes($0.key, $1.key) }) {
                guard let home = try store.component(ofKey: key) else { continue }
                homes[Int(symbol)] = home
                if nodeOfStored[home] == nil {
                    nodeOfStored[home] = identifiers.count + 1 + stored.count
                    stored.append(home)
                }
            }
        }
        var groups = UnionFind(count: identifiers.count + 1 + stored.count)
        for symbol in homes.indices where homes[symbol] != 0 && !isPlaceholder[symbol] {
            groups.join(UInt32(symbol), UInt32(nodeOfStored[homes[symbol]]!))
        }
        for (one, other) in equalKeys { groups.join(one, other) }
        var anchors = [UInt32](repeating: 0, count: tuples.count)
        for tuple in 0..<tuples.count where used[tuple] {
            for symbol in tuples[tuple] where symbol != 0 && !isPlaceholder[Int(symbol)] {
                if anchors[tuple] == 0 { anchors[tuple] = symbol } else { groups.join(anchors[tuple], symbol) }
            }
        }
        return number(&groups, anchors, stored, first: identifiers.count + 1)
    }

    /// Numbers the touched components: those that are stored first, in the order in which they lie there.
    private mutating func number(_ groups: inout UnionFind, _ anchors: [UInt32], _ stored: [Int64], first: Int) -> [UInt32] {
        var numberOfRoot: [UInt32: UInt32] = [:]
        for (place, component) in stored.enumerated().sorted(by: { $0.element < $1.element }) {
            let root = groups.root(UInt32(first + place))
            if let number = numberOfRoot[root] {
                former[Int(number)].append(component)
            } else {
                numberOfRoot[root] = UInt32(former.count)
                former.append([component])
            }
        }
        return anchors.map { anchor in
            guard anchor != 0 else { return RowLayout.nobody }
            let root = groups.root(anchor)
            if let number = numberOfRoot[root] { return number }
            let number = UInt32(former.count)
            numberOfRoot[root] = number
            former.append([])
            return number
        }
    }
}

extension TupleTable {
    /// The number of a 64-bit key in a table of pairs.
    fileprivate func intern(_ key: UInt64) -> UInt32 {
        withUnsafePointer(to: (UInt32(truncatingIfNeeded: key), UInt32(truncatingIfNeeded: key >> 32))) {
            $0.withMemoryRebound(to: UInt32.self, capacity: 2) { intern($0) }
        }
    }
}
