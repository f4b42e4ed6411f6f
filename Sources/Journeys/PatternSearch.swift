import Events
import Expressions

/// The search for a match that begins at one event: depth first, best choice first, with its own stack, so that neither
/// long lists nor nested repetitions cost stack frames.
struct PatternSearch {
    /// An event bound to a place of the pattern, and how far its successors have been tried.
    struct Entry {
        var place: Int
        var position: Int
        /// The next visible event as this match sees it, the end of the list if there is none, and what it satisfies.
        var next: Int
        var mask: UInt32
        var successor: Int
        /// Whether it failed only for a match that began here.
        var dependsOnStart: Bool
    }

    private(set) var path: [Entry] = []
    /// Of all searches in the list.
    var steps = 0

    /// By place and event: the stamp of the list, or of the start, for which it was tried in vain.
    private var failed: [UInt32] = []
    private var stamp: UInt32 = 0
    private var listStamp: UInt32 = 0
    private var startStamp: UInt32 = 0
    /// The first event that is visible while nothing is bound; not known yet.
    private var firstVisible: Int?

    /// Before the searches in a list of events.
    mutating func begin(_ visible: VisibleEvents, _ context: MatchContext) {
        let room = visible.events.count * context.rule.automaton.variables.count
        if failed.count < room { failed.append(contentsOf: repeatElement(0, count: room - failed.count)) }
        listStamp = nextStamp(starts: visible.events.count)
        firstVisible = nil
    }

    /// Every list and every start has its own stamp; before they run out, all is forgotten.
    private mutating func nextStamp(starts: Int = 0) -> UInt32 {
        if stamp > UInt32.max - UInt32(starts) - 2 {
            for index in failed.indices { failed[index] = 0 }
            stamp = 0
        }
        stamp += 1
        return stamp
    }

    /// The best match that begins at `start`: where it ends. Its events are in `path`.
    mutating func first(at start: Int, _ visible: VisibleEvents, _ context: MatchContext) -> (last: Int, usesEnd: Bool)? {
        let rule = context.rule
        let mask = self.mask(start, nil, visible, context)
        guard mask != 0 else { return nil }
        if firstVisible == nil { firstVisible = start }
        path.removeAll(keepingCapacity: true)
        startStamp = nextStamp()
        for choice in rule.automaton.starts where mask >> UInt32(rule.automaton.variables[choice.place]) & 1 == 1 {
            if let atBegin = choice.atBegin, atBegin != (firstVisible == start) { continue }
            bind(choice.place, start, start, visible, context)
            if let usesEnd = run(start, visible, context) { return (path.last!.position, usesEnd) }
        }
        return nil
    }

    /// Goes on until the path is a match (whether it needed `$`) or nothing is left of it.
    private mutating func run(_ start: Int, _ visible: VisibleEvents, _ context: MatchContext) -> Bool? {
        let automaton = context.rule.automaton
        let end = visible.events.endIndex
        let latest = context.rule.definition.within.map { context.person.times[Int(visible.events[start])].addingReportingOverflow($0) }
        let deadline = latest.map { $0.overflow ? EventTime.max : $0.partialValue } ?? EventTime.max
        while let top = path.last {
            let choices = automaton.ranges[top.place]
            guard top.successor < choices.upperBound else {
                leave(visible, context)
                continue
            }
            path[path.count - 1].successor += 1
            steps += 1
            guard steps < PatternMatcher.stepsMax else { return nil }
            let choice = automaton.successors[top.successor]
            guard let place = choice.place else {
                if choice.atEnd, top.next < end || !context.isClosed { continue }
                return choice.atEnd
            }
            guard top.next < end, top.mask >> UInt32(automaton.variables[place]) & 1 == 1 else { continue }
            let seen = failed[memory(place, top.next, visible)]
            if seen == listStamp { continue }
            if seen == startStamp || context.person.times[Int(visible.events[top.next])] > deadline {
                path[path.count - 1].dependsOnStart = true
                continue
            }
            bind(place, top.next, start, visible, context)
        }
        return nil
    }

    /// Takes the last event off the path and remembers that nothing came of it.
    private mutating func leave(_ visible: VisibleEvents, _ context: MatchContext) {
        let entry = path.removeLast()
        let dependsOnStart = entry.dependsOnStart || context.rule.looksAtFirst
        failed[memory(entry.place, entry.position, visible)] = dependsOnStart ? startStamp : listStamp
        if dependsOnStart, !path.isEmpty { path[path.count - 1].dependsOnStart = true }
    }

    @inline(__always)
    private func memory(_ place: Int, _ position: Int, _ visible: VisibleEvents) -> Int {
        place &* visible.events.count &+ position &- visible.events.startIndex
    }

    private mutating func bind(_ place: Int, _ position: Int, _ start: Int, _ visible: VisibleEvents, _ context: MatchContext) {
        var (next, mask) = (position + 1, UInt32(0))
        let end = visible.events.endIndex
        if context.rule.contextual == 0 {
            if next < end { mask = visible.certain[next] }
        } else {
            var bound = BoundEvents(
                first: context.event(Int(visible.events[start])), prev: context.event(Int(visible.events[position])), gap: 0)
            while next < end {
                bound.gap = context.person.times[Int(visible.events[next])] - context.person.times[Int(visible.events[position])]
                mask = withUnsafePointer(to: bound) { self.mask(next, $0, visible, context) }
                steps += 1
                if mask != 0 { break }
                next += 1
            }
        }
        path.append(
            Entry(
                place: place, position: position, next: next, mask: mask, successor: context.rule.automaton.ranges[place].lowerBound,
                dependsOnStart: false))
    }

    /// The variables that an event satisfies, seen from the match so far.
    private func mask(_ position: Int, _ bound: UnsafePointer<BoundEvents>?, _ visible: VisibleEvents, _ context: MatchContext) -> UInt32 {
        var mask = visible.certain[position]
        var open = visible.open[position]
        guard open != 0 else { return mask }
        let index = Int(visible.events[position])
        var event = context.event(index)
        event.match = bound
        while open != 0 {
            let variable = open.trailingZeroBitCount
            open &= open - 1
            if context.rule.predicates[variable].holds(kind: Int(context.person.kinds[index]), event) { mask |= 1 << UInt32(variable) }
        }
        return mask
    }
}
