import Events
import Expressions

/// The search for matches of a rule in a range of visible events: depth first, best choice first, with its own stack, so
/// that neither long lists nor nested repetitions cost stack frames.
///
/// What was tried once in vain, at the same place of the pattern and the same event, is not tried again; so the work is
/// bounded by events × places (× starts, where failing depends on where the match began).
///
/// The path has room for every event of the range, since each is bound once at the most, and the memory of what failed for
/// every place at every event.
final class PatternSearch {
    /// More steps than this in one list, and the rest of the list is given up. Far beyond what a rule with a purpose
    /// needs: a thousand places at a thousand events.
    static let stepsMax = 1_000_000
    /// Room for the memory of what failed, places × events.
    static let memoryMax = 1 << 24

    /// An event bound to a place of the pattern, and how far its successors have been tried.
    struct Entry: BitwiseCopyable {
        var place: Int32
        var position: Int32
        /// The next visible event as this match sees it, the end of the range if there is none.
        var next: Int32
        /// The variables that event satisfies, as far as they are `known`.
        var mask: UInt32
        var known: UInt32
        var successor: Int32
        /// Whether it failed only for a match that began here.
        var dependsOnStart: Bool
    }

    /// The events bound so far, `depth` of them.
    private(set) var path: Slots<Entry>
    private(set) var depth = 0
    /// Of all searches in the list.
    var steps = 0

    private var visible: VisibleColumns
    private var rule: RuleTables
    private var person: PersonColumns
    /// The match so far, as the event that is looked at sees it.
    private let match = MatchSoFar()
    private var range = 0..<0
    private var isClosed = false
    /// By place and event: the stamp of the range, or of the start, for which it was tried in vain.
    private var failed: Slots<UInt32>
    private var stamp: UInt32 = 0
    private var rangeStamp: UInt32 = 0
    private var startStamp: UInt32 = 0
    /// The first event that is visible while nothing is bound; not known yet. Only asked for by patterns with `^`.
    private var firstVisible: Int?

    /// Nothing of the arguments is used before `begin` gives others.
    init(_ rule: RuleTables, _ visible: VisibleColumns, _ person: PersonColumns) {
        (self.rule, self.visible, self.person) = (rule, visible, person)
        path = Slots(count: 256)
        failed = Slots(repeating: 0, count: 1024)
    }

    deinit {
        match.release()
        path.release()
        failed.release()
    }

    private func reserve(events: Int, memory: Int) {
        if events > path.count { path.grow(to: max(events, path.count * 2), used: 0) }
        if memory > failed.count {
            failed.grow(to: max(memory, failed.count * 2), used: 0)
            failed.fill(0..<failed.count, with: 0)
        }
    }

    /// Before the searches in a range of events.
    func begin(_ rule: RuleTables, _ visible: VisibleColumns, _ person: PersonColumns, _ range: Range<Int>, isClosed: Bool) {
        (self.rule, self.visible, self.person) = (rule, visible, person)
        self.range = range
        self.isClosed = isClosed
        reserve(events: range.count, memory: range.count * rule.placeCount)
        // Every range and every start has its own stamp; before they run out, all is forgotten.
        if stamp > UInt32.max - UInt32(range.count) - 2 {
            failed.fill(0..<failed.count, with: 0)
            stamp = 0
        }
        stamp += 1
        rangeStamp = stamp
        firstVisible = nil
    }

    /// The best match that begins at `start`: where it ends and whether it needed `$`. Its events are in `path`.
    func first(at start: Int) -> (last: Int, usesEnd: Bool)? {
        guard rule.looksAtBegin || (visible.certain[start] | visible.open[start]) & rule.startVariables != 0 else { return nil }
        let mask = startMask(start)
        if rule.looksAtBegin, firstVisible == nil, mask != 0 { firstVisible = start }
        guard mask & rule.startVariables != 0 else { return nil }
        depth = 0
        stamp += 1
        startStamp = stamp
        for index in 0..<rule.startCount {
            let choice = rule.start(index)
            guard mask >> UInt32(rule.variable(choice.place)) & 1 == 1 else { continue }
            if let atBegin = choice.atBegin, atBegin != (firstVisible == start) { continue }
            bind(choice.place, start, start)
            if let usesEnd = run(start) { return (Int(path[depth - 1].position), usesEnd) }
        }
        return nil
    }

