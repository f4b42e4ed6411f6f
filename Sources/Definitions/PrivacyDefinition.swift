package import Digests
import Foundation

/// What is kept out of a run's memory and files.
package struct PrivacyDefinition: Sendable, Equatable {
    /// Whether identifiers are to be replaced by pseudonyms.
    package var hasKeyFile = false
    /// What they are made with; nil where there is no key file, or it was not to be opened.
    package var key: PseudonymKey?
    /// Absolute; nil where it was not to be opened.
    package var keyPath: String?
    /// Paths as written. What lies there, or below, is no longer mapped by the sources.
    package var drop: [String] = []
    /// Rows of tables of the whole time that stand for fewer persons are left out; nil: none are.
    package var minCount: Int?

    /// Names the key without telling it.
    package var keyID: String? { key?.id }
    /// As `minCount`, for comparing: every row has at least 0 persons.
    package var rowPersonsMin: Int64 { Int64(minCount ?? 0) }
    /// What the user should know, though the run goes on.
    package var warnings: [String] { key?.warnings ?? [] }
}

/// The key that turns identifiers into pseudonyms: HMAC-SHA-256 of the identifier's text.
package struct PseudonymKey: Sendable, Equatable {
    package let hmac: HMACKey
    /// 16 hexadecimal digits, different for different keys.
    package let id: String
    /// What is unwise about the file.
    package let warnings: [String]

    struct Fault: Error {
        let message: String
    }

    /// A file larger than this is no key.
    private static let bytesMax = 64 << 10
    /// 128 bits: what cannot be found by trying.
    private static let soundBytes = 16

    /// The key is what the file holds, without one line end where it ends with one. Throws `Fault`.
    init(path: String) throws(Fault) {
        guard let file = fopen(path, "rbe") else { throw Fault(message: "cannot be opened: \(String(cString: strerror(errno)))") }
        defer { fclose(file) }
        var bytes = [UInt8](unsafeUninitializedCapacity: Self.bytesMax + 1) { buffer, count in
            count = fread(buffer.baseAddress, 1, buffer.count, file)
        }
        guard ferror(file) == 0 else { throw Fault(message: "cannot be read: \(String(cString: strerror(errno)))") }
        guard bytes.count <= Self.bytesMax else { throw Fault(message: "is larger than \(Self.bytesMax) bytes: no key") }
        if bytes.last == 10 {
            bytes.removeLast()
            if bytes.last == 13 { bytes.removeLast() }
        }
        guard !bytes.isEmpty else { throw Fault(message: "is empty; make a key with `openssl rand -hex 32 > FILE`") }
        hmac = HMACKey(bytes)
        id = String(hmac.code("sojourn key id").hex.prefix(16))
        var warnings: [String] = []
        var status = stat()
        if fstat(fileno(file), &status) == 0, status.st_mode & 0o044 != 0 {
            warnings.append("\(path): others may read this key, and with it find out whose pseudonym is whose; chmod 600 it")
        }
        if bytes.count < Self.soundBytes {
            warnings.append("\(path): a key of \(bytes.count) bytes can be guessed; make one with `openssl rand -hex 32`")
        }
        self.warnings = warnings
    }

    package static func == (left: Self, right: Self) -> Bool { left.id == right.id }
}
