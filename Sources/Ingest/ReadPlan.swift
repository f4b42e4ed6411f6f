package import Digests
package import Events

/// What reading needs to know of a pipeline: where each source's fields stand, and which columns a row has.
package struct ReadPlan: Sendable {
    package var sources: [SourcePlan]
    package var layout: RowLayout
    package var identityTypeCount: Int
    package var blocked: BlockedValues
    package var maxLineBytes: Int
    /// Events later than this wait: they are counted as filtered. nil: none.
    package var asOf: EventTime?
    /// Identifiers are replaced by their codes under this key, event ids by parts of theirs. nil: they stay as they are.
    package var pseudonymKey: HMACKey?
    /// Keep the raw text of quarantined lines.
    package var keepsRawText = false

    package init(sources: [SourcePlan], layout: RowLayout, identityTypeCount: Int, blocked: BlockedValues, maxLineBytes: Int) {
        self.sources = sources
        self.layout = layout
        self.identityTypeCount = identityTypeCount
        self.blocked = blocked
        self.maxLineBytes = maxLineBytes
    }
}

package struct SourcePlan: Sendable {
    /// Part of an event id's fingerprint: the same id from two sources is two events.
    package var name: String
    package var paths: [SourceField: FieldPath] = [:]
    package var constants: [SourceField: String] = [:]
    /// By identity type, in the pipeline's order of types; nil where the source does not have it.
    package var identifiers: [FieldPath?] = []
    /// By scalar column of the row; nil where the source does not have it.
    package var scalars: [ScalarSource?] = []
    package var zone: ZoneOffsets?
    package var timeUnit: TimeUnit?

    package init(name: String) { self.name = name }

    package enum ScalarSource: Sendable {
        case path(FieldPath)
        case constant(String)
    }
}

/// Why a line was put aside, in the order of checking (pipelines/rules.md, 4).
package enum RejectReason: String, Sendable, CaseIterable {
    case lineTooLong = "line_too_long"
    case invalidUTF8 = "invalid_utf8"
    case invalidJSON = "invalid_json"
    case notAnObject = "not_an_object"
    case missingTime = "missing_time"
    case badTime = "bad_time"
    case missingIdentity = "missing_identity"
    case missingChannel = "missing_channel"
    case missingTouchpoint = "missing_touchpoint"
}

/// Identifier values that are no ids (pipelines/rules.md, 6, rule 4).
package final class BlockedValues: Sendable {
    private let defaults: Bool
    private let hasListed: Bool
    private let listed: Set<[UInt8]>

    /// `listed` is compared exactly.
    package init(defaults: Bool, listed: [String]) {
        self.defaults = defaults
        self.listed = Set(listed.map { Array($0.utf8) })
        hasListed = !listed.isEmpty
    }

    private static let words = ["null", "none", "undefined", "anonymous", "unknown"].map { Array($0.utf8) }

    /// Built in: empty, the words above in any case, `-1`, and anything made only of zeros and dashes.
    package func contains(_ text: String) -> Bool { Text.with(Array(text.utf8)) { contains($0) } }

    func contains(_ text: Text) -> Bool {
        let count = text.count
        if defaults {
            if count == 0 { return true }
            switch text[0] | 0x20 {
            case UInt8(ascii: "n"), UInt8(ascii: "u"), UInt8(ascii: "a"):
                for word in Self.words where word.count == count && (0..<count).allSatisfy({ text[$0] | 0x20 == word[$0] }) { return true }
            case UInt8(ascii: "0"), UInt8(ascii: "-"):
                if count == 2, text[0] == UInt8(ascii: "-"), text[1] == UInt8(ascii: "1") { return true }
                if (0..<count).allSatisfy({ text[$0] == UInt8(ascii: "0") || text[$0] == UInt8(ascii: "-") }) { return true }
            default: break
            }
        }
        return hasListed && listed.contains(Array(text.bytes))
    }
}
