import Events
import Expressions

/// One match of a rule, and its events with the variables that they stand for.
struct FrictionMatch {
    /// Number of the rule in the pipeline.
    var rule: Int
    /// Place of the first of its events in `PatternMatcher.bound`.
    var start: Int
    var count: Int
    /// It ended with `$` in a list that never is closed by itself: it holds only for journeys that are.
    var holdsForClosed: Bool
}

/// Finds the matches of one rule in one list of events. One object is used for list after list.
///
/// A search with a memory: what was tried once in vain, from the same place of the pattern at the same event, is not
/// tried again, so the work is bounded by events × places (× starts, where the pattern depends on its first event).
final class PatternMatcher {
    /// More steps than this in one list, and the rest of the list is given up. Far beyond what a rule with a purpose
    /// needs: a thousand places at a thousand events.
    static let stepsMax = 1_000_000
    /// Room for the memory, places × events.
    private static let memoryMax = 1 << 24

    /// Matches of this person so far, and their events one after the other.
    private(set) var matches: [FrictionMatch] = []
    private(set) var bound: [(event: Int32, variable: UInt8)] = []

    private let plan: FoldPlan
    /// Events that may be visible, with the variables they satisfy for certain, and those that depend on the match.
    private var events: [Int32] = []
    private var certain: [UInt32] = []
    private var open: [UInt32] = []
    private var keys: [UInt32] = []
    private var order: [Int32] = []
    private var search = PatternSearch()

    init(plan: FoldPlan) { self.plan = plan }

    func beginPerson() {
        matches.removeAll(keepingCapacity: true)
        bound.removeAll(keepingCapacity: true)
    }

    func forget(from match: Int) {
        guard match < matches.count else { return }
        bound.removeLast(bound.count - matches[match].start)
        matches.removeLast(matches.count - match)
    }

    /// Matches a rule of the set in a list of a person's events.
    /// - Parameters:
    ///   - list: indices of events, ascending.
    ///   - isClosed: nothing will follow in the list.
    ///   - stepNames: by step; the person's facts say the step of each event.
    /// - Returns: whether it came to the end; if not, the step limit was reached and matches may be missing.
    func match(_ index: Int, of set: FrictionSet, in list: ArraySlice<Int32>, _ person: PersonEvents, isClosed: Bool, stepNames: [UInt32]) -> Bool {
        let rule = set.rules[index]
        collect(index, set, rule, list, person, stepNames)
        guard events.count >= rule.lengthMin else { return true }
        var satisfied: UInt32 = 0
        for place in events.indices { satisfied |= certain[place] | open[place] }
        guard satisfied & rule.necessary == rule.necessary else { return true }
        let context = MatchContext(rule: rule, person: person, plan: plan, stepNames: stepNames, isClosed: isClosed)
        search.steps = 0
        guard !rule.partition.isEmpty else { return match(0..<events.count, context, list) }
        sortByKey(context)
        let width = rule.partition.count
        var start = 0
        var isComplete = true
        while start < events.count {
            var end = start + 1
            while end < events.count, sameKey(Int(order[end]), Int(order[start]), width) { end += 1 }
            if end - start >= rule.lengthMin { isComplete = match(start..<end, context, list) && isComplete }
            start = end
        }
        return isComplete
    }

    private func collect(_ index: Int, _ set: FrictionSet, _ rule: FrictionRule, _ list: ArraySlice<Int32>, _ person: PersonEvents, _ stepNames: [UInt32]) {
        events.removeAll(keepingCapacity: true)
        certain.removeAll(keepingCapacity: true)
        open.removeAll(keepingCapacity: true)
        let (word, all) = (set.places[index].word, UInt32(truncatingIfNeeded: (UInt64(1) << UInt64(rule.predicates.count)) - 1))
        for event in list {
            let kind = Int(person.kinds[Int(event)])
            let possible = set.mask(index, set.bits.possible(kind, word: word)) & all
            guard possible != 0 else { continue }
            var satisfied = set.mask(index, set.bits.certain(kind, word: word)) & all
            // What depends on values of the event is decided now, what depends on the match later.
            var undecided = possible & ~satisfied & ~rule.contextual
            while undecided != 0 {
                let variable = undecided.trailingZeroBitCount
                undecided &= undecided - 1
                if rule.predicates[variable].holds(kind: kind, context(Int(event), person, stepNames)) { satisfied |= 1 << UInt32(variable) }
            }
            let later = possible & rule.contextual & ~satisfied
            guard satisfied | later != 0 else { continue }
            events.append(event)
            certain.append(satisfied)
            open.append(later)
        }
    }

