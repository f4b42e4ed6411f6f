import Events
import Expressions

/// What the kinds of a log's events tell of a pipeline: expressions that none of them can satisfy, and steps that earlier ones
/// always take first. An expression that asks for more than the kind is taken to hold wherever its kind lets it.
package struct KindCoverage {
    package struct Finding: Sendable, Equatable {
        /// In the pipeline's words: `goal` of journey `purchase`.
        package let place: String
        package let expression: String
        package let problem: Problem
    }

    package enum Problem: Sendable, Equatable {
        /// A word that no event has, and the nearest one that some event has in the same field.
        case neverTrue(word: String?, nearest: String?)
        /// The steps that take all events that satisfy it.
        case unreachable(earlier: [String])
    }

    package private(set) var findings: [Finding] = []
    private let symbols: EventSymbols
    /// Of events; those that only link identifiers are none.
    private let kinds: [Int]

    /// - Parameter frictions: those whose words are the pipeline's own; the shipped ones say in `needs` what they lack.
    /// Throws when an expression cannot be compiled.
    package init(_ journeys: [JourneyDefinition], _ frictions: [FrictionDefinition], symbols: EventSymbols) throws {
        self.symbols = symbols
        kinds = (0..<symbols.kinds.count).filter { symbols.kind($0)[.channel] != 0 }
        guard !kinds.isEmpty else { return }
        for journey in journeys { try look(at: journey) }
        for friction in frictions where !friction.isFromLibrary {
            for variable in friction.variables where !variable.condition.looksAtMatch {
                try look(at: variable.condition, "`\(variable.name)` of friction `\(friction.name)`")
            }
            if let absent = friction.absent { try look(at: absent.condition, "`absent` of friction `\(friction.name)`") }
        }
    }

    private mutating func look(at journey: JourneyDefinition) throws {
        let name = "journey `\(journey.name)`"
        let expressions = [
            ("scope", journey.scope), ("start", journey.start), ("goal", journey.goal), ("fail", journey.fail),
            ("value_when", journey.valueWhen),
        ]
        for (key, expression) in expressions {
            if let expression { try look(at: expression, "`\(key)` of \(name)") }
        }
        // By kind: the first step that takes all of its events.
        var takers = [Int?](repeating: nil, count: kinds.count)
        for (place, step) in journey.steps.enumerated() {
            let what = "step `\(step.name)` of \(name)"
            let outlooks = try outlooks(step.match)
            let possible = kinds.indices.filter { outlooks[$0].canHold }
            if possible.isEmpty {
                try look(at: step.match, what)
            } else if possible.allSatisfy({ takers[$0] != nil }) {
                let earlier = Set(possible.compactMap { takers[$0] }).sorted().map { journey.steps[$0].name }
                findings.append(Finding(place: what, expression: step.match.source, problem: .unreachable(earlier: earlier)))
            }
            for kind in possible where !outlooks[kind].canFail && takers[kind] == nil { takers[kind] = place }
        }
    }

    private mutating func look(at expression: Expression, _ place: String) throws {
        guard try !outlooks(expression).contains(where: \.canHold) else { return }
        let (word, nearest) = missingWord(expression)
        findings.append(Finding(place: place, expression: expression.source, problem: .neverTrue(word: word, nearest: nearest)))
    }

    /// By kind: whether some of its events may satisfy the expression, and whether some may not.
    private func outlooks(_ expression: Expression) throws -> [(canHold: Bool, canFail: Bool)] {
        let predicate = try Predicate(expression, symbols: symbols, stepOfKind: nil)
        return kinds.map { predicate.outlook(kind: $0) }
    }

    /// The first text that the expression compares a field with and that no event has there.
    private func missingWord(_ expression: Expression) -> (word: String?, nearest: String?) {
        for (field, word) in expression.comparedTexts {
            let values = Set(kinds.map { symbols.symbol(field, of: symbols.kind($0)) }.filter { $0 != 0 }).map { symbols.texts.string($0) }
            guard !values.contains(where: { $0.utf8.elementsEqual(word.utf8) }) else { continue }
            return (word, NearestName.of(word, among: values.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }))
        }
        return (nil, nil)
    }
}

extension Expression {
    /// The texts that it says a field of few values equals, or is among.
    fileprivate var comparedTexts: [(field: KindField, text: String)] { root.comparedTexts }
}

extension Expression.Node {
    fileprivate var comparedTexts: [(field: KindField, text: String)] {
        switch self {
        case .and(let left, let right), .or(let left, let right): return left.comparedTexts + right.comparedTexts
        case .not, .literal, .field, .has, .gap, .call: return []
        case .compare(.equal, let left, let right):
            if let field = left.kindField, case .literal(.string(let text)) = right { return [(field, text)] }
            if let field = right.kindField, case .literal(.string(let text)) = left { return [(field, text)] }
            return []
        case .compare: return []
        case .isIn(let item, let list):
            guard let field = item.kindField else { return [] }
            return list.compactMap { if case .literal(.string(let text)) = $0 { (field, text) } else { nil } }
        }
    }

    private var kindField: KindField? {
        guard case .field(let reference) = self, reference.event == .current else { return nil }
        switch reference.field {
        case .channel: return .channel
        case .touchpoint: return .touchpoint
        case .action: return .action
        case .outcome: return .outcome
        case .initiator, .channelKind, .step, .value, .attribute: return nil
        }
    }
}
