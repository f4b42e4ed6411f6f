import Events

/// Several expressions that are asked of one event after the other: which of them it satisfies. Kept by kind; only where the kind
/// leaves it open the event is asked.
final class PredicateSet {
    private let predicates: HeldObjects<Predicate>
    private let bits: KindBits

    init(_ predicates: [Predicate], kindCount: Int) {
        self.predicates = HeldObjects(predicates)
        bits = KindBits(predicates, places: Array(predicates.indices), kindCount: kindCount)
    }

    /// Calls `body` with the number of each expression that an event satisfies, ascending.
    @inline(__always)
    func forEach(kind: Int, _ context: @autoclosure () -> EventContext, _ body: (Int) -> Void) {
        for word in 0..<bits.wordCount {
            let column = bits.column(word)
            let certain = column.certain(kind)
            var open = column.possible(kind)
            while open != 0 {
                let bit = open.trailingZeroBitCount
                open &= open - 1
                let number = word * 64 + bit
                let isCertain = certain >> UInt64(bit) & 1 == 1
                if isCertain || predicates.with(number, { $0.holdsWherePossible(kind: kind, context()) }) { body(number) }
            }
        }
    }
}
