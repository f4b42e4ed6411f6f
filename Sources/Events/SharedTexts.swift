import Synchronization

/// A table of texts that several workers use at once, each in its turn: for as long as they do, nobody has the table but through this.
/// Numbers of new texts follow the turns, which are left to chance: nothing that is published or kept may depend on them.
public final class SharedTexts: Sendable {
    private let texts: Mutex<SymbolTable>

    public init(_ texts: SymbolTable) { self.texts = Mutex(texts) }

    /// As `TextNumbers.symbols`. Throws `DamagedBytes`.
    public func symbols(_ decoder: inout ByteDecoder) throws -> [UInt32] {
        try texts.withLock { try TextNumbers.symbols(&decoder, $0) }
    }

    /// As `TextNumbers.put`.
    public func put(_ numbers: TextNumbers, to coder: inout ByteEncoder) {
        texts.withLock { numbers.put(to: &coder, $0) }
    }
}
