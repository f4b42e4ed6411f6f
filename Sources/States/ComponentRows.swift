// The class and what is asked for each event are public: what other modules are to inline must be.
public import Events
package import Tables

/// The events of one component of identifiers in memory: rows as elsewhere, but with the symbols of identifiers that the
/// component has for itself. One object is used for component after component.
///
/// Unsafe code: rows lie one after the other in one allocation; indices below `count` come from this module.
public final class ComponentRows {
    public let layout: RowLayout
    private let width: Int
    public private(set) var count = 0
    /// Rows that were stored by earlier runs; the others follow them.
    public private(set) var storedCount = 0
    package let identifiers: SymbolTable
    package let tuples: TupleTable
    /// By identifier: the stored component it was found in, 0 for none.
    package private(set) var homes: [Int64] = [0]
    /// Tuples of events that are no longer kept: they still say who is who.
    package private(set) var bareTuples: Set<Int> = []
    /// What persons were counted for by such events: by an identifier of the person.
    package private(set) var facts: [UInt32: Set<PersonFact>] = [:]
    /// The latest event, kept or not.
    package private(set) var lastSeen = EventTime.min
    @usableFromInline private(set) var memory: UnsafeMutableRawPointer
    private var capacity = 64
    @usableFromInline let tupleOffset: Int
    @usableFromInline let positionOffset: Int

    /// - Parameter layout: with origin columns.
    ///   - identityColumns: of a tuple.
    package init(layout: RowLayout, identityColumns: Int) {
        self.layout = layout
        width = max(1, identityColumns)
        guard let tupleOffset = layout.tupleOffset, let positionOffset = layout.positionOffset else {
            preconditionFailure("rows that are kept have an origin")
        }
        (self.tupleOffset, self.positionOffset) = (tupleOffset, positionOffset)
        identifiers = SymbolTable(capacity: 16)
        tuples = TupleTable(width: width, capacity: 16)
        memory = .allocate(byteCount: capacity * layout.stride, alignment: 16)
    }

    deinit { memory.deallocate() }

    package func clear() {
        count = 0
        storedCount = 0
        bareTuples = []
        facts = [:]
        lastSeen = .min
        homes.removeLast(homes.count - 1)
        identifiers.removeAll()
        tuples.removeAll()
    }

    @inlinable
    public func row(_ index: Int) -> UnsafeMutableRawPointer { memory + index * layout.stride }

    @inlinable public func time(_ index: Int) -> EventTime { row(index).load(fromByteOffset: RowLayout.timeOffset, as: Int64.self) }
    @inlinable public func tuple(_ index: Int) -> Int { Int(row(index).load(fromByteOffset: tupleOffset, as: UInt32.self)) }
    package func kind(_ index: Int) -> UInt32 { row(index).load(fromByteOffset: RowLayout.kindOffset, as: UInt32.self) }
    /// Which of its line's records the event is; 0 where a line has but one.
    package func record(_ index: Int) -> Int64 { layout.recordOffset.map { row(index).load(fromByteOffset: $0, as: Int64.self) } ?? 0 }
    /// The symbol of the text that says which fields its record has (`FieldSet`).
    package func fieldSet(_ index: Int) -> UInt32 {
        layout.fieldSetOffset.map { row(index).load(fromByteOffset: $0, as: UInt32.self) } ?? 0
    }
    @inlinable public func position(_ index: Int) -> Int64 { row(index).load(fromByteOffset: positionOffset, as: Int64.self) }

    /// The symbol of an identifier; `home` is remembered where it is new.
    package func identifier(_ text: UnsafeRawBufferPointer, type: UInt8, home: Int64) -> UInt32 {
        let symbol = identifiers.intern(text, tag: type)
        if Int(symbol) == homes.count { homes.append(home) } else if homes[Int(symbol)] == 0 { homes[Int(symbol)] = home }
        return symbol
    }

    package func intern(tuple symbols: [UInt32]) -> UInt32 { symbols.withUnsafeBufferPointer { tuples.intern($0.baseAddress!) } }

    /// A copy of a row, with a tuple of this component.
    package func append(_ source: UnsafeRawPointer, tuple: UInt32) {
        let target = next()
        target.copyMemory(from: source, byteCount: layout.stride)
        target.storeBytes(of: tuple, toByteOffset: tupleOffset, as: UInt32.self)
    }

    /// Room for one more row.
    private func next() -> UnsafeMutableRawPointer {
        if count == capacity {
            let grown = UnsafeMutableRawPointer.allocate(byteCount: capacity * 2 * layout.stride, alignment: 16)
            grown.copyMemory(from: memory, byteCount: count * layout.stride)
            memory.deallocate()
            memory = grown
            capacity *= 2
        }
        defer { count += 1 }
        return row(count)
    }

