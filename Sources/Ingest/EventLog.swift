package import Events

/// All inputs, or what came of them in an interval, read: blocks of rows in input order, and each worker's symbols.
package struct EventLog: Sendable {
    /// Sorted by input and place in it: (input, block, row) is the order of positions of pipelines/rules.md, 5.
    package var blocks: [Block]
    package var readers: [Symbols]
    package var rejected = RejectedLines()
    package var lines: Int64
    /// The sum over lines of records less one.
    package var expanded: Int64 = 0
    package var filtered: Int64
    /// In the order of the inputs.
    package var inputs: [LogInput]
    /// By source of the plan.
    package var facts: [SourceFacts] = []
    /// Whether the inputs were read to their ends.
    package var isWhole = true
    /// Whether reading stopped because more lines were put aside than may be: then this is what was read until then.
    package var isCutShort = false
    /// Whether no log comes after this one: the inputs are at their ends, or reading was stopped.
    package var isLast = true

    package struct Block: Sendable {
        package var rows: EventRows
        /// Whose symbols the rows use.
        package var reader: Int
        /// -1 for rows that come from a state.
        package var input: Int
        /// Lines of the input before the block's first.
        package var linesBefore: Int64

        package init(rows: EventRows, reader: Int, input: Int, linesBefore: Int64) {
            (self.rows, self.reader, self.input, self.linesBefore) = (rows, reader, input, linesBefore)
        }
    }

    /// The tables of one reader, frozen.
    package struct Symbols: Sendable {
        package let texts: SymbolTable
        package let identifiers: SymbolTable
        package let kinds: TupleTable
        package let identities: TupleTable

        package init(texts: SymbolTable, identifiers: SymbolTable, kinds: TupleTable, identities: TupleTable) {
            (self.texts, self.identifiers, self.kinds, self.identities) = (texts, identifiers, kinds, identities)
        }
    }
}

/// The symbols of all readers as one set of tables, and what each reader's numbers are in it.
/// Numbers depend on which worker read what; nothing that is written may depend on them.
///
/// Unsafe code: columns lie where the layout of the rows says.
package struct MergedSymbols: Sendable {
    package let texts: SymbolTable
    package let identifiers: SymbolTable
    package let kinds: TupleTable
    package let identities: TupleTable
    /// By reader; nil for the one whose tables were taken over as they are.
    private let translations: [Translation?]

    private struct Translation {
        let texts: [UInt32]
        let kinds: [UInt32]
        let identities: [UInt32]
    }

    /// Takes over the largest reader's tables and adds the others'. The readers' tables must not be used afterwards.
    package init(_ readers: [EventLog.Symbols]) {
        precondition(!readers.isEmpty)
        let base = readers.indices.max { readers[$0].identities.count < readers[$1].identities.count }!
        let (texts, identifiers) = (readers[base].texts, readers[base].identifiers)
        let (kinds, identities) = (readers[base].kinds, readers[base].identities)
        translations = readers.indices.map { index in
            guard index != base else { return nil }
            let texts = texts.absorb(readers[index].texts)
            let identifiers = identifiers.absorb(readers[index].identifiers)
            return Translation(
                texts: texts, kinds: kinds.absorb(readers[index].kinds, symbols: texts),
                identities: identities.absorb(readers[index].identities, symbols: identifiers))
        }
        self.texts = texts
        self.identifiers = identifiers
        self.kinds = kinds
        self.identities = identities
    }

    /// Rewrites a block's rows from its reader's numbers to the merged ones. Once per block.
    package func translate(_ block: EventLog.Block, _ rows: PackedRows) {
        guard let translation = translations[block.reader] else { return }
        let fieldSetOffset = rows.packing.layout.fieldSetOffset
        rows.forEach { row, _ in
            row.storeBytes(of: translation.kinds[Int(EventRow(row).kind)], toByteOffset: RowLayout.kindOffset, as: UInt32.self)
            row.storeBytes(of: translation.identities[Int(EventRow(row).identity)], toByteOffset: RowLayout.identityOffset, as: UInt32.self)
            if let offset = fieldSetOffset {
                let set = row.load(fromByteOffset: offset, as: UInt32.self)
                row.storeBytes(of: set == 0 ? 0 : translation.texts[Int(set)], toByteOffset: offset, as: UInt32.self)
            }
            rows.packing.changeScalars(row) { Scalar(symbol: translation.texts[Int($0.symbol)], type: $0.type) }
        }
    }
}

extension EventLog {
    /// How many different touchpoints the events of each source have, once symbols are those of all readers; empty where all
    /// sources together have no more than `limit`. O(kinds), and O(rows) beyond the limit.
    /// - Parameter sourceOf: by input.
    package func touchpointCounts(_ kinds: TupleTable, beyond limit: Int, sources: Int, sourceOf: (Int) -> Int) throws -> [Int] {
        let touchpoints = (0..<kinds.count).map { kinds[$0][KindField.touchpoint.rawValue] }
        guard Set(touchpoints).count > limit else { return [] }
        var isMet = Array(repeating: [Bool](repeating: false, count: kinds.count), count: sources)
        let scratch = RowScratch()
        for block in blocks where block.input >= 0 {
            let source = sourceOf(block.input)
            try block.rows.access(scratch, writing: false) { rows in
                rows.forEach { row, _ in isMet[source][Int(EventRow(row).kind)] = true }
            }
        }
        return isMet.map { isMet in Set(zip(touchpoints, isMet).compactMap { $0 != 0 && $1 ? $0 : nil }).count }
    }
}
