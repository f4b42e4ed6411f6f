package import Events

/// Texts and kinds of events as the state numbers them, beside this run's symbols. After `init` the run's tables hold
/// everything that the state knows, and the state a number for everything in them.
package struct StateSymbols: Sendable {
    /// By kind of the run: its number in the state.
    package let stateKinds: [UInt32]
    /// By number in the state, from 1: the kind of the run.
    private let kinds: [UInt32]
    /// By number in the state, from 1: the symbol of the run.
    private let symbols: [UInt32]
    private let numbers: [UInt32: UInt64]

    /// Adds the state's texts and kinds to the run's tables, and what is new in these to the state.
    package init(_ store: TextStore, texts: SymbolTable, kinds: TupleTable) throws {
        var symbols: [UInt32] = [0]
        try store.forEachText { bytes in symbols.append(Self.intern(bytes, texts)) }
        var numbers: [UInt32: UInt64] = [0: 0]
        for (number, symbol) in symbols.enumerated().dropFirst() { numbers[symbol] = UInt64(number) }
        var known: [UInt32] = [0]
        try store.forEachKind { bytes in
            var decoder = ByteDecoder(bytes)
            let tuple = try (0..<kinds.width).map { _ in symbols[try decoder.number(below: symbols.count)] }
            known.append(tuple.withUnsafeBufferPointer { kinds.intern($0.baseAddress!) })
        }
        var stateKinds = [UInt32](repeating: 0, count: kinds.count)
        for (number, kind) in known.enumerated().dropFirst() { stateKinds[Int(kind)] = UInt32(number) }
        for kind in 0..<kinds.count where stateKinds[kind] == 0 {
            var coder = ByteEncoder()
            for symbol in kinds[kind] {
                if numbers[symbol] == nil {
                    try store.appendText(symbols.count, texts.bytes(of: symbol))
                    numbers[symbol] = UInt64(symbols.count)
                    symbols.append(symbol)
                }
                coder.put(numbers[symbol]!)
            }
            try store.appendKind(known.count, coder.bytes)
            stateKinds[kind] = UInt32(known.count)
            known.append(UInt32(kind))
        }
        (self.symbols, self.numbers, self.kinds, self.stateKinds) = (symbols, numbers, known, stateKinds)
    }

    private static func intern(_ bytes: UnsafeRawBufferPointer, _ texts: SymbolTable) -> UInt32 {
        withUnsafeTemporaryAllocation(byteCount: 1, alignment: 1) { texts.intern(bytes.baseAddress ?? UnsafeRawPointer($0.baseAddress!), bytes.count) }
    }

    /// The run's kind; throws `DamagedBytes` where the state has no such number.
    @inline(__always)
    func kind(ofState number: Int) throws -> UInt32 {
        guard number > 0, number < kinds.count else { throw DamagedBytes() }
        return kinds[number]
    }

    package func symbol(ofState number: UInt64) throws -> UInt32 {
        guard number < UInt64(symbols.count) else { throw DamagedBytes() }
        return symbols[Int(number)]
    }

    /// Texts of cells are those of kinds, so every one has its number.
    package func number(of symbol: UInt32) -> UInt64 { numbers[symbol] ?? 0 }
}
