import Events

/// Expressions that rules need some event of the log to satisfy, with their numbers in the plan's list.
final class NeedSet {
    let numbers: [Int]
    private let predicates: HeldObjects<Predicate>
    let bits: KindBits
    /// The kinds of events decide everything.
    let isStatic: Bool

    init(_ needs: [(number: Int, predicate: Predicate)], kindCount: Int) {
        numbers = needs.map(\.number)
        let predicates = needs.map(\.predicate)
        isStatic = predicates.allSatisfy(\.isStatic)
        self.predicates = HeldObjects(predicates)
        bits = KindBits(predicates, places: Array(predicates.indices), kindCount: kindCount)
    }

    /// Calls `body` with the number of each need that some event of the person meets.
    func forEachMet(by person: PersonEvents, _ body: (Int) -> Void) {
        for word in 0..<(predicates.count + 63) / 64 { forEachMet(in: word, person, body) }
    }

    private func forEachMet(in word: Int, _ person: PersonEvents, _ body: (Int) -> Void) {
        let first = word * 64
        let bits = bits.column(word)
        let (kinds, contexts) = (person.kinds, person.contexts)
        // First what the kinds of the events decide; only what is left needs a look at single events.
        var (met, possible) = (UInt64(0), UInt64(0))
        for event in 0..<person.count {
            met |= bits.certain(Int(kinds[event]))
            possible |= bits.possible(Int(kinds[event]))
        }
        var open = possible & ~met
        for event in 0..<person.count where open != 0 {
            let kind = Int(kinds[event])
            var undecided = bits.possible(kind) & open
            while undecided != 0 {
                let bit = undecided.trailingZeroBitCount
                undecided &= undecided - 1
                guard predicates.with(first + bit, { $0.holdsWherePossible(kind: kind, contexts[event]) }) else { continue }
                met |= 1 << UInt64(bit)
                open &= ~(1 << UInt64(bit))
            }
        }
        while met != 0 {
            let bit = met.trailingZeroBitCount
            met &= met - 1
            body(numbers[first + bit])
        }
    }
}
