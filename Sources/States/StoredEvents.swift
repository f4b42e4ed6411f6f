package import Events
package import Expressions
package import Ingest

/// All events that a state keeps, as if they had just been read.
package enum StoredEvents {
    private static let rowsPerBlock = 1 << 14

    /// Puts them before the log's own. Their blocks belong to no input, and their rows have their positions.
    /// - Parameter leaving: numbers of files whose events are left out.
    package static func add(to log: inout EventLog, _ state: StateFile, _ now: StoredLayout, leaving: Set<Int>) throws {
        guard let bytes = try state.bytes(.layout) else { return }
        let then = try StoredLayout(bytes)
        let (layout, old) = (now.rows, then.rows)
        let columns = now.scalars.map { name in then.scalars.firstIndex(of: name) }
        let places = now.places(in: then)
        let types = now.typeNumbers
        let (texts, identifiers) = (SymbolTable(), SymbolTable(capacity: 4096))
        let kinds = TupleTable(width: EventKind.width)
        let identities = TupleTable(width: max(1, types.count), capacity: 4096)
        let words = try SharedWords(exchanging: kinds, texts: texts, state)
        let store = try ComponentStore(state)
        let component = ComponentRows(layout: old, identityColumns: then.types.count)
        let reader = log.readers.count
        var blocks: [EventLog.Block] = []
        let rows = RowPacker(layout)
        func flush() {
            guard rows.count > 0 else { return }
            blocks.append(.init(rows: rows.take(), reader: reader, input: -1, linesBefore: 0))
        }
        func take(_ bytes: [UInt8]) throws {
            component.clear()
            try bytes.withUnsafeBytes { try component.decode($0, component: 0, texts: texts, words: words) }
            let tuples = (0..<component.tuples.count).map { tuple in
                let own = zip(types, places).map { type, place -> UInt32 in
                    guard let place, component.tuples[tuple][place] != 0 else { return 0 }
                    let text = component.identifiers.bytes(of: component.tuples[tuple][place])
                    return identifiers.intern(text.baseAddress!, text.count, tag: UInt8(type))
                }
                return own.withUnsafeBufferPointer { identities.intern($0.baseAddress!) }
            }
            for row in 0..<component.count where !leaving.contains(RowPosition.file(component.position(row))) {
                if rows.count == rowsPerBlock { flush() }
                convert(component.row(row), old, to: rows.address, layout, columns)
                rows.address.storeBytes(of: tuples[component.tuple(row)], toByteOffset: RowLayout.identityOffset, as: UInt32.self)
                rows.append()
            }
        }
        for id in try store.all() { try take(store.load(id)) }
        for bytes in try NobodyStore(state).all() { try take(bytes) }
        flush()
        log.blocks = blocks + log.blocks
        log.readers.append(.init(texts: texts, identifiers: identifiers, kinds: kinds, identities: identities))
    }

    /// A row as the pipeline of now has it. What the earlier one did not keep is absent.
    private static func convert(
        _ source: UnsafeRawPointer, _ old: RowLayout, to target: UnsafeMutableRawPointer, _ new: RowLayout, _ columns: [Int?]
    ) {
        target.initializeMemory(as: UInt8.self, repeating: 0, count: new.stride)
        target.copyMemory(from: source, byteCount: RowLayout.identityOffset)
        func copy(_ from: Int?, _ to: Int?, _ count: Int) {
            if let from, let to { (target + to).copyMemory(from: source + from, byteCount: count) }
        }
        copy(old.eventIDOffset, new.eventIDOffset, 8)
        copy(old.sequenceOffset, new.sequenceOffset, 8)
        copy(old.recordOffset, new.recordOffset, 8)
        copy(old.positionOffset, new.positionOffset, 8)
        copy(old.fieldSetOffset, new.fieldSetOffset, 4)
        for (column, place) in columns.enumerated() { copy(place.map { old.scalarOffset + 4 * $0 }, new.scalarOffset + 4 * column, 4) }
    }
}

/// What a state keeps of events: the types of its identity columns and its fields of dynamic type, in the order in which they lie.
package struct StoredLayout {
    /// A type that has several columns stands several times.
    let types: [[UInt8]]
    let scalars: [[UInt8]]
    let rows: RowLayout

    package init(types: [String], scalars: [EventField], rows: RowLayout) {
        self.types = types.map { Array($0.utf8) }
        self.scalars = scalars.map { if case .attribute(let name) = $0 { Array("a\(name)".utf8) } else { Array("v".utf8) } }
        self.rows = rows
    }

    /// Throws `DamagedBytes`.
    init(_ bytes: [UInt8]) throws {
        var found: (types: [[UInt8]], scalars: [[UInt8]], id: Bool, sequence: Bool, records: Bool) = ([], [], false, false, false)
        try bytes.withUnsafeBytes { bytes in
            var decoder = ByteDecoder(bytes)
            found.types = try (0..<(try decoder.count())).map { _ in Array(try decoder.text()) }
            found.scalars = try (0..<(try decoder.count())).map { _ in Array(try decoder.text()) }
            found.id = try decoder.number(below: 2) == 1
            found.sequence = try decoder.number(below: 2) == 1
            found.records = try decoder.number(below: 2) == 1
        }
        (types, scalars) = (found.types, found.scalars)
        rows = RowLayout(
            hasEventID: found.id, hasSequence: found.sequence, hasOrigin: true, hasRecords: found.records,
            scalarCount: found.scalars.count)
    }

    /// By column: the number of its type.
    var typeNumbers: [Int] {
        var names: [[UInt8]] = []
        return types.map { name in
            if let known = names.firstIndex(of: name) { return known }
            names.append(name)
            return names.count - 1
        }
    }

    /// By column: where the earlier layout has it, the n-th of a type for the n-th.
    func places(in earlier: StoredLayout) -> [Int?] {
        types.indices.map { column in
            let ordinal = types[..<column].count { $0 == types[column] }
            return earlier.types.indices.filter { earlier.types[$0] == types[column] }.dropFirst(ordinal).first
        }
    }

    package var bytes: [UInt8] {
        var coder = ByteEncoder()
        for list in [types, scalars] {
            coder.put(list.count)
            for name in list { name.withUnsafeBytes { coder.put(text: $0) } }
        }
        coder.put(rows.eventIDOffset == nil ? 0 : 1)
        coder.put(rows.sequenceOffset == nil ? 0 : 1)
        coder.put(rows.recordOffset == nil ? 0 : 1)
        return coder.bytes
    }
}
