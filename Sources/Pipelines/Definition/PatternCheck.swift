import CRE2

/// Says what is wrong with a `matches` pattern by asking the engine that will run it.
enum PatternCheck {
    private static let messageBytesMax = 200

    @Sendable static func fault(_ pattern: String) -> String? {
        var pattern = pattern
        return pattern.withUTF8 { bytes in
            withUnsafeTemporaryAllocation(of: CChar.self, capacity: messageBytesMax) { message in
                message.initialize(repeating: 0)
                let start = UnsafeRawPointer(bytes.baseAddress)?.assumingMemoryBound(to: CChar.self)
                guard let regex = sojourn_regex_create(start, bytes.count, message.baseAddress, message.count) else {
                    return String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
                }
                sojourn_regex_destroy(regex)
                return nil
            }
        }
    }
}
