package import Events
import Journeys
package import Tables

extension PipelineDefinition {
    package func tableNames(texts: SymbolTable, asOf: EventTime, examples: @escaping @Sendable (_ type: Int, _ friction: Int) -> [String])
        -> TableNames
    {
        let needs = FrictionNeeds(frictions).ofRules
        var names = TableNames(
            journeys: journeys.map { journey in
                TableNames.Journey(
                    name: journey.name,
                    steps: journey.steps.map { .init(name: $0.name, owner: $0.owner, sla: $0.sla, inFunnel: $0.inFunnel) })
            },
            channelOwners: Dictionary(channels.compactMap { channel in channel.owner.map { (Array(channel.name.utf8), $0) } }) { first, _ in
                first
            }, texts: texts,
            frictions: zip(frictions, needs).map { .init(name: $0.name, owner: $0.owner, needs: $1) },
            asOf: asOf, examples: examples)
        names.minCount = privacy.rowPersonsMin
        return names
    }
}