    /// The time of the latest row; nil where there is none, or where any lies before the given time.
    package func latestUnsealed(before time: EventTime) -> EventTime? {
        var latest: EventTime?
        for index in 0..<count {
            guard self.time(index) >= time else { return nil }
            latest = max(latest ?? .min, self.time(index))
        }
        return latest
    }

    package func keep(bare tuple: Int) { bareTuples.insert(tuple) }

    package func drop(bare tuples: Set<Int>) { bareTuples.subtract(tuples) }

    package func keep(_ facts: Set<PersonFact>, of identifier: UInt32) { self.facts[identifier, default: []].formUnion(facts) }

    // MARK: As bytes

    static let version: UInt8 = 2
    private static let typesMax = 64

    /// Adds a stored component's rows. Throws `DamagedBytes`.
    /// - Parameters:
    ///   - texts: takes in its texts.
    ///   - words: of the state, over those texts.
    package func decode(_ bytes: UnsafeRawBufferPointer, component: Int64, texts: SymbolTable, words: SharedWords) throws {
        var (decoder, rowCount) = try SealedBytes.open(bytes, .rows, version: Self.version)
        let identifiers = try (0..<(try decoder.count())).map { _ in
            try IdentifierText.take(&decoder, typesMax: Self.typesMax) { identifier($0, type: $1, home: component) }
        }
        let tuples = try (0..<(try decoder.count())).map { _ in
            let symbols = try (0..<width).map { _ in
                let place = try decoder.number(below: identifiers.count + 1)
                return place == 0 ? 0 : identifiers[place - 1]
            }
            return intern(tuple: symbols)
        }
        let symbols = try TextNumbers.symbols(&decoder, texts)
        let unit = try decoder.number(below: 2) == 1 ? Self.coarseUnit : 1
        var (time, tuple, file) = (try decoder.signed(), UInt32?.none, Int64(0))
        lastSeen = max(lastSeen, time)
        for _ in 0..<rowCount {
            let row = next()
            let heading = RowHeading(bits: try decoder.number())
            time &+= Int64(bitPattern: try decoder.number()) &* unit
            lastSeen = max(lastSeen, time)
            row.storeBytes(of: time, toByteOffset: RowLayout.timeOffset, as: Int64.self)
            row.storeBytes(of: try words.kind(try decoder.number()), toByteOffset: RowLayout.kindOffset, as: UInt32.self)
            row.storeBytes(of: 0, toByteOffset: RowLayout.identityOffset, as: UInt32.self)
            if !heading.isSameTuple { tuple = tuples[try decoder.number(below: tuples.count)] }
            guard let tuple else { throw DamagedBytes() }
            row.storeBytes(of: tuple, toByteOffset: tupleOffset, as: UInt32.self)
            if !heading.isSameFile { file &+= try decoder.signed() }
            guard file > 0, file < 1 << 23 else { throw DamagedBytes() }
            row.storeBytes(
                of: RowPosition.make(file: file, line: Int64(truncatingIfNeeded: try decoder.number())), toByteOffset: positionOffset,
                as: Int64.self)
            if let offset = layout.recordOffset {
                row.storeBytes(of: Int64(truncatingIfNeeded: try decoder.number()), toByteOffset: offset, as: Int64.self)
            }
            if let offset = layout.eventIDOffset {
                row.storeBytes(of: heading.hasID ? try decoder.whole() : 0, toByteOffset: offset, as: UInt64.self)
            }
            if let offset = layout.sequenceOffset { row.storeBytes(of: try decoder.signed(), toByteOffset: offset, as: Int64.self) }
            if let offset = layout.fieldSetOffset {
                row.storeBytes(of: try words.fieldSet(try decoder.number()), toByteOffset: offset, as: UInt32.self)
            }
            for column in 0..<layout.scalarCount {
                let isThere = column >= Self.maskedColumnsMax || heading.isFilled(column)
                let coded = isThere ? try decoder.number() : 0
                guard coded >> 2 < UInt64(symbols.count) else { throw DamagedBytes() }
                let scalar = coded >> 2 == 0 ? Scalar.absent : Scalar(bits: symbols[Int(coded >> 2)] << 2 | UInt32(coded & 3))
                row.storeBytes(of: scalar.bits, toByteOffset: layout.scalarOffset + 4 * column, as: UInt32.self)
            }
        }
        for _ in 0..<(try decoder.count()) { bareTuples.insert(Int(tuples[try decoder.number(below: tuples.count)])) }
        for _ in 0..<(try decoder.count()) {
            let identifier = identifiers[try decoder.number(below: identifiers.count)]
            for _ in 0..<(try decoder.count()) { facts[identifier, default: []].insert(try PersonFact(&decoder, symbols, texts)) }
        }
        guard decoder.isAtEnd else { throw DamagedBytes() }
        storedCount = count
    }
}
