import Events
import Expressions

/// The events of a list that may be visible to a rule, as columns: the memory that matching works in. One object is used
/// for list after list.
final class VisibleEvents {
    private(set) var count = 0
    /// Index among the person's events.
    private(set) var events: Slots<Int32>
    /// The variables that the event satisfies whatever the match, and those that depend on the match so far.
    private(set) var certain: Slots<UInt32>
    private(set) var open: Slots<UInt32>
    /// All variables that any of them may satisfy.
    private(set) var any: UInt32 = 0
    private var capacity = 256
    private var keys: [UInt32] = []
    private var order: [Int32] = []

    init() {
        (events, certain, open) = (Slots(count: capacity), Slots(count: capacity), Slots(count: capacity))
    }

    deinit { release() }

    private func release() {
        events.release()
        certain.release()
        open.release()
    }

    private func reserve(_ needed: Int) {
        guard needed > capacity else { return }
        release()
        capacity = max(needed, capacity * 2)
        (events, certain, open) = (Slots(count: capacity), Slots(count: capacity), Slots(count: capacity))
    }

    /// Takes in those events of the list that the rule may see. What depends on an event's values is decided here.
    func collect(_ index: Int, _ rule: FrictionRule, of set: FrictionSet, in list: SlotRange<Int32>, _ person: PersonEvents) {
        reserve(list.count)
        let (word, shift, all) = (set.places[index].word, set.places[index].shift, rule.allVariables)
        let (bits, tables, contextual) = (set.bits.column(word), rule.tables, rule.contextual)
        let (kinds, contexts) = (person.kinds, person.contexts)
        count = 0
        any = 0
        for event in list {
            let kind = Int(kinds[Int(event)])
            let possible = UInt32(truncatingIfNeeded: bits.possible(kind) >> shift) & all
            guard possible != 0 else { continue }
            var satisfied = UInt32(truncatingIfNeeded: bits.certain(kind) >> shift) & all
            var undecided = possible & ~satisfied & ~contextual
            while undecided != 0 {
                let variable = undecided.trailingZeroBitCount
                undecided &= undecided - 1
                if tables.holds(variable, kind: kind, contexts[Int(event)]) { satisfied |= 1 << UInt32(variable) }
            }
            let later = possible & contextual & ~satisfied
            guard satisfied | later != 0 else { continue }
            events[count] = event
            certain[count] = satisfied
            open[count] = later
            any |= satisfied | later
            count += 1
        }
    }

    var columns: VisibleColumns { VisibleColumns(events: events, certain: certain, open: open) }

    // MARK: Partitions

    /// Brings events of equal values together, in order of events; events that lack a value go.
    func sort(by partition: [EventKey], _ person: PersonEvents, symbols: EventSymbols) {
        let width = partition.count
        keys.removeAll(keepingCapacity: true)
        order.removeAll(keepingCapacity: true)
        for place in 0..<count {
            var isWhole = true
            for key in partition {
                let text = key.text(person.contexts[Int(events[place])], symbols: symbols)
                keys.append(text)
                isWhole = isWhole && text != 0
            }
            if isWhole { order.append(Int32(place)) }
        }
        order.sort { left, right in
            for column in 0..<width {
                let (one, other) = (keys[Int(left) * width + column], keys[Int(right) * width + column])
                if one != other { return one < other }
            }
            return left < right
        }
        permute(events)
        permute(certain)
        permute(open)
        count = order.count
    }

    private func permute<Element>(_ column: Slots<Element>) {
        let sorted = order.map { column[Int($0)] }
        for place in sorted.indices { column[place] = sorted[place] }
    }

    /// Where the partition that begins at `start` ends; after `sort`.
    func partitionEnd(_ start: Int, width: Int) -> Int {
        var end = start + 1
        while end < count, (0..<width).allSatisfy({ keys[Int(order[end]) * width + $0] == keys[Int(order[start]) * width + $0] }) {
            end += 1
        }
        return end
    }
}

/// The same columns without a reference count.
struct VisibleColumns {
    let events: Slots<Int32>
    let certain: Slots<UInt32>
    let open: Slots<UInt32>
}
