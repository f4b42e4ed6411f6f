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
    /// Where texts with escapes are decoded: room for the longest line, once for each identity type and once for other fields.
    private let scratch: ByteRoom
    private let scratchBytes: Int
    /// By identity type, of the line that is read; without a text where it has none, or a blocked one.
    private let identifierTexts: Slots<(text: Text?, hash: UInt64)>
    /// One after the other; as many as `rowCount`.
    private var rows: ByteRoom
    private var rowCount = 0
    /// The tuples of the line that is read.
    private let identity: Slots<UInt32>
    private let kind: Slots<UInt32>

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
        scratch = ByteRoom(count: scratchBytes * (plan.identityTypeCount + 1))
        identifierTexts = Slots(repeating: (nil, 0), count: plan.identityTypeCount)
        rows = ByteRoom(count: 4096 * plan.layout.stride)
        identity = Slots(repeating: 0, count: identities.width)
        kind = Slots(repeating: 0, count: kinds.width)
    }

    deinit {
        scratch.release()
        identifierTexts.release()
        rows.release()
        identity.release()
        kind.release()
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
        let text = block.sealed.start
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
            if reason != nil, let count = Trailer.count(Text(start, lineEnd - start)) {
                result.lines -= 1
                result.addTrailer(count)
            } else if let reason {
                let place = start - text - (result.physicalLines == 1 ? mark : 0)
                result.rejected.append(
                    reason, line: result.physicalLines, offset: block.offset + Int64(place),
                    text: plan.keepsRawText ? Text(start, lineEnd - start) : nil)
            }
            start = lineEnd + 1
        }
        result.rows = EventRows(copying: rows, count: rowCount, stride: plan.layout.stride)
        return result
    }

    /// The end of the line if it holds nothing but white space. A block ends behind a line end, or is sealed with one.
    @inline(__always)
    private static func blankLineEnd(_ start: TextPlace) -> TextPlace? {
        var cursor = start
        while cursor.byte == 32 || cursor.byte &- 9 < 5 {
            if cursor.byte == 10 { return cursor }
            cursor += 1
        }
        return nil
    }

    /// One line: appends its row, or says why there is none.
    private func read(
        line: TextPlace, number: Int64, blockEnd: TextPlace, fields: SourceReader, filtered: inout Int64
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
        switch fields.time(scratch(0)) {
        case .some(.some(let found)): time = found
        case .some(.none): return .badTime
        case .none: return .missingTime
        }
        for field in 0..<kind.count { kind[field] = symbol(of: field, in: fields) }
        var hasIdentity = false
        for type in 0..<typeCount {
            let found = identifierTexts[type]
            if let text = found.text {
                let symbol = given.intern(text, tag: UInt8(truncatingIfNeeded: type), hash: found.hash)
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

    /// The part of the scratch memory for one identity type, from 1, or for the fields that are done with at once: 0.
    @inline(__always)
    private func scratch(_ part: Int) -> ByteRoom { scratch.part(part * scratchBytes..<(part + 1) * scratchBytes) }

    /// Notes the text of an identifier and its hash.
    @inline(__always)
    private func prefetchIdentifier(_ type: Int, _ fields: SourceReader) {
        identifierTexts[type].text = nil
        let slot = fields.identifiers[type]
        // An escaped text is decoded to memory of its own, where it stays until it is looked up.
        guard slot >= 0, let text = fields.text(slot, scratch(type + 1)), !blocked.contains(text) else { return }
        let hash = given.hash(text, tag: UInt8(truncatingIfNeeded: type))
        given.prefetch(hash)
        identifierTexts[type] = (text, hash)
    }

    /// The symbol of the pseudonym of an identifier just looked up; computed at first sight.
    private func pseudonym(of symbol: UInt32) -> UInt32 {
        if Int(symbol) < pseudonyms.count { return pseudonyms[Int(symbol)] }
        guard let key else { return symbol }
        let pseudonym = identifiers.intern(key.code(given.bytes(of: symbol)).hex, tag: given.tag(of: symbol))
        pseudonyms.append(pseudonym)
        return pseudonym
    }

    /// The symbol of a plain field; 0 where it is absent, null, an object or an array. An empty text counts as absent
    /// too, but for action and outcome, where it is one more value.
    @inline(__always)
    private func symbol(of field: Int, in fields: SourceReader) -> UInt32 {
        let origin = fields.kinds[field]
        guard origin.slot >= 0 else { return origin.constant }
        guard let text = fields.text(origin.slot, scratch(0)) else { return 0 }
        if text.count == 0, field != KindField.action.rawValue, field != KindField.outcome.rawValue { return 0 }
        return texts.intern(text)
    }

    @inline(__always)
    private func append(time: EventTime, line: Int64, _ fields: SourceReader) {
        let start = rowCount * layout.stride
        if start == rows.count { rows.grow(to: 2 * start, used: start) }
        let row = rows.part(start..<start + layout.stride)
        rowCount += 1
        let identityHash = identities.hashAndPrefetch(identity)
        row.store(time, at: RowLayout.timeOffset)
        row.store(kinds.intern(kind), at: RowLayout.kindOffset)
        if let offset = layout.eventIDOffset {
            let fingerprint = fields.eventID(scratch(0))
            row.store(fingerprint.0, at: offset)
            row.store(fingerprint.1, at: offset + 8)
        }
        if let offset = layout.sequenceOffset { row.store(fields.sequence(scratch(0)), at: offset) }
        // Within its block, until all blocks are known.
        if let offset = layout.positionOffset { row.store(line, at: offset) }
        for column in 0..<layout.scalarCount {
            row.store(fields.scalar(column, texts, scratch(0)).bits, at: layout.scalarOffset + 4 * column)
        }
        row.store(identities.intern(identity, hash: identityHash), at: RowLayout.identityOffset)
    }
}