    @inline(__always)
    private func context(_ event: Int, _ person: PersonEvents, _ stepNames: [UInt32]) -> EventContext {
        MatchContext.context(event, person, plan, stepNames)
    }

    // MARK: Partitions

    /// Brings events of equal values together, in order of events; events without a value go.
    private func sortByKey(_ context: MatchContext) {
        let width = context.rule.partition.count
        keys.removeAll(keepingCapacity: true)
        order.removeAll(keepingCapacity: true)
        for place in events.indices {
            let event = context.event(Int(events[place]))
            var isWhole = true
            for key in context.rule.partition {
                let text = key.text(event, symbols: plan.symbols)
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
        events = order.map { events[Int($0)] }
        certain = order.map { certain[Int($0)] }
        open = order.map { open[Int($0)] }
    }

    private func sameKey(_ left: Int, _ right: Int, _ width: Int) -> Bool {
        (0..<width).allSatisfy { keys[left * width + $0] == keys[right * width + $0] }
    }

    // MARK: Matching

    /// Matches do not overlap; one that `absent` rules out uses up its events all the same.
    private func match(_ range: Range<Int>, _ context: MatchContext, _ list: ArraySlice<Int32>) -> Bool {
        guard range.count * context.rule.automaton.variables.count <= Self.memoryMax else { return false }
        let visible = VisibleEvents(events: events[range], certain: certain[range], open: open[range])
        search.begin(visible, context)
        var start = range.lowerBound
        while range.upperBound - start >= context.rule.lengthMin {
            guard let found = search.first(at: start, visible, context) else {
                if search.steps >= Self.stepsMax { return false }
                start += 1
                continue
            }
            start = found.last + 1
            if isFollowed(visible.events[found.last], context, list) { continue }
            matches.append(FrictionMatch(rule: context.rule.number, start: bound.count, count: search.path.count, holdsForClosed: found.usesEnd && context.rule.definition.scope == .person))
            for entry in search.path {
                bound.append((visible.events[entry.position], context.rule.automaton.variables[entry.place]))
            }
        }
        return true
    }

    /// Whether `absent` rules the match out: such an event came, or may still come.
    private func isFollowed(_ last: Int32, _ context: MatchContext, _ list: ArraySlice<Int32>) -> Bool {
        guard let (predicate, time) = context.rule.absent else { return false }
        let deadline = context.person.times[Int(last)] + time
        if plan.asOf < deadline { return true }
        // The list ascends, so what comes after the last event is found by halving.
        var (low, high) = (list.startIndex, list.endIndex)
        while low < high {
            let middle = (low + high) / 2
            if list[middle] <= last { low = middle + 1 } else { high = middle }
        }
        let own = context.rule.partition.map { $0.text(context.event(Int(last)), symbols: plan.symbols) }
        for event in list[low...] {
            guard context.person.times[Int(event)] <= deadline else { return false }
            let seen = context.event(Int(event))
            let isOfPartition = zip(context.rule.partition, own).allSatisfy { $0.text(seen, symbols: plan.symbols) == $1 }
            if isOfPartition, predicate.holds(kind: Int(context.person.kinds[Int(event)]), seen) { return true }
        }
        return false
    }
}

/// The events of a list, or of one partition of it, that may be visible to a rule.
struct VisibleEvents {
    let events: ArraySlice<Int32>
    let certain: ArraySlice<UInt32>
    let open: ArraySlice<UInt32>
}

/// What a match is made in.
struct MatchContext {
    let rule: FrictionRule
    let person: PersonEvents
    let plan: FoldPlan
    let stepNames: [UInt32]
    let isClosed: Bool

    @inline(__always)
    func event(_ index: Int) -> EventContext { Self.context(index, person, plan, stepNames) }

    @inline(__always)
    static func context(_ event: Int, _ person: PersonEvents, _ plan: FoldPlan, _ stepNames: [UInt32]) -> EventContext {
        let step = stepNames.isEmpty ? -1 : Int(person.facts[event].step)
        return EventContext(
            kind: plan.symbols.kinds[Int(person.kinds[event])].baseAddress!, row: person.rows[event], step: step < 0 ? 0 : stepNames[step])
    }
}
