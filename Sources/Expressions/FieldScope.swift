import Events

/// Which fields an expression may name at the place where it stands in the pipeline file.
package struct FieldScope: Sendable {
    /// The attributes that sources declare; nil: any name goes.
    package let attributes: Set<String>?
    /// Attributes that sources declare and the pipeline drops: they are absent everywhere.
    package let dropped: Set<String>
    /// `attributes` in byte order, for messages; sorted once, since a broken file may need it often.
    package let attributeNames: [String]
    /// Whether `step` is known yet: not while steps are being told apart.
    package var allowsStep: Bool
    /// The steps that there are; nil: any name goes.
    package var steps: Set<String>?
    /// Whether `prev.FIELD`, `first.FIELD` and `gap` mean something: only inside a pattern.
    package var allowsPatternFields: Bool
    /// Says what is wrong with the pattern of a `matches`, or nil where it is well formed. The engine lives
    /// in another target; without it patterns are taken as they are.
    package var patternFault: (@Sendable (_ pattern: String) -> String?)?

    package init(
        attributes: Set<String>?, dropped: Set<String> = [], allowsStep: Bool = true, steps: Set<String>? = nil,
        allowsPatternFields: Bool = false, patternFault: (@Sendable (_ pattern: String) -> String?)? = nil
    ) {
        self.attributes = attributes
        self.dropped = dropped
        attributeNames = (attributes ?? []).sorted()
        self.allowsStep = allowsStep
        self.steps = steps
        self.allowsPatternFields = allowsPatternFields
        self.patternFault = patternFault
    }

    /// What to say of an attribute that is dropped; nil for any other.
    package func dropFault(_ name: String) -> String? {
        dropped.contains(name) ? "the attribute `\(name)` is dropped by `privacy`; take it out of `drop`, or do without it here" : nil
    }

    /// The plain names usable here, in the order in which messages list them.
    var plainNames: [String] { EventField.plainFields.map(\.name).filter { $0 != "step" || allowsStep } }

    /// Everything an expression may begin a field with.
    var leadingNames: [String] { plainNames + ["attributes"] + (allowsPatternFields ? ["prev", "first", "gap"] : []) }
}

extension EventField {
    /// The fields that are no attributes, with the names they have in expressions.
    package static let plainFields: [(name: String, field: EventField)] = [
        ("channel", .channel), ("touchpoint", .touchpoint), ("action", .action), ("outcome", .outcome), ("value", .value),
        ("initiator", .initiator), ("step", .step), ("channel_kind", .channelKind),
    ]

    /// The plain field of that name; nil for any other name.
    package init?(plainName name: String) {
        guard let found = Self.plainFields.first(where: { $0.name == name }) else { return nil }
        self = found.field
    }

    /// The name as an expression writes it.
    package var text: String {
        if case .attribute(let name) = self {
            guard !Self.isIdentifier(name) else { return "attributes.\(name)" }
            let escaped = name.unicodeScalars.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : String($0) }.joined()
            return "attributes[\"\(escaped)\"]"
        }
        return Self.plainFields.first { $0.field == self }?.name ?? ""
    }

    /// Whether `attributes.NAME` reads back as that name; others need brackets and quotes.
    package static func isIdentifier(_ name: String) -> Bool {
        guard let first = name.utf8.first, ExpressionLexer.isIdentifierStart(first) else { return false }
        return name.utf8.allSatisfy { ExpressionLexer.isIdentifierStart($0) || ExpressionLexer.isDigit($0) }
    }
}
