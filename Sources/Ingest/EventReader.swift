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
    private let typeCount: Int
    private let blocked: BlockedValues
    private let maxLineBytes: Int
    private let asOf: EventTime
    private let scratch: UnsafeMutablePointer<UInt8>
    private let scratchBytes: Int
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
        typeCount = plan.identityTypeCount
        blocked = plan.blocked
        maxLineBytes = plan.maxLineBytes
        asOf = plan.asOf ?? Int64.max
        identities = TupleTable(width: max(1, plan.identityTypeCount), capacity: 4096)
        let (texts, key) = (texts, plan.pseudonymKey)
        self.key = key.map { HMAC($0) }
        given = key == nil ? identifiers : SymbolTable(capacity: 4096)
        sources = plan.sources.map { SourceReader(source: $0, texts: texts, key: key) }
        scratchBytes = plan.maxLineBytes + TextBlock.padding
        // Only as much of it becomes real memory as escaped texts are long.
        scratch = .allocate(capacity: scratchBytes * (plan.identityTypeCount + 1))
        identifierTexts = .allocate(capacity: max(1, plan.identityTypeCount))
        identifierTexts.initialize(repeating: (UnsafePointer(scratch), -1, 0), count: max(1, plan.identityTypeCount))
        rows = .allocate(byteCount: rowCapacity * plan.layout.stride, alignment: 16)
        identity = .allocate(capacity: max(1, plan.identityTypeCount))
        identity.initialize(repeating: 0, count: max(1, plan.identityTypeCount))
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
        let fields = sources[source]
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
            let reason = read(line: start, number: result.physicalLines, blockEnd: end, fields: fields, filtered: &result.filtered)
            let lineEnd = fields.scanner.lineEnd
            if reason != nil, let count = Trailer.count(start, lineEnd - start) {
                result.lines -= 1
                result.addTrailer(count)
            } else if let reason {
                let place = start - text - (result.physicalLines == 1 ? mark : 0)
                result.rejected.append(
                    reason, line: result.physicalLines, offset: block.offset + Int64(place),
                    text: plan.keepsRawText ? UnsafeRawBufferPointer(start: start, count: lineEnd - start) : nil)
            }
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

    /// One line: appends its row, or says why there is none.
    private func read(
        line: UnsafePointer<UInt8>, number: Int64, blockEnd: UnsafePointer<UInt8>, fields: SourceReader, filtered: inout Int64
    ) -> RejectReason? {
        let outcome = fields.scanner.scan(line, end: blockEnd)
        var length = fields.scanner.lineEnd - line
        if length > 0, line[length - 1] == 13 { length -= 1 }
        guard length <= maxLineBytes else { return .lineTooLong }
        switch outcome {
        case .object: break
        case .notAnObject: return .notAnObject
        case .invalidJSON: return .invalidJSON
        case .invalidUTF8: return .invalidUTF8
        }
        // Identifiers are looked up last, their places in the tables fetched first: the waits lie behind other work.
        for type in 0..<typeCount { prefetchIdentifier(type, fields) }
        let time: EventTime
        switch fields.time(scratch) {
        case .some(.some(let found)): time = found
        case .some(.none): return .badTime
        case .none: return .missingTime
        }
        for field in 0..<Self.kindWidth { kind[field] = symbol(of: field, in: fields) }
        var hasIdentity = false
        for type in 0..<typeCount {
            let text = identifierTexts[type]
            if text.count >= 0 {
                let symbol = given.intern(text.start, text.count, tag: UInt8(truncatingIfNeeded: type), hash: text.hash)
                identity[type] = key == nil ? symbol : pseudonym(of: symbol)
                hasIdentity = true
            } else {
                identity[type] = 0
            }
        }
        guard hasIdentity else { return .missingIdentity }
        guard kind[KindField.channel.rawValue] != 0 else { return .missingChannel }
        guard kind[KindField.touchpoint.rawValue] != 0 else { return .missingTouchpoint }
        if time > asOf {
            filtered += 1
            return nil
        }
        if time > latest ?? Int64.min { latest = time }
        append(time: time, line: number, fields)
        return nil
    }

    /// Notes the text of an identifier and its hash; a count of -1 where there is none, or a blocked one.
    @inline(__always)
    private func prefetchIdentifier(_ type: Int, _ fields: SourceReader) {
        identifierTexts[type].count = -1
        let slot = fields.identifiers[type]
        // An escaped text is decoded to memory of its own, where it stays until it is looked up.
        guard slot >= 0, let text = fields.text(slot, scratch + (type + 1) * scratchBytes), !blocked.contains(text.start, text.count) else {
            return
        }
        let hash = given.hash(text.start, text.count, tag: UInt8(truncatingIfNeeded: type))
        given.prefetch(hash)
        identifierTexts[type] = (text.start, text.count, hash)
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
    private func symbol(of field: Int, in fields: SourceReader) -> UInt32 {
        let origin = fields.kinds[field]
        guard origin.slot >= 0 else { return origin.constant }
        guard let text = fields.text(origin.slot, scratch) else { return 0 }
        if text.count == 0, field != KindField.action.rawValue, field != KindField.outcome.rawValue { return 0 }
        return texts.intern(text.start, text.count)
    }

    @inline(__always)
    private func append(time: EventTime, line: Int64, _ fields: SourceReader) {
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
        for column in 0..<layout.scalarCount {
            row.storeBytes(
                of: fields.scalar(column, texts, scratch).bits, toByteOffset: layout.scalarOffset + 4 * column, as: UInt32.self)
        }
        row.storeBytes(of: identities.intern(identity, hash: identityHash), toByteOffset: RowLayout.identityOffset, as: UInt32.self)
    }
}
