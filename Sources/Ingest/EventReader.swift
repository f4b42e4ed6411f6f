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
    package let kinds = TupleTable(width: EventKind.width)
    package let identities: TupleTable

    private let plan: ReadPlan
    private let sources: [SourceReader]
    private let layout: RowLayout
    /// By identity column: the number of its type.
    private let types: [UInt8]
    private let initiators: Initiators
    private let blocked: BlockedValues
    private let maxLineBytes: Int
    private let asOf: EventTime
    /// Where texts with escapes are decoded. Each part has room for the longest line: the first is for fields that are done with at
    /// once, and one for each identity column follows.
    private let scratch: Slots<ByteRoom>
    private let scratchMemory: ByteRoom
    /// By identity column, of the record that is read; without a text where it has none, or a blocked one.
    private let identifierTexts: Slots<(text: Text?, hash: UInt64)>
    private let rows: RowPacker
    /// The tuples of the record that is read.
    private let identity: Slots<UInt32>
    private let kind: Slots<UInt32>
    /// Which fields that record has: the symbol of the set's text, where rows carry it.
    private var fieldSet: UInt32 = 0

    package init(plan: ReadPlan) {
        self.plan = plan
        layout = plan.layout
        types = plan.identityTypes.map(UInt8.init)
        blocked = plan.blocked
        maxLineBytes = plan.maxLineBytes
        asOf = plan.asOf ?? Int64.max
        identities = TupleTable(width: max(1, types.count), capacity: 4096)
        let (texts, key) = (texts, plan.pseudonymKey)
        initiators = Initiators(texts)
        self.key = key.map { HMAC($0) }
        given = key == nil ? identifiers : SymbolTable(capacity: 4096)
        sources = plan.sources.map { SourceReader(source: $0, texts: texts, key: key) }
        let (parts, partBytes) = (types.count + 1, plan.maxLineBytes + TextBlock.padding)
        // Only as much of it becomes real memory as escaped texts are long.
        let memory = ByteRoom(count: parts * partBytes)
        scratchMemory = memory
        scratch = Slots((0..<parts).map { memory.part($0 * partBytes..<($0 + 1) * partBytes) })
        identifierTexts = Slots(repeating: (nil, 0), count: types.count)
        rows = RowPacker(plan.layout)
        identity = Slots(repeating: 0, count: identities.width)
        kind = Slots(repeating: 0, count: kinds.width)
    }

    deinit {
        scratch.release()
        scratchMemory.release()
        identifierTexts.release()
        identity.release()
        kind.release()
    }

    /// Reads every line of a block of the given source. O(bytes).
    func read(_ block: TextBlock, source: Int) -> ReadBlock {
        var result = ReadBlock(block)
        if block.oversize != .no {
            result.physicalLines = 1
            if block.oversize == .text {
                result.lines = 1
                result.rejected.append(.lineTooLong, line: 1, offset: block.offset, text: nil)
            }
            return result
        }
        let reader = sources[source]
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
            let place = start - text - (result.physicalLines == 1 ? mark : 0)
            read(line: start, offset: block.offset + Int64(place), blockEnd: end, source: reader, into: &result)
            let lineEnd = reader.line.lineEnd
            start = lineEnd + 1
        }
        result.there = reader.presence.take()
        result.rows = rows.take()
        return result
    }

    /// What its tables take of memory; with a key, also that of raw identifiers.
    var tableBytes: Int {
        let texts = texts.memoryBytes + identifiers.memoryBytes + (given === identifiers ? 0 : given.memoryBytes)
        return texts + kinds.memoryBytes + identities.memoryBytes
    }

    /// By source, of all that was read so far.
    var facts: [SourceFacts] { sources.map(\.facts) }

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

    /// One line: appends its rows, and lists what is put aside.
    private func read(line: TextPlace, offset: Int64, blockEnd: TextPlace, source: SourceReader, into result: inout ReadBlock) {
        let number = result.physicalLines
        let outcome = source.line.scan(line, end: blockEnd)
        let text = Text(line, source.line.lineEnd - line)
        func put(aside reason: RejectReason, record: Int64? = nil) {
            result.rejected.append(reason, line: number, record: record, offset: offset, text: plan.keepsRawText ? text : nil)
        }
        if let reason = reason(outcome, text) { return put(aside: reason) }
        if source.isSingle {
            source.record.makeForms()
            let set = note(source.only, source)
            guard let reason = event(source.only, number, 1, &result.filtered) else { return source.presence.count(set) }
            if let count = Trailer.count(text) { return result.takeTrailer(count) }
            source.presence.count(set)
            return put(aside: reason)
        }
        var records: Int64 = 0
        source.forEachEvent { fields in
            records += 1
            source.presence.count(note(fields, source))
            if let reason = event(fields, number, records, &result.filtered) { put(aside: reason, record: records) }
        }
        if records == 0, let count = Trailer.count(text) { return result.takeTrailer(count) }
        result.expanded += records - 1
    }

    /// Looks which fields the record at hand has, and answers the number of their set.
    @inline(__always)
    private func note(_ fields: RecordFields, _ source: SourceReader) -> Int {
        let set = source.presence.find(fields.checks)
        if layout.fieldSetOffset != nil { fieldSet = source.presence.symbol(of: set, texts) }
        return set
    }

    /// Why a line gives no record.
    @inline(__always)
    private func reason(_ outcome: JSONScanner.Outcome, _ text: Text) -> RejectReason? {
        let length = text.count > 0 && text[text.count - 1] == 13 ? text.count - 1 : text.count
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
        // Identifiers are looked up last, their places in the tables fetched first, and the kind's as soon as it is known: the waits
        // lie behind other work.
        for column in 0..<types.count { prefetchIdentifier(column, fields) }
        let time: EventTime
        switch fields.time(scratch[0]) {
        case .some(.some(let found)): time = found
        case .some(.none): return .badTime
        case .none: return .missingTime
        }
        for field in 0..<kind.count { kind[field] = symbol(of: field, in: fields) }
        let initiator = initiators.meant(kind[KindField.initiator.rawValue])
        kind[KindField.initiator.rawValue] = initiator ?? 0
        let kindHash = kinds.hashAndPrefetch(kind)
        guard internIdentifiers() else { return .missingIdentity }
        if let condition = fields.condition, !condition.holds() {
            // Rows that only link are counted when it is said whose they are: nobody's. All that their kind says is absent.
            if time <= asOf {
                kind.fill(0..<kind.count, with: 0)
                append(time: time, kinds.intern(kind), line: line, record: record, fields)
            } else {
                filtered += 1
            }
            return nil
        }
        guard kind[KindField.channel.rawValue] != 0 else { return .missingChannel }
        guard kind[KindField.touchpoint.rawValue] != 0 else { return .missingTouchpoint }
        guard initiator != nil else { return .badInitiator }
        if time > asOf {
            filtered += 1
            return nil
        }
        append(time: time, kinds.intern(kind, hash: kindHash), line: line, record: record, fields)
        return nil
    }

    /// Fills `identity`; false where there is no id.
    @inline(__always)
    private func internIdentifiers() -> Bool {
        var hasIdentity = false
        for column in 0..<types.count {
            let found = identifierTexts[column]
            if let text = found.text {
                let symbol = given.intern(text, tag: types[column], hash: found.hash)
                identity[column] = key == nil ? symbol : pseudonym(of: symbol)
                hasIdentity = true
            } else {
                identity[column] = 0
            }
        }
        return hasIdentity
    }

    /// Notes the text of an identifier and its hash.
    @inline(__always)
    private func prefetchIdentifier(_ column: Int, _ fields: RecordFields) {
        identifierTexts[column].text = nil
        guard let slot = fields.identifiers[column] else { return }
        if !noteIdentifier(column, slot, fields), !fields.otherIdentifiers.isEmpty {
            for other in fields.otherIdentifiers[column] where noteIdentifier(column, other, fields) { return }
        }
    }

    @inline(__always)
    private func noteIdentifier(_ column: Int, _ slot: ValueSlot, _ fields: RecordFields) -> Bool {
        // An escaped text is decoded to memory of its own, where it stays until it is looked up.
        guard let text = fields.text(slot, scratch[column + 1]), !blocked.contains(text) else { return false }
        let hash = given.hash(text, tag: types[column])
        given.prefetch(hash)
        identifierTexts[column] = (text, hash)
        return true
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
    private func symbol(of field: Int, in fields: RecordFields) -> UInt32 {
        let origin = fields.kinds[field]
        guard let value = origin.value else { return origin.constant }
        guard let text = fields.text(value, scratch[0]) else { return 0 }
        if text.count == 0, field != KindField.action.rawValue, field != KindField.outcome.rawValue { return 0 }
        return texts.intern(text)
    }

    @inline(__always)
    private func append(time: EventTime, _ kind: UInt32, line: Int64, record: Int64, _ fields: RecordFields) {
        let identityHash = identities.hashAndPrefetch(identity)
        let row = rows.row
        row.store(time, at: RowLayout.timeOffset)
        row.store(kind, at: RowLayout.kindOffset)
        if let offset = layout.eventIDOffset { row.store(fields.eventID(scratch[0]), at: offset) }
        if let offset = layout.sequenceOffset { row.store(fields.sequence(scratch[0]), at: offset) }
        // Within its block, until all blocks are known.
        if let offset = layout.positionOffset { row.store(line, at: offset) }
        if let offset = layout.recordOffset { row.store(record, at: offset) }
        if let offset = layout.fieldSetOffset { row.store(fieldSet, at: offset) }
        for column in 0..<layout.scalarCount {
            row.store(fields.scalar(column, texts, scratch[0]).bits, at: layout.scalarOffset + 4 * column)
        }
        row.store(identities.intern(identity, hash: identityHash), at: RowLayout.identityOffset)
        rows.append()
    }
}
