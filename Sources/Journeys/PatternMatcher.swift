import Events
import Expressions

/// One match of a rule, and its events with the variables that they stand for.
struct FrictionMatch: BitwiseCopyable {
    /// Number of the rule in the pipeline.
    var rule: Int
    /// Place of the first of its events among those of all matches.
    var start: Int
    var count: Int
    /// It ended with `$` in a list that never is closed by itself: it holds only for journeys that are.
    var holdsForClosed: Bool
}

/// Finds the matches of rules in lists of a person's events. One object is used for list after list.
final class PatternMatcher {
    private var matchList = SlotList<FrictionMatch>()
    private var boundList = SlotList<(event: Int32, variable: UInt8)>()

    private let plan: FoldPlan
    private let asOf: AsOf
    private let visible = VisibleEvents()
    private let search: PatternSearch

    /// - Parameter anyRule: fills the search's memory until the first list comes.
    init(plan: FoldPlan, asOf: AsOf, anyRule: FrictionRule) {
        self.plan = plan
        self.asOf = asOf
        search = PatternSearch(anyRule.tables, visible.columns, PersonEvents(layout: plan.layout).columns)
    }

    /// Of this person so far.
    var matches: SlotRange<FrictionMatch> { matchList.all }

    /// The events of a match, with the variables that they stand for.
    func bound(_ match: FrictionMatch) -> SlotRange<(event: Int32, variable: UInt8)> {
        boundList.all[match.start..<match.start + match.count]
    }

    func beginPerson() {
        matchList.removeAll()
        boundList.removeAll()
    }

    /// Forgets the matches from that number on.
    func forget(from match: Int) {
        guard match < matchList.count else { return }
        boundList.shorten(to: matchList[match].start)
        matchList.shorten(to: match)
    }

    /// Matches a rule of the set in a list of a person's events.
    /// - Parameters:
    ///   - list: indices of events, ascending.
    ///   - isClosed: nothing will follow in the list.
    /// - Returns: whether it came to the end; if not, the step limit was reached and matches may be missing.
    func match(_ index: Int, of set: FrictionSet, in list: SlotRange<Int32>, _ person: PersonEvents, isClosed: Bool) -> Bool {
        set.rules.with(index) { match($0, index, of: set, in: list, person, isClosed: isClosed) }
    }

    private func match(
        _ rule: FrictionRule, _ index: Int, of set: FrictionSet, in list: SlotRange<Int32>, _ person: PersonEvents, isClosed: Bool
    ) -> Bool {
        visible.collect(index, rule, of: set, in: list, person)
        guard visible.count >= rule.outline.lengthMin, visible.any & rule.outline.necessary == rule.outline.necessary else { return true }
        search.steps = 0
        guard !rule.partition.isEmpty else { return match(rule, 0..<visible.count, of: list, person, isClosed: isClosed) }
        visible.sort(by: rule.partition, person, symbols: plan.symbols)
        var start = 0
        var isComplete = true
        while start < visible.count {
            let end = visible.partitionEnd(start, width: rule.partition.count)
            if end - start >= rule.outline.lengthMin {
                isComplete = match(rule, start..<end, of: list, person, isClosed: isClosed) && isComplete
            }
            start = end
        }
        return isComplete
    }

    /// Where the search goes on after a match is for `skip` to say, also of one that `absent` rules out.
    private func match(
        _ rule: FrictionRule, _ range: Range<Int>, of list: SlotRange<Int32>, _ person: PersonEvents, isClosed: Bool
    ) -> Bool {
        guard range.count * rule.tables.placeCount <= PatternSearch.memoryMax else { return false }
        search.begin(rule.tables, visible.columns, person.columns, range, isClosed: isClosed)
        var start = range.lowerBound
        while range.upperBound - start >= rule.outline.lengthMin {
            guard let found = search.first(at: start) else {
                if search.steps >= PatternSearch.stepsMax { return false }
                start += 1
                continue
            }
            start = rule.skip.next(first: start, last: found.last)
            if rule.absent != nil, isFollowed(Int(visible.events[found.last]), rule, list, person) { continue }
            matchList.append(
                FrictionMatch(
                    rule: rule.outline.number, start: boundList.count, count: search.depth,
                    holdsForClosed: found.usesEnd && rule.outline.scope == .person))
            for place in 0..<search.depth {
                let entry = search.path[place]
                boundList.append((visible.events[Int(entry.position)], UInt8(rule.tables.variable(entry.place))))
            }
        }
        return true
    }

    /// Among the person's events.
    func lastEvent(_ place: Int) -> Int32 {
        let match = matchList[place]
        return boundList[match.start + match.count - 1].event
    }

    /// Whether `absent` rules the match out: such an event came, or may still come.
    private func isFollowed(_ last: Int, _ rule: FrictionRule, _ list: SlotRange<Int32>, _ person: PersonEvents) -> Bool {
        guard let (predicate, time) = rule.absent else { return false }
        let (deadline, overflow) = person.times[last].addingReportingOverflow(time)
        // At the deadline itself it is decided, so the last undecided as-of is a microsecond before.
        if overflow || !asOf.isLater(than: deadline - 1) { return true }
        for event in list[list.firstPlace(after: Int32(last))...] {
            guard person.times[Int(event)] <= deadline else { return false }
            let seen = person.contexts[Int(event)]
            let isOfPartition = rule.partition.allSatisfy {
                $0.text(seen, symbols: plan.symbols) == $0.text(person.contexts[last], symbols: plan.symbols)
            }
            if isOfPartition, predicate.holds(kind: Int(person.kinds[Int(event)]), seen) { return true }
        }
        return false
    }
}
