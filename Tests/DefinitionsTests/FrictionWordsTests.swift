import Events
import Expressions
import Foundation
import Journeys
import Testing

@testable import Definitions

/// The table of the words that the shipped rules look for, in `pipelines/frictions.md`, is made of the rules.
/// `SOJOURN_RECORD=1` writes it anew; a test that has recorded fails, so that nobody takes a recording for a check.
@Suite struct FrictionWordsTests {
    private static let begin = "<!-- words: made of standard.yaml -->\n"
    private static let end = "<!-- end of words -->"

    @Test func thePageHasEveryWordOfEveryShippedRule() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../pipelines/frictions.md")
        var page = try String(contentsOf: file, encoding: .utf8)
        let first = try #require(page.range(of: Self.begin)?.upperBound)
        let last = try #require(page.range(of: Self.end)?.lowerBound)
        let table = StandardLibrary.shared.rules.map(row).joined()
        let wanted =
            "\n| rule | `action` | `outcome` | `initiator` | `channel_kind` | attributes | besides |\n| --- | --- | --- | --- | --- | --- | --- |\n"
            + table + "\n"
        if ProcessInfo.processInfo.environment["SOJOURN_RECORD"] == "1" {
            page.replaceSubrange(first..<last, with: wanted)
            try page.write(to: file, atomically: true, encoding: .utf8)
            Issue.record("recorded \(file.path); look at the changes, then run without SOJOURN_RECORD")
        } else {
            #expect(page[first..<last] == wanted)
        }
    }

    /// Every field of a rule has its place in the row.
    private func row(_ rule: FrictionDefinition) -> String {
        let words = Words(rule)
        func cell(_ field: EventField) -> String { Words.list(words.texts[field] ?? []) }
        let attributes = words.fields.filter(Self.isAttribute)
        let plain: [EventField] = [.action, .outcome, .initiator, .channelKind]
        // A channel or a touchpoint is compared with that of another event, which any log has.
        let besides = words.fields.filter { field in
            !plain.contains(field) && !Self.isAttribute(field) && (field == .step || field == .value || words.texts[field] != nil)
        }
        let cells =
            ["`\(rule.name)`"] + plain.map(cell)
            + [Words.list(attributes.map { if case .attribute(let name) = $0 { name } else { "" } })]
            + [
                besides.map { field in "`\(field.text)`" + (words.texts[field].map { " " + Words.list($0) } ?? "") }.sorted().joined(
                    separator: ", ")
            ]
        return "| " + cells.joined(separator: " | ") + " |\n"
    }

    private static func isAttribute(_ field: EventField) -> Bool { if case .attribute = field { true } else { false } }
}

/// What a rule asks of events: fields, and texts that they are compared with.
private struct Words {
    private(set) var fields: Set<EventField> = []
    private(set) var texts: [EventField: [String]] = [:]

    init(_ rule: FrictionDefinition) {
        fields = Set(rule.partitionBy)
        for expression in rule.expressions { look(at: expression.root) }
    }

    private mutating func look(at node: Expressions.Expression.Node) {
        switch node {
        case .literal, .gap: break
        case .field(let reference), .has(let reference): fields.insert(reference.field)
        case .not(let inner): look(at: inner)
        case .and(let one, let other), .or(let one, let other):
            look(at: one)
            look(at: other)
        case .compare(let comparison, let one, let other):
            look(at: one)
            look(at: other)
            note(one, [other], isNot: comparison == .notEqual)
            note(other, [one], isNot: comparison == .notEqual)
        case .isIn(let value, let list):
            look(at: value)
            note(value, list)
        case .call(let function, let inner, let argument):
            look(at: inner)
            note(inner, [.literal(.string("… \(function.rawValue) \(argument)"))])
        }
    }

    private mutating func note(_ field: Expressions.Expression.Node, _ values: [Expressions.Expression.Node], isNot: Bool = false) {
        guard case .field(let reference) = field else { return }
        for case .literal(.string(let text)) in values {
            let word = isNot ? "not \(text)" : text
            if !texts[reference.field, default: []].contains(word) { texts[reference.field, default: []].append(word) }
        }
    }

    static func list(_ words: [String]) -> String { words.sorted().joined(separator: ", ") }
}