    /// What the event satisfies while nothing is bound, as far as that matters.
    private func startMask(_ start: Int) -> UInt32 {
        var mask = visible.certain[start]
        var open = visible.open[start] & (rule.looksAtBegin ? .max : rule.startVariables)
        let event = Int(visible.events[start])
        while open != 0 {
            let variable = open.trailingZeroBitCount
            open &= open - 1
            if rule.holds(variable, kind: Int(person.kinds[event]), person.contexts[event]) { mask |= 1 << UInt32(variable) }
        }
        return mask
    }

    /// Goes on until the path is a match (whether it needed `$`) or nothing is left of it.
    private func run(_ start: Int) -> Bool? {
        let end = Int32(range.upperBound)
        var deadline = EventTime.max
        if let within = rule.within {
            let (sum, overflow) = time(start).addingReportingOverflow(within)
            if !overflow { deadline = sum }
        }
        while depth > 0 {
            let top = depth - 1
            guard path[top].successor < rule.successorEnd(path[top].place) else {
                leave()
                continue
            }
            let choice = rule.successor(path[top].successor)
            path[top].successor += 1
            steps += 1
            guard steps < Self.stepsMax else { return nil }
            let next = path[top].next
            guard choice.place >= 0 else {
                if choice.atEnd, next < end || !isClosed { continue }
                return choice.atEnd
            }
            guard next < end, satisfies(rule.variable(choice.place), &path[top], start) else { continue }
            let seen = failed[memory(choice.place, next)]
            if seen == rangeStamp { continue }
            if seen == startStamp || time(Int(next)) > deadline {
                path[top].dependsOnStart = true
                continue
            }
            bind(choice.place, Int(next), start)
        }
        return nil
    }

    /// Whether the next visible event satisfies the variable.
    @inline(__always)
    private func satisfies(_ variable: Int, _ top: inout Entry, _ start: Int) -> Bool {
        let bit: UInt32 = 1 << UInt32(variable)
        if top.known & bit == 0 { look(bit, &top, start) }
        return top.mask & bit != 0
    }

    /// Finds out whether the next event satisfies the open variables of `wanted`, seen from the match so far; stops at the
    /// first that it satisfies.
    private func look(_ wanted: UInt32, _ top: inout Entry, _ start: Int) {
        let (position, next) = (Int(visible.events[Int(top.position)]), Int(visible.events[Int(top.next)]))
        let first = Int(visible.events[start])
        let contexts = person.contexts
        var isBound = false
        var open = wanted & visible.open[Int(top.next)]
        while open != 0 {
            let variable = open.trailingZeroBitCount
            open &= open - 1
            steps += 1
            top.known |= 1 << UInt32(variable)
            let holds: Bool
            if let comparison = rule.comparison(variable) {
                holds = comparison.holds(contexts, next, comparison.isWithFirst ? first : position)
            } else {
                if !isBound {
                    isBound = true
                    let gap = person.times[next] - person.times[position]
                    match.set(BoundEvents(first: contexts[first], prev: contexts[position], gap: gap))
                }
                var looked = contexts[next]
                looked.match = match
                holds = rule.holds(variable, kind: Int(person.kinds[next]), looked)
            }
            guard holds else { continue }
            top.mask |= 1 << UInt32(variable)
            return
        }
    }

    @inline(__always)
    private func time(_ position: Int) -> EventTime { person.times[Int(visible.events[position])] }

    /// Takes the last event off the path and remembers that nothing came of it.
    private func leave() {
        depth -= 1
        let entry = path[depth]
        let dependsOnStart = entry.dependsOnStart || rule.looksAtFirst
        failed[memory(entry.place, entry.position)] = dependsOnStart ? startStamp : rangeStamp
        if dependsOnStart, depth > 0 { path[depth - 1].dependsOnStart = true }
    }

    @inline(__always)
    private func memory(_ place: Int32, _ position: Int32) -> Int {
        Int(place) * range.count + Int(position) - range.lowerBound
    }

    private func bind(_ place: Int32, _ position: Int, _ start: Int) {
        path[depth] = Entry(
            place: place, position: Int32(position), next: Int32(position + 1), mask: 0, known: 0,
            successor: rule.successorStart(place), dependsOnStart: false)
        depth += 1
        findNext(&path[depth - 1], start)
    }

    /// Goes on to the next event that the match so far sees.
    @inline(__always)
    private func findNext(_ top: inout Entry, _ start: Int) {
        while top.next < range.upperBound {
            let next = Int(top.next)
            (top.mask, top.known) = (visible.certain[next], ~visible.open[next])
            // An event that satisfies something for certain is visible; of another the match so far decides.
            if top.mask != 0 { break }
            look(visible.open[next], &top, start)
            if top.mask != 0 { break }
            top.next += 1
        }
    }
}
