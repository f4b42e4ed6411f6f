import Events

/// Which steps, of all journey types, an event satisfies by each step's own `match`: whatever the type's scope, and whichever step
/// the event belongs to. Kept by kind; only where the kind leaves it open the event is asked.
package final class StepMatches {
    /// How many steps there are.
    package var count: Int { steps.count }

    package struct Place: BitwiseCopyable {
        package let type: UInt32
        package let step: UInt32
    }

    private let places: Slots<Place>
    private let steps: [Predicate]
    private let bits: KindBits
    private let symbols: EventSymbols

    /// nil where there are no steps.
    package init?(_ plan: FoldPlan) {
        steps = plan.journeys.flatMap(\.steps)
        guard !steps.isEmpty else { return nil }
        symbols = plan.symbols
        places = Slots(
            plan.journeys.enumerated().flatMap { type, rule in
                rule.steps.indices.map { Place(type: UInt32(type), step: UInt32($0)) }
            })
        bits = KindBits(steps, places: Array(steps.indices), kindCount: plan.symbols.kinds.count)
    }

    deinit { places.release() }

    /// Calls `body` with the number and the place of each step that a person's event satisfies.
    @inline(__always)
    package func forEach(of events: PersonEvents, _ event: Int, _ body: (_ number: Int, Place) -> Void) {
        let kind = Int(events.kinds[event])
        for word in 0..<bits.wordCount {
            let column = bits.column(word)
            let certain = column.certain(kind)
            var open = column.possible(kind)
            while open != 0 {
                let bit = open.trailingZeroBitCount
                open &= open - 1
                let number = word * 64 + bit
                if certain >> UInt64(bit) & 1 == 1 || holds(number, kind, events.rows[event]) { body(number, places[number]) }
            }
        }
    }

    private func holds(_ number: Int, _ kind: Int, _ row: EventRow) -> Bool {
        steps[number].holdsWherePossible(kind: kind, EventContext(kind: symbols.kind(kind), row: row))
    }
}
