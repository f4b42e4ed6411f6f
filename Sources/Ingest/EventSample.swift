package import Events

/// The first lines of one input as the pipeline would read them: what `validate` shows.
///
/// Unsafe code: rows are as many as `EventRows` counts, and columns lie where the layout says.
package struct EventSample: Sendable {
    package struct Event: Sendable {
        package let time: EventTime
        /// By `KindField`; nil where absent.
        package let fields: [String?]
        /// By identity column.
        package let identifiers: [String?]
        /// By scalar column.
        package let scalars: [Value?]
    }

    /// `value` or an attribute. Of an object or a list the text only says that it is one.
    package struct Value: Sendable {
        package let text: String
        package let type: ScalarType
    }

    package private(set) var events: [Event] = []
    package private(set) var rejected = RejectedLines()
    /// Lines looked at.
    package private(set) var lines: Int64 = 0
    package private(set) var facts = SourceFacts()

    /// Reads the first block of about 256 KiB. Throws `IngestError`.
    package init(path: String, source: Int, plan: ReadPlan) throws {
        let sizes = BlockSizes(target: 256 << 10, maxLineBytes: plan.maxLineBytes)
        let splitter = try BlockSplitter(input: 0, of: .init(path: path, source: 0), sizes: sizes)
        let block = TextBlock(capacity: sizes.capacity)
        guard try splitter.fill(block) else { return }
        let reader = EventReader(plan: plan)
        let read = reader.read(block, source: source)
        lines = read.lines
        facts = reader.facts[source]
        rejected.add(read.rejected, input: 0, linesBefore: 0)
        guard let rows = read.rows else { return }
        try rows.access(RowScratch(), writing: false) { base in
            for index in 0..<rows.count { events.append(Self.event(base + index * rows.stride, reader, plan)) }
        }
    }

    private static func event(_ row: UnsafeMutableRawPointer, _ reader: EventReader, _ plan: ReadPlan) -> Event {
        func text(_ symbol: UInt32, _ table: SymbolTable) -> String? { symbol == 0 ? nil : table.string(symbol) }
        let kind = reader.kinds[Int(row.load(fromByteOffset: RowLayout.kindOffset, as: UInt32.self))]
        let identity = reader.identities[Int(row.load(fromByteOffset: RowLayout.identityOffset, as: UInt32.self))]
        return Event(
            time: row.load(fromByteOffset: RowLayout.timeOffset, as: Int64.self), fields: kind.map { text($0, reader.texts) },
            identifiers: identity.map { text($0, reader.identifiers) },
            scalars: (0..<plan.layout.scalarCount).map { column in
                let scalar = Scalar(bits: row.load(fromByteOffset: plan.layout.scalarOffset + 4 * column, as: UInt32.self))
                guard !scalar.isAbsent else { return nil }
                return Value(
                    text: scalar.type == .composite ? "(object or list)" : reader.texts.string(scalar.symbol), type: scalar.type)
            })
    }
}
