import Events
import Expressions

/// Which of the things that rules need some events have, whoever they belong to: what can be said of a sample of a log before
/// it is run.
package enum NeedSearch {
    /// By rule: what its unmet needs are called. One that asks for steps is met where any journey type has them.
    /// Throws when an expression cannot be compiled.
    package static func missing(
        _ frictions: [FrictionDefinition], in events: [FrictionExample.Event], channels: [ChannelDefinition],
        journeys: [JourneyDefinition]
    ) throws -> [[String]] {
        let rows = ExampleRows(events, scalars: FoldPlan.scalars(of: journeys, frictions))
        let symbols = EventSymbols(texts: rows.texts, kinds: rows.kinds, channels: channels, scalars: rows.scalars, layout: rows.layout)
        let plan = try FoldPlan(
            channels: channels, sessions: SessionDefinition(), journeys: journeys, frictions: frictions, errorOutcomes: [],
            symbols: symbols, layout: rows.layout, zone: .utc, asOf: 0)
        let person = PersonEvents(layout: rows.layout)
        let all = rows.all
        person.load(all.span)
        person.makeContexts(symbols)
        var met: Set<Int> = []
        plan.frictions.sharedNeeds.forEachMet(by: person) { met.insert($0) }
        for (journey, needs) in zip(plan.journeys, plan.frictions.needsOfTypes) {
            person.setSteps(of: journey)
            needs.forEachMet(by: person) { met.insert($0) }
        }
        return FrictionNeeds(frictions).ofRules.map { needs in needs.filter { !met.contains($0.number) }.map(\.name) }
    }
}

extension PersonEvents {
    /// Gives each event its step in a journey type, whether or not a journey holds it.
    func setSteps(of journey: JourneyRule) {
        for index in 0..<count { facts[index] = journey.facts(kind: Int(kinds[index]), row: rows[index]) }
        setSteps(journey.stepNames)
    }
}
