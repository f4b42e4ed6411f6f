package import Definitions
import Events

/// Names of the pipeline file as they are asked for on the command line; one that the file lacks is answered with the nearest.
package struct AskedNames {
    private let definition: PipelineDefinition

    package init(_ definition: PipelineDefinition) { self.definition = definition }

    /// Throws `RunError.usage`.
    /// - Parameter option: by which it is asked for, such as `--friction`.
    package func friction(_ name: String, option: String) throws -> Int {
        let names = definition.frictions.map(\.name)
        if let index = names.firstIndex(of: name) { return index }
        let none = "it has none; `frictions: {include: [standard]}` includes the shipped ones"
        throw missing("friction", name, option, among: names, none: none)
    }

    /// The journey types of the name; all where none is asked for. Throws `RunError.usage`.
    package func types(_ name: String?) throws -> [Int] {
        guard let name else { return Array(definition.journeys.indices) }
        let names = definition.journeys.map(\.name)
        if let index = names.firstIndex(of: name) { return [index] }
        throw missing("journey type", name, "--journey", among: names, none: "it has none")
    }

    /// By journey type: the step of the name; nil where the type is not among the given ones, or has no such step.
    func steps(_ name: String, of types: [Int]) -> [Int?] {
        definition.journeys.indices.map { type in
            types.contains(type) ? definition.journeys[type].steps.firstIndex { $0.name == name } : nil
        }
    }

    /// What is said where nothing has the name.
    func missing(_ kind: String, _ name: String, _ option: String, among names: [String], none: String) -> RunError {
        let hint =
            NearestName.of(name, among: names).map { "did you mean `\($0)`?" }
            ?? (names.isEmpty ? none : "it has \(names.joined(separator: ", "))")
        return RunError.usage("\(option) \(name): the pipeline has no such \(kind); \(hint)")
    }
}
