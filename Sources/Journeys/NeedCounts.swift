import Events
import Tables

/// Expressions that rules need some event of the log to satisfy, with their numbers in the plan's list.
struct NeedSet {
    let numbers: [Int]
    let predicates: [Predicate]
    let bits: KindBits

    init(_ needs: [(number: Int, predicate: Predicate)], kindCount: Int) {
        numbers = needs.map(\.number)
        predicates = needs.map(\.predicate)
        bits = KindBits(predicates, places: Array(predicates.indices), kindCount: kindCount)
    }
}

/// Counts, for each need, the persons who have such an event: where nobody has, a rule cannot be measured.
struct NeedCounts {
    let table: CellTable

    func count(_ set: NeedSet, type: UInt32, _ person: PersonEvents) {
        var first = 0
        while first < set.predicates.count {
            countWord(set, first, type, person)
            first += 64
        }
    }

    private func countWord(_ set: NeedSet, _ first: Int, _ type: UInt32, _ person: PersonEvents) {
        let (word, count) = (first / 64, min(64, set.predicates.count - first))
        let all: UInt64 = count == 64 ? .max : 1 << UInt64(count) - 1
        var met: UInt64 = 0
        for event in 0..<person.count where met != all {
            let kind = Int(person.kinds[event])
            met |= set.bits.certain(kind, word: word)
            var undecided = set.bits.possible(kind, word: word) & ~met
            while undecided != 0 {
                let bit = undecided.trailingZeroBitCount
                undecided &= undecided - 1
                if set.predicates[first + bit].holdsWherePossible(kind: kind, person.contexts[event]) { met |= 1 << UInt64(bit) }
            }
        }
        while met != 0 {
            let bit = met.trailingZeroBitCount
            met &= met - 1
            table.add(1, to: 0, of: table.cell(type, UInt32(set.numbers[first + bit])))
        }
    }
}
