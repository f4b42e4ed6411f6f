package import Events

/// By which 64 bits a state finds the component of an identifier: a hash under a secret of the state's own, so that nobody can
/// choose identifiers that meet. Where two meet by chance, they are in one component.
package struct IdentifierKeys: Sendable {
    private let seed: HashSeed

    /// Throws as reading does.
    package init(_ file: StateFile) throws {
        guard let bytes = try file.bytes(.identifierSeed), bytes.count == 2 * MemoryLayout<UInt64>.size else {
            throw StateError.damaged(path: file.path, reason: "what its identifiers are found by makes no sense")
        }
        seed = bytes.withUnsafeBytes { bytes in
            func word(_ place: Int) -> UInt64 { UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 8 * place, as: UInt64.self)) }
            return HashSeed(first: word(0), second: word(1))
        }
    }

    package func key(_ symbol: UInt32, _ identifiers: SymbolTable) -> UInt64 {
        let bytes = identifiers.bytes(of: symbol)
        return seed.hash(bytes.baseAddress!, bytes.count, tag: identifiers.tag(of: symbol))
    }
}
