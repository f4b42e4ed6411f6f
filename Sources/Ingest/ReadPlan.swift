package import Digests
package import Events
package import Expressions

/// What reading needs to know of a pipeline: where each source's fields stand, and which columns a row has.
package struct ReadPlan: Sendable {
    package var sources: [SourcePlan]
    package var layout: RowLayout
    /// By identity column: the number of its type.
    package var identityTypes: [Int]
    package var blocked: BlockedValues
    package var maxLineBytes: Int
    /// Events later than this wait: they are counted as filtered. nil: none.
    package var asOf: EventTime?
    /// Identifiers are replaced by their codes under this key, event ids by parts of theirs. nil: they stay as they are.
    package var pseudonymKey: HMACKey?
    /// Keep the raw text of quarantined lines.
    package var keepsRawText = false

    package init(sources: [SourcePlan], layout: RowLayout, identityTypes: [Int], blocked: BlockedValues, maxLineBytes: Int) {
        self.sources = sources
        self.layout = layout
        self.identityTypes = identityTypes
        self.blocked = blocked
        self.maxLineBytes = maxLineBytes
    }
}

package struct SourcePlan: Sendable {
    /// Part of an event id's fingerprint: the same id from two sources is two events.
    package var name: String
    /// Arrays within one another whose elements are records, from the outermost; none where the line is the record.
    package var each: [RecordPath] = []
    /// What a record's fields say. Several for lines that hold several moments: those whose time is there, or the first.
    package var mappings: [RecordMapping] = [RecordMapping()]
    /// Records of which it is not true are counted as filtered, and only link identifiers.
    package var condition: Expression?
    /// By channel, for `channel_kind` in the condition.
    package var channelKinds: [String: String] = [:]
    /// Of several events with one id the one that sorts last counts, not the first.
    package var keepsLast = false
    /// For times without a zone.
    package var zone: ZoneOffsets?
    /// For numbers that count local time.
    package var numberZone: ZoneOffsets?
    package var timeUnit: TimeUnit?
    /// Times are taken as the last microsecond of this unit.
    package var precision: Microseconds = 1

    package init(name: String) { self.name = name }
}

package struct RecordMapping: Sendable {
    package var fields: [SourceField: FieldForm] = [:]
    /// By identity column: the forms of which the first that is an id counts; none where the source does not have it.
    package var identifiers: [[FieldForm]] = []
    /// By scalar column of the row; nil where the source does not have it.
    package var scalars: [FieldForm?] = []
    /// By name, for the condition.
    package var attributes: [String: FieldForm] = [:]
    /// All that the pipeline file maps, whether anything asks for it or not.
    package var named: [NamedField] = []

    package init() {}
}

/// Why a line, or a record of it, was put aside, in the order of checking (pipelines/rules.md, 4).
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
    case badInitiator = "bad_initiator"

    /// What to do about it, where its name does not say.
    package var hint: String? {
        guard self == .badInitiator else { return nil }
        return "an initiator is customer, agent or system; say what the log's own words mean: "
            + "`initiator: {path: who, values: {end-user: customer, acd: agent, ivr: system}}`"
    }
}

/// Identifier values that are no ids (pipelines/rules.md, 6, rule 4), without regard to case and to white space around them.
package final class BlockedValues: Sendable {
    private let defaults: Bool
    private let hasListed: Bool
    private let listed: Set<[UInt8]>

    package init(defaults: Bool, listed: [String]) {
        self.defaults = defaults
        self.listed = Set(
            listed.map { text in
                var text = text.lowercased()
                return text.withUTF8 { bytes in Array(bytes[WhiteSpace.trimmed(UnsafeRawBufferPointer(bytes))]) }
            })
        hasListed = !listed.isEmpty
    }

    private static let words = [
        "null", "none", "nil", "undefined", "anonymous", "unknown", "guest", "true", "false", "nan", "n/a", "not set", "(not set)",
        "(none)", "[object object]", "\\n",
    ].map { Array($0.utf8) }

    @inline(__always)
    private static func beginsLikeWord(_ byte: UInt8) -> Bool {
        switch byte | 0x20 {
        case UInt8(ascii: "n"), UInt8(ascii: "u"), UInt8(ascii: "a"), UInt8(ascii: "g"), UInt8(ascii: "t"), UInt8(ascii: "f"),
            UInt8(ascii: "("), UInt8(ascii: "{"), UInt8(ascii: "|"):
            true
        default: false
        }
    }

    /// A blank text always; built in: the words above, `-1`, and anything made only of zeros and dashes.
    package func contains(_ text: String) -> Bool { Text.with(Array(text.utf8)) { contains($0) } }

    func contains(_ text: Text) -> Bool {
        let whole = text.bytes
        let trimmed = UnsafeRawBufferPointer(rebasing: whole[WhiteSpace.trimmed(whole)])
        guard let first = trimmed.first else { return true }
        if defaults {
            if first == UInt8(ascii: "0") || first == UInt8(ascii: "-") {
                if trimmed.elementsEqual("-1".utf8) || trimmed.allSatisfy({ $0 == UInt8(ascii: "0") || $0 == UInt8(ascii: "-") }) {
                    return true
                }
            } else if Self.beginsLikeWord(first), Self.words.contains(where: { Self.isSame(trimmed, $0) }) {
                return true
            }
        }
        guard hasListed else { return false }
        return listed.contains(trimmed.map(Self.lowered))
            || listed.contains(Array(String(decoding: trimmed, as: UTF8.self).lowercased().utf8))
    }

    private static func lowered(_ byte: UInt8) -> UInt8 { byte &- 65 < 26 ? byte | 0x20 : byte }

    private static func isSame(_ text: UnsafeRawBufferPointer, _ word: [UInt8]) -> Bool {
        text.count == word.count && zip(text, word).allSatisfy { lowered($0) == $1 }
    }
}
