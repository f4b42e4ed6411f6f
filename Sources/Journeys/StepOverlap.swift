import Events

/// Which steps of a funnel an event satisfies, by each step's own `match`, where these may be several. Most events satisfy one
/// step at most, whatever they say besides their kind: for them the step that they belong to is all there is to know.
final class StepOverlap {
    private let steps: [Predicate]
    /// By step: its place in the funnel, -1 where it has none.
    private let places: [Int]
    /// A bit for each step.
    private let bits: KindBits
    private let symbols: EventSymbols
    private let isPossible: Slots<Bool>

    /// nil where no event can satisfy two of the steps.
    init?(_ steps: [Predicate], places: [Int], symbols: EventSymbols) {
        let kinds = symbols.kinds.count
        let bits = KindBits(steps, places: Array(steps.indices), kindCount: kinds)
        let overlaps = (0..<kinds).map { kind in
            (0..<bits.wordCount).reduce(0) { $0 + bits.column($1).possible(kind).nonzeroBitCount } > 1
        }
        guard overlaps.contains(true) else { return nil }
        self.steps = steps
        self.places = places
        self.bits = bits
        self.symbols = symbols
        self.isPossible = Slots(overlaps)
    }

    deinit { isPossible.release() }

    /// Whether events of the kind may satisfy several steps.
    @inline(__always)
    func isPossible(kind: Int) -> Bool { isPossible[kind] }

    /// Finds the places in the funnel of all steps that an event satisfies.
    /// - Parameter first: the step that it belongs to, before which it satisfies none.
    func find(kind: Int, row: EventRow, first: Int, places found: inout PlaceSet) {
        found.clear()
        let context = EventContext(kind: symbols.kind(kind), row: row)
        for word in first / 64..<bits.wordCount {
            let column = bits.column(word)
            let certain = column.certain(kind)
            var open = column.possible(kind)
            if word == first / 64 { open &= ~0 << UInt64(first % 64) }
            while open != 0 {
                let bit = open.trailingZeroBitCount
                open &= open - 1
                let step = word * 64 + bit
                guard places[step] >= 0 else { continue }
                let holds = step == first || certain >> UInt64(bit) & 1 == 1
                if holds || steps[step].holdsWherePossible(kind: kind, context) { found.insert(places[step]) }
            }
        }
    }
}
