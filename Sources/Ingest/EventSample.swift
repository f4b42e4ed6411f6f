package import Events

/// The lines of samples as the pipeline would read them: what `validate` shows, and what `init` drafts journeys from.
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
    /// Of the first sample's source.
    package private(set) var facts = SourceFacts()

    /// Reads the first block of the input. Throws `IngestError`.
    package init(path: String, source: Int, plan: ReadPlan) throws {
        let sample = try LineSample(path: path, maxLineBytes: plan.maxLineBytes)
        try sample.read()
        try self.init([(sample, source)], plan: plan)
    }

    /// Reads what samples hold that were taken before, each of one source of the plan.
    package init(_ samples: [(sample: LineSample, source: Int)], plan: ReadPlan) throws {
        let reader = EventReader(plan: plan)
        for (index, (sample, source)) in samples.enumerated() {
            var linesBefore: Int64 = 0
            for block in sample.blocks {
                // Samples are taken one by one; lines put aside say which.
                block.input = index
                let read = reader.read(block, source: source)
                lines += read.lines
                rejected.add(read.rejected, input: index, linesBefore: linesBefore)
                linesBefore += read.physicalLines
                guard let rows = read.rows else { continue }
                try rows.access(RowScratch(), writing: false) { rows in
                    rows.forEach { row, _ in
                        rows.packing.unpacked(row).withUnsafeBytes { events.append(Self.event($0.baseAddress!, reader, plan)) }
                    }
                }
            }
        }
        if let source = samples.first?.source { facts = reader.facts[source] }
    }

    private static func event(_ row: UnsafeRawPointer, _ reader: EventReader, _ plan: ReadPlan) -> Event {
        func text(_ symbol: UInt32, _ table: SymbolTable) -> String? { symbol == 0 ? nil : table.string(symbol) }
        let kind = reader.kinds[Int(row.load(fromByteOffset: RowLayout.kindOffset, as: UInt32.self))]
        let identity = reader.identities[Int(row.load(fromByteOffset: RowLayout.identityOffset, as: UInt32.self))]
        return Event(
            time: EventRow(row).time, fields: kind.map { text($0, reader.texts) },
            identifiers: identity.map { text($0, reader.identifiers) },
            scalars: (0..<plan.layout.scalarCount).map { column in
                let scalar = Scalar(bits: row.load(fromByteOffset: plan.layout.scalarOffset + 4 * column, as: UInt32.self))
                guard !scalar.isAbsent else { return nil }
                return Value(
                    text: scalar.type == .composite ? "(object or list)" : reader.texts.string(scalar.symbol), type: scalar.type)
            })
    }
}
