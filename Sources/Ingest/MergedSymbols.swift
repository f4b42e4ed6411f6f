package import Events

/// The symbols of all readers as one set of tables, and what each reader's numbers are in it.
/// Numbers depend on which worker read what; nothing that is written may depend on them.
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

    /// Rewrites a block's rows, which begin at `base`, from its reader's numbers to the merged ones. Once per block.
    package func translate(_ block: EventLog.Block, _ base: UnsafeMutableRawPointer, layout: RowLayout) {
        guard let translation = translations[block.reader] else { return }
        for index in 0..<block.rows.count {
            let row = base + index * layout.stride
            let kind = row.load(fromByteOffset: RowLayout.kindOffset, as: UInt32.self)
            row.storeBytes(of: translation.kinds[Int(kind)], toByteOffset: RowLayout.kindOffset, as: UInt32.self)
            let identity = row.load(fromByteOffset: RowLayout.identityOffset, as: UInt32.self)
            row.storeBytes(of: translation.identities[Int(identity)], toByteOffset: RowLayout.identityOffset, as: UInt32.self)
            for column in 0..<layout.scalarCount {
                let offset = layout.scalarOffset + 4 * column
                let scalar = Scalar(bits: row.load(fromByteOffset: offset, as: UInt32.self))
                guard !scalar.isAbsent else { continue }
                row.storeBytes(
                    of: Scalar(symbol: translation.texts[Int(scalar.symbol)], type: scalar.type).bits, toByteOffset: offset, as: UInt32.self
                )
            }
        }
    }
}
