import Events

/// Which steps, of all journey types, an event satisfies by each step's own `match`: whatever the type's scope, and whichever step
/// the event belongs to.
package final class StepMatches {
    /// How many steps there are.
    package var count: Int { places.count }

    package struct Place: BitwiseCopyable {
        package let type: UInt32
        package let step: UInt32
    }

    private let places: Slots<Place>
    private let steps: PredicateSet
    private let plan: FoldPlan

    /// nil where there are no steps.
    package init?(_ plan: FoldPlan) {
        let steps = plan.journeys.flatMap(\.steps)
        guard !steps.isEmpty else { return nil }
        self.plan = plan
        self.steps = PredicateSet(steps, kindCount: plan.kindCount)
        places = Slots(
            plan.journeys.enumerated().flatMap { type, rule in
                rule.steps.indices.map { Place(type: UInt32(type), step: UInt32($0)) }
            })
    }

    deinit { places.release() }

    /// Calls `body` with the number and the place of each step that a person's event satisfies.
    @inline(__always)
    package func forEach(of events: PersonEvents, _ event: Int, _ body: (_ number: Int, Place) -> Void) {
        steps.forEach(kind: Int(events.kinds[event]), plan.context(event, events)) { body($0, places[$0]) }
    }
}
