import Identity
import Reports

/// The identity types of a pipeline: in order for messages, as a set for looking up.
struct IdentityTypes {
    let inOrder: [String]
    let all: Set<String>

    init(_ identity: IdentityDefinition) {
        inOrder = identity.known + identity.linking
        all = Set(inOrder)
    }
}

/// Reads `identity`: the types of ids, known and linking, and what is no id.
enum IdentityReader {
    private static let usual = IdentityDefinition()
    static let shape = SectionShape([
        .init("known", .list(.text), "Types of ids that name a customer, such as an account; of several on one event the first counts."),
        .init("linking", .list(.text), "Types of ids that are linked to known ones by what occurs together, in order of trust."),
        .init(
            "max_known", .integer(1...1_000_000), default: .integer(Int64(usual.maxKnown)),
            "A linking id that is seen with more known ids than this is a placeholder and links nothing."),
        .init("block", .list(.anyText), default: [], "Values that are no ids, besides the built-in ones."),
        .init(
            "block_defaults", .boolean, default: .boolean(usual.blockDefaults),
            "Whether the built-in values, such as `null` and `unknown`, are no ids."),
    ])

    /// Types are bits of a 64-bit number when persons are counted.
    static let typesMax = 64

    static func read(_ section: SectionReader) -> IdentityDefinition {
        let (node, diagnostics) = (section.node, section.diagnostics)
        var identity = IdentityDefinition()
        var taken: Set<String> = []
        func types(_ key: String) -> [String] {
            let named = section.texts(key, example: "\(key): [customer]") ?? []
            return named.compactMap { type, place in
                guard !taken.insert(type).inserted else { return type }
                diagnostics.add("the identity type `\(DiagnosticList.excerpt(type))` is declared twice; keep one of them", at: place)
                return nil
            }
        }
        identity.known = types("known")
        identity.linking = types("linking")
        if identity.types.count > typesMax {
            diagnostics.add("`identity` declares \(identity.types.count) types of id; at most \(typesMax) can be told apart", at: node)
        }
        if taken.isEmpty, section["known"] == nil, section["linking"] == nil {
            diagnostics.add("`identity` declares no type of id; list the source's ids under `known` or `linking`", at: node)
        }
        identity.maxKnown = section.integer("max_known") ?? identity.maxKnown
        identity.block = section.texts("block", example: "block: [test]", allowsEmpty: true)?.map(\.text) ?? []
        identity.blockDefaults = section.boolean("block_defaults") ?? identity.blockDefaults
        return identity
    }
}
