import Digests
package import Events

/// One worker's way from blocks of text to rows: its scanners, one per source, and its own symbol tables, which
/// are merged when all is read. Nothing here is shared while it works.
package final class EventReader {
    /// Texts of channels, touchpoints, actions, outcomes, initiators and scalars.
    package let texts = SymbolTable()
    /// Identifiers, or, with a key, their pseudonyms; tagged with the number of their type.
    package let identifiers = SymbolTable(capacity: 4096)
    /// Where identifiers are looked up: the same table, or, with a key, one of their raw texts, which nobody else sees.
    private let given: SymbolTable
    private let key: HMAC?
    /// With a key: by symbol of `given` the pseudonym's in `identifiers`.
    private var pseudonyms: [UInt32] = [0]
    package let kinds = TupleTable(width: KindField.allCases.count)
    package let identities: TupleTable
    /// The latest time of all lines that were not put aside.
    package private(set) var latest: EventTime?

    private let plan: ReadPlan
    private let sources: [SourceReader]
    private let layout: RowLayout
    /// By identity column.
    private let types: [UInt8]
    private let columnCount: Int
    private let initiators: Initiators
    private let blocked: BlockedValues
    private let maxLineBytes: Int
    private let asOf: EventTime
    private let scratch: UnsafeMutablePointer<UInt8>
    private let scratchBytes: Int
    /// By identity column.
    private let identifierTexts: UnsafeMutablePointer<(start: UnsafePointer<UInt8>, count: Int, hash: UInt64)>
    private var rows: UnsafeMutableRawPointer
    private var rowCapacity = 4096
    private var rowCount = 0
    private let identity: UnsafeMutablePointer<UInt32>
    private let kind: UnsafeMutablePointer<UInt32>
    private static let kindWidth = KindField.allCases.count

    package init(plan: ReadPlan) {
        self.plan = plan
        layout = plan.layout
        types = plan.identityTypes.map(UInt8.init)
        columnCount = types.count
        blocked = plan.blocked
        maxLineBytes = plan.maxLineBytes
        asOf = plan.asOf ?? Int64.max
        identities = TupleTable(width: max(1, columnCount), capacity: 4096)
        let (texts, key) = (texts, plan.pseudonymKey)
        initiators = Initiators(texts)
        self.key = key.map { HMAC($0) }
        given = key == nil ? identifiers : SymbolTable(capacity: 4096)
        sources = plan.sources.map { SourceReader(source: $0, texts: texts, key: key) }
        scratchBytes = plan.maxLineBytes + TextBlock.padding
        // Only as much of it becomes real memory as escaped texts are long.
        scratch = .allocate(capacity: scratchBytes * (columnCount + 1))
        identifierTexts = .allocate(capacity: max(1, columnCount))
        identifierTexts.initialize(repeating: (UnsafePointer(scratch), -1, 0), count: max(1, columnCount))
        rows = .allocate(byteCount: rowCapacity * plan.layout.stride, alignment: 16)
        identity = .allocate(capacity: max(1, columnCount))
        identity.initialize(repeating: 0, count: max(1, columnCount))
        kind = .allocate(capacity: KindField.allCases.count)
        kind.initialize(repeating: 0, count: KindField.allCases.count)
    }

    deinit {
        scratch.deallocate()
        identifierTexts.deallocate()
        rows.deallocate()
        identity.deallocate()
        kind.deallocate()
    }

    /// Reads every line of a block of the given source. O(bytes).
    func read(_ block: TextBlock, source: Int) -> ReadBlock {
        var result = ReadBlock(block)
        rowCount = 0
        if block.oversize != .no {
            result.physicalLines = 1
            if block.oversize == .text {
                result.lines = 1
                result.rejected.append(.lineTooLong, line: 1, offset: block.offset, text: nil)
            }
            return result
        }
        let reader = sources[source]
        let text = UnsafePointer(block.memory.assumingMemoryBound(to: UInt8.self))
        let end = text + block.count
        var start = text
        // A byte order mark is no text, but the first line begins with it.
        let mark = block.offset == 0 && block.count >= 3 && start[0] == 0xEF && start[1] == 0xBB && start[2] == 0xBF ? 3 : 0
        start += mark
        while start < end {
            result.physicalLines += 1
            if let lineEnd = Self.blankLineEnd(start) {
                start = lineEnd + 1
                continue
            }
            result.lines += 1
            let place = start - text - (result.physicalLines == 1 ? mark : 0)
            read(line: start, offset: block.offset + Int64(place), blockEnd: end, source: reader, into: &result)
            let lineEnd = reader.record.line.lineEnd
            start = lineEnd + 1
        }
        result.rows = EventRows(copying: rows, count: rowCount, stride: plan.layout.stride)
        return result
    }

    /// The end of the line if it holds nothing but white space. A block ends behind a line end, or is sealed with one.
    @inline(__always)
    private static func blankLineEnd(_ start: UnsafePointer<UInt8>) -> UnsafePointer<UInt8>? {
        var cursor = start
        while cursor.pointee == 32 || cursor.pointee &- 9 < 5 {
            if cursor.pointee == 10 { return cursor }
            cursor += 1
        }
        return nil
    }

    /// One line: appends its rows, and lists what is put aside.
    private func read(
        line: UnsafePointer<UInt8>, offset: Int64, blockEnd: UnsafePointer<UInt8>, source: SourceReader, into result: inout ReadBlock
    ) {
        let number = result.physicalLines
        let outcome = source.record.line.scan(line, end: blockEnd)
        let count = source.record.line.lineEnd - line
        let raw = plan.keepsRawText ? UnsafeRawBufferPointer(start: line, count: count) : nil
        guard let reason = reason(outcome, line, count) else {
            if source.isSingle {
                source.record.makeForms()
                guard let reason = event(source.mappings[0], number, 1, &result.filtered) else { return }
                if let count = Trailer.count(line, count) { return result.takeTrailer(count) }
                return result.rejected.append(reason, line: number, offset: offset, text: raw)
            }
            var records: Int64 = 0
            source.forEachEvent { fields in
                records += 1
                guard let reason = event(fields, number, records, &result.filtered) else { return }
                result.rejected.append(reason, line: number, record: records, offset: offset, text: raw)
            }
            if records == 0, let count = Trailer.count(line, count) { return result.takeTrailer(count) }
            result.expanded += records - 1
            return
        }
        result.rejected.append(reason, line: number, offset: offset, text: raw)
    }

    /// Why a line gives no record.
    @inline(__always)
    private func reason(_ outcome: JSONScanner.Outcome, _ line: UnsafePointer<UInt8>, _ count: Int) -> RejectReason? {
        let length = count > 0 && line[count - 1] == 13 ? count - 1 : count
        guard length <= maxLineBytes else { return .lineTooLong }
        switch outcome {
        case .object: return nil
        case .notAnObject: return .notAnObject
        case .invalidJSON: return .invalidJSON
        case .invalidUTF8: return .invalidUTF8
        }
    }

    /// One event of a record: appends its row, or says why there is none.
    private func event(_ fields: RecordFields, _ line: Int64, _ record: Int64, _ filtered: inout Int64) -> RejectReason? {
        // Identifiers are looked up last, their places in the tables fetched first: the waits lie behind other work.
        for column in 0..<columnCount { prefetchIdentifier(column, fields) }
        let time: EventTime
        switch fields.time(scratch) {
        case .some(.some(let found)): time = found
        case .some(.none): return .badTime
        case .none: return .missingTime
        }
        for field in 0..<Self.kindWidth { kind[field] = symbol(of: field, in: fields) }
        guard internIdentifiers() else { return .missingIdentity }
        if let condition = fields.condition, !condition.holds() {
            // Rows that only link are counted when it is said whose they are: nobody's.
            if time <= asOf { appendLinks(time: time, line: line, record: record, fields) } else { filtered += 1 }
            return nil
        }
        guard kind[KindField.channel.rawValue] != 0 else { return .missingChannel }
        guard kind[KindField.touchpoint.rawValue] != 0 else { return .missingTouchpoint }
        guard let initiator = initiators.meant(kind[KindField.initiator.rawValue]) else { return .badInitiator }
        kind[KindField.initiator.rawValue] = initiator
        if time > asOf {
            filtered += 1
            return nil
        }
        if time > latest ?? Int64.min { latest = time }
        append(time: time, line: line, record: record, fields)
        return nil
    }

    /// A row that only links identifiers: all that its kind says is absent.
    private func appendLinks(time: EventTime, line: Int64, record: Int64, _ fields: RecordFields) {
        for field in 0..<Self.kindWidth { kind[field] = 0 }
        append(time: time, line: line, record: record, fields)
    }

    /// Fills `identity`; false where there is no id.
    @inline(__always)
    private func internIdentifiers() -> Bool {
        var hasIdentity = false
        for column in 0..<columnCount {
            let text = identifierTexts[column]
            if text.count >= 0 {
                let symbol = given.intern(text.start, text.count, tag: types[column], hash: text.hash)
                identity[column] = key == nil ? symbol : pseudonym(of: symbol)
                hasIdentity = true
            } else {
                identity[column] = 0
            }
        }
        return hasIdentity
    }

    /// Notes the text of an identifier and its hash; a count of -1 where there is none, or a blocked one.
    @inline(__always)
    private func prefetchIdentifier(_ column: Int, _ fields: RecordFields) {
        identifierTexts[column].count = -1
        guard let address = fields.identifiers[column] else { return }
        if !noteIdentifier(column, address, fields), !fields.otherIdentifiers.isEmpty {
            for other in fields.otherIdentifiers[column] where noteIdentifier(column, other, fields) { return }
        }
    }

    @inline(__always)
    private func noteIdentifier(_ column: Int, _ address: RecordFields.Address, _ fields: RecordFields) -> Bool {
        // An escaped text is decoded to memory of its own, where it stays until it is looked up.
        guard let text = fields.text(address, scratch + (column + 1) * scratchBytes), !blocked.contains(text.start, text.count) else {
            return false
        }
        let hash = given.hash(text.start, text.count, tag: types[column])
        given.prefetch(hash)
        identifierTexts[column] = (text.start, text.count, hash)
        return true
    }

    /// The symbol of the pseudonym of an identifier just looked up; computed at first sight.
    private func pseudonym(of symbol: UInt32) -> UInt32 {
        if Int(symbol) < pseudonyms.count { return pseudonyms[Int(symbol)] }
        guard let key else { return symbol }
        let code = key.code(given.bytes(of: symbol))
        let pseudonym = withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Digest.hexCount) { text in
            code.writeHex(to: text.baseAddress!)
            return identifiers.intern(text.baseAddress!, text.count, tag: given.tag(of: symbol))
        }
        pseudonyms.append(pseudonym)
        return pseudonym
    }

    /// The symbol of a plain field; 0 where it is absent, null, an object or an array. An empty text counts as absent
    /// too, but for action and outcome, where it is one more value.
    @inline(__always)
    private func symbol(of field: Int, in fields: RecordFields) -> UInt32 {
        let origin = fields.kinds[field]
        guard let address = origin.value else { return origin.constant }
        guard let text = fields.text(address, scratch) else { return 0 }
        if text.count == 0, field != KindField.action.rawValue, field != KindField.outcome.rawValue { return 0 }
        return texts.intern(text.start, text.count)
    }

    @inline(__always)
    private func append(time: EventTime, line: Int64, record: Int64, _ fields: RecordFields) {
        if rowCount == rowCapacity {
            let grown = UnsafeMutableRawPointer.allocate(byteCount: rowCapacity * 2 * layout.stride, alignment: 16)
            grown.copyMemory(from: rows, byteCount: rowCount * layout.stride)
            rows.deallocate()
            rows = grown
            rowCapacity *= 2
        }
        let identityHash = identities.hashAndPrefetch(identity)
        let row = rows + rowCount * layout.stride
        rowCount += 1
        row.storeBytes(of: time, toByteOffset: RowLayout.timeOffset, as: Int64.self)
        row.storeBytes(of: kinds.intern(kind), toByteOffset: RowLayout.kindOffset, as: UInt32.self)
        if let offset = layout.eventIDOffset {
            let fingerprint = fields.eventID(scratch)
            row.storeBytes(of: fingerprint.0, toByteOffset: offset, as: UInt64.self)
            row.storeBytes(of: fingerprint.1, toByteOffset: offset + 8, as: UInt64.self)
        }
        if let offset = layout.sequenceOffset {
            row.storeBytes(of: fields.sequence(scratch), toByteOffset: offset, as: Int64.self)
        }
        if let offset = layout.positionOffset {
            // Within its block, until all blocks are known.
            row.storeBytes(of: line, toByteOffset: offset, as: Int64.self)
        }
        if let offset = layout.recordOffset { row.storeBytes(of: record, toByteOffset: offset, as: Int64.self) }
        for column in 0..<layout.scalarCount {
            row.storeBytes(
                of: fields.scalar(column, texts, scratch).bits, toByteOffset: layout.scalarOffset + 4 * column, as: UInt32.self)
        }
        row.storeBytes(of: identities.intern(identity, hash: identityHash), toByteOffset: RowLayout.identityOffset, as: UInt32.self)
    }
}
