import Events
import Tables

/// Expressions that rules need some event of the log to satisfy, with their numbers in the plan's list.
final class NeedSet {
    let numbers: [Int]
    let predicates: [Predicate]
    let bits: KindBits
    /// The kinds of events decide everything.
    let isStatic: Bool

    init(_ needs: [(number: Int, predicate: Predicate)], kindCount: Int) {
        numbers = needs.map(\.number)
        predicates = needs.map(\.predicate)
        isStatic = predicates.allSatisfy(\.isStatic)
        bits = KindBits(predicates, places: Array(predicates.indices), kindCount: kindCount)
    }
}

/// Counts, for each need, the persons who have such an event: where nobody has, a rule cannot be measured.
struct NeedCounts {
    let table: CellTable

    /// - Parameter owner: number of the person, not 0.
    func count(_ set: NeedSet, type: UInt32, _ person: PersonEvents, owner: UInt32) {
        var first = 0
        while first < set.predicates.count {
            countWord(set, first, type, person, owner)
            first += 64
        }
    }

    private func countWord(_ set: NeedSet, _ first: Int, _ type: UInt32, _ person: PersonEvents, _ owner: UInt32) {
        let word = first / 64
        let bits = set.bits.column(word)
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
                guard set.predicates[first + bit].holdsWherePossible(kind: kind, contexts[event]) else { continue }
                met |= 1 << UInt64(bit)
                open &= ~(1 << UInt64(bit))
            }
        }
        while met != 0 {
            let bit = met.trailingZeroBitCount
            met &= met - 1
            table.addOnce(owner, to: 0, of: table.cell(type, UInt32(set.numbers[first + bit])))
        }
    }
}
