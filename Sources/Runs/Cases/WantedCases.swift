import Definitions

/// Which cases are asked for, in the words of the command line.
package enum CaseQuestion: Sendable, Equatable {
    /// A friction, or a step where journeys stall. `friction:NAME` and `stall:NAME` say which where a name is both.
    case problem(String)
    case step(String)
    case open
}

/// The same by the numbers of the pipeline.
struct WantedCases: Sendable {
    enum Kind: Sendable, Equatable {
        case friction(Int)
        /// Stays in a step, all or those that stalled.
        case visits(stalledOnly: Bool)
        case open
    }

    let kind: Kind
    /// By journey type: whether its journeys are looked at.
    let types: [Bool]
    /// By journey type: the step, where stays in one are asked for.
    let steps: [Int?]

    /// Throws `RunError.usage` where the pipeline has nothing of the name, or two things.
    init(_ question: CaseQuestion, journey: String?, _ definition: PipelineDefinition) throws {
        let asked = AskedNames(definition)
        let chosen = try asked.types(journey)
        types = definition.journeys.indices.map { chosen.contains($0) }
        switch question {
        case .open:
            (kind, steps) = (.open, types.map { _ in nil })
        case .step(let name):
            (kind, steps) = (.visits(stalledOnly: false), try Self.steps(name, "--step", chosen, asked, definition))
        case .problem(let text):
            let (isFriction, name) = try Self.problem(text, chosen, asked, definition)
            if isFriction {
                (kind, steps) = (.friction(try asked.friction(name, option: "--problem")), types.map { _ in nil })
            } else {
                (kind, steps) = (.visits(stalledOnly: true), try Self.steps(name, "--problem", chosen, asked, definition))
            }
        }
    }

    private static func steps(
        _ name: String, _ option: String, _ types: [Int], _ asked: AskedNames, _ definition: PipelineDefinition
    ) throws -> [Int?] {
        let steps = asked.steps(name, of: types)
        guard steps.contains(where: { $0 != nil }) else {
            throw asked.missing(
                "step", name, option, among: types.flatMap { definition.journeys[$0].steps.map(\.name) }, none: "its journeys have no steps"
            )
        }
        return steps
    }

    private static let (friction, stall) = ("friction:", "stall:")

    /// Whether a problem is a friction, and what it is called.
    private static func problem(
        _ text: String, _ types: [Int], _ asked: AskedNames, _ definition: PipelineDefinition
    ) throws -> (isFriction: Bool, name: String) {
        let isFriction = definition.frictions.contains { $0.name == text }
        let isStep = asked.steps(text, of: types).contains { $0 != nil }
        switch (isFriction, isStep) {
        case (true, false): return (true, text)
        case (false, true): return (false, text)
        case (true, true):
            throw RunError.usage(
                "--problem \(text): it is a friction and a step; ask for \(friction)\(text) or \(stall)\(text)")
        case (false, false):
            if text.hasPrefix(friction) { return (true, String(text.dropFirst(friction.count))) }
            if text.hasPrefix(stall) { return (false, String(text.dropFirst(stall.count))) }
            let names = definition.frictions.map(\.name) + types.flatMap { definition.journeys[$0].steps.map(\.name) }
            throw asked.missing("friction and no such step", text, "--problem", among: names, none: "it has none of either")
        }
    }
}
