package import Events

/// By which 64 bits a state finds the component of an identifier: a hash under a secret of the state's own, so that nobody can
/// choose identifiers that meet. Where two meet by chance, they are in one component.
package struct IdentifierKeys: Sendable {
    /// nil for a state of a version that drew no secret yet.
    private let seed: HashSeed?

    /// Throws as reading does.
    package init(_ file: StateFile) throws {
        seed = try file.bytes(.identifierSeed).map { bytes in
            guard bytes.count == 2 * MemoryLayout<UInt64>.size else {
                throw StateError.damaged(path: file.path, reason: "what its identifiers are found by makes no sense")
            }
            return bytes.withUnsafeBytes { bytes in
                func word(_ place: Int) -> UInt64 { UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 8 * place, as: UInt64.self)) }
                return HashSeed(first: word(0), second: word(1))
            }
        }
    }

    package func key(_ symbol: UInt32, _ identifiers: SymbolTable) -> UInt64 {
        let (bytes, tag) = (identifiers.bytes(of: symbol), identifiers.tag(of: symbol))
        return seed?.hash(bytes.baseAddress!, bytes.count, tag: tag)
            ?? Fingerprint.of(bytes.baseAddress!, bytes.count, seed: 0x736F_6A6F + UInt64(tag))
    }
}
