/// The pipeline's `identity` section (pipelines/rules.md, 6).
package struct IdentityDefinition: Sendable, Equatable {
    /// Types in order of preference.
    package var known: [String] = []
    /// Types in order of trust.
    package var linking: [String] = []
    /// A linking id seen with more known ids than this is a placeholder.
    package var maxKnown: Int = 5
    /// Values that are no ids, besides the built-in ones; compared exactly.
    package var block: [String] = []
    package var blockDefaults: Bool = true

    package init() {}

    /// All types: known ones first, then linking ones. Their places are the columns of an identity tuple.
    package var types: [String] { known + linking }
}
