import CRE2

/// An RE2 pattern: linear time whatever the pattern, as CEL's `matches` asks for.
///
/// Unsafe code: texts go to RE2 with their length, for the length of a call.
package final class RegularExpression: @unchecked Sendable {  // RE2 objects may be used from several threads at once
    private let handle: OpaquePointer

    /// Why a pattern cannot be used, in RE2's words.
    package struct Invalid: Error { package let reason: String }

    package init(_ pattern: String) throws(Invalid) {
        var message = [CChar](repeating: 0, count: 256)
        var pattern = pattern
        let made = pattern.withUTF8 { text in
            text.withMemoryRebound(to: CChar.self) { sojourn_regex_create($0.baseAddress, $0.count, &message, message.count) }
        }
        guard let made else {
            throw Invalid(reason: String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
        }
        handle = made
    }

    deinit { sojourn_regex_destroy(handle) }

    /// The size of what the engine made of the pattern.
    package var steps: Int { Int(sojourn_regex_steps(handle)) }

    /// Whether it matches anywhere in the text.
    package func matches(_ text: UnsafeRawBufferPointer) -> Bool {
        sojourn_regex_matches(handle, text.baseAddress?.assumingMemoryBound(to: CChar.self), text.count)
    }
}
