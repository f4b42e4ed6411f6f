/// A pattern ready for matching: its places (each mention of a variable, counts unrolled), and for each place what may
/// come next, in the order of preference. There is nothing between two events to decide any more, so a matcher only
/// ever asks: does the next visible event satisfy the variable of this place? (The position automaton of Glushkov, with
/// its successors in the order in which a backtracking matcher would try them.)
package struct PatternAutomaton: Sendable {
    /// By place: its variable.
    package let variables: [UInt8]
    /// Where a match may begin, best first; empty for a pattern that never binds an event, such as `a*?`.
    package let starts: [Start]
    /// By place: a range of `successors`, best first.
    package let ranges: [Range<Int>]
    package let successors: [Successor]

    package struct Start: Sendable, Hashable {
        package var place: Int
        /// Only at the first visible event (`^`), or only elsewhere: `^` alone stood before, and matched nothing.
        package var atBegin: Bool?
    }

    package struct Successor: Sendable, Hashable {
        /// nil: the match is complete.
        package var place: Int?
        /// Complete only where no visible event follows and the list is closed (`$`).
        package var atEnd: Bool
    }

    package static let placesMax = PatternSize.placesMax
    /// Steps of all searches for successors together.
    static let searchStepsMax = 500_000

    /// - Throws: when counts unroll to more than `placesMax` places or to too many parts, or their combinations to too many.
    package init(_ pattern: Pattern) throws(ExpressionError) {
        try PatternSize(pattern.root).check(at: 0)
        var program = PatternProgram()
        program.append(pattern.root)
        program.emit(.accept)
        variables = program.variables
        var searched = 0
        func search(from instruction: Int, isStart: Bool) throws(ExpressionError) -> [PatternProgram.Found] {
            let found = program.successors(from: instruction, isStart: isStart, steps: &searched)
            guard searched <= Self.searchStepsMax else {
                throw ExpressionError("the pattern has too many ways through; write it with smaller counts", at: 0)
            }
            return found
        }
        var starts: [Start] = []
        var sometimesEmpty = false
        for found in try search(from: 0, isStart: true) {
            // A match of no event is none, but it stands before what is less preferred.
            guard let place = found.place else {
                if !found.afterBegin { break }
                sometimesEmpty = true
                continue
            }
            if sometimesEmpty, found.afterBegin { continue }
            let start = Start(place: place, atBegin: found.afterBegin ? true : sometimesEmpty ? false : nil)
            if !starts.contains(start) { starts.append(start) }
        }
        self.starts = starts
        var ranges: [Range<Int>] = []
        var successors: [Successor] = []
        for place in variables.indices {
            let first = successors.count
            var known: Set<Successor> = []
            for found in try search(from: program.instructionAfter[place], isStart: false) {
                let successor = Successor(place: found.place, atEnd: found.atEnd)
                if known.insert(successor).inserted { successors.append(successor) }
                // Nothing less preferred is ever tried.
                if found.place == nil, !found.atEnd { break }
            }
            ranges.append(first..<successors.count)
        }
        self.ranges = ranges
        self.successors = successors
    }
}

/// A pattern as a list of small steps, as regular expression engines compile it; only used to find successors.
private struct PatternProgram {
    enum Instruction {
        case event(place: Int)
        /// `first` is preferred.
        case split(first: Int, second: Int)
        case jump(Int)
        case begin, end
        /// Around what an optional repetition repeats, where that can match nothing: it must not.
        case enter, check
        case accept
    }

    /// What can come next: a place, or (nil) the end of the match, and on what condition.
    struct Found {
        var place: Int?
        var afterBegin: Bool
        var atEnd: Bool
    }

    private struct State: Hashable {
        var instruction: Int
        var afterBegin = false
        var atEnd = false
        /// Whether a repetition was entered, and no event came since. All that lies within it was entered later still, so
        /// none of them can be left.
        var isUnmoved = false
    }

    private var instructions: [Instruction] = []
    private(set) var variables: [UInt8] = []
    private(set) var instructionAfter: [Int] = []

    mutating func emit(_ instruction: Instruction) { instructions.append(instruction) }

    /// Only of a pattern whose size was checked: its counts are written out here.
    mutating func append(_ node: Pattern.Node) {
        switch node {
        case .variable(let number):
            emit(.event(place: variables.count))
            variables.append(UInt8(number))
            instructionAfter.append(instructions.count)
        case .sequence(let parts): for part in parts { append(part) }
        case .alternatives(let parts): appendAlternatives(parts[...])
        case .repetition(let inner, let min, let max, let isReluctant):
            for _ in 0..<min { append(inner) }
            if let max { appendOptional(inner, max - min, isReluctant) } else { appendLoop(inner, isReluctant) }
        case .begin: emit(.begin)
        case .end: emit(.end)
        }
    }

    private mutating func appendAlternatives(_ parts: ArraySlice<Pattern.Node>) {
        var exits: [Int] = []
        for part in parts.dropLast() {
            let split = instructions.count
            emit(.jump(0))
            append(part)
            exits.append(instructions.count)
            emit(.jump(0))
            instructions[split] = .split(first: split + 1, second: instructions.count)
        }
        append(parts.last!)
        for exit in exits { instructions[exit] = .jump(instructions.count) }
    }

    /// `(x (x …)?)?`: each further one only after the one before.
    private mutating func appendOptional(_ inner: Pattern.Node, _ count: Int, _ isReluctant: Bool) {
        var splits: [Int] = []
        for _ in 0..<count {
            splits.append(instructions.count)
            emit(.jump(0))
            appendMoving(inner)
        }
        for split in splits { setSplit(split, into: split + 1, past: instructions.count, isReluctant) }
    }

    private mutating func appendLoop(_ inner: Pattern.Node, _ isReluctant: Bool) {
        let split = instructions.count
        emit(.jump(0))
        appendMoving(inner)
        emit(.jump(split))
        setSplit(split, into: split + 1, past: instructions.count, isReluctant)
    }

    private mutating func setSplit(_ split: Int, into inside: Int, past outside: Int, _ isReluctant: Bool) {
        instructions[split] = isReluctant ? .split(first: outside, second: inside) : .split(first: inside, second: outside)
    }

    private mutating func appendMoving(_ inner: Pattern.Node) {
        guard Pattern(source: "", root: inner).lengthMin == 0 else { return append(inner) }
        emit(.enter)
        append(inner)
        emit(.check)
    }

    /// In the order in which a backtracking matcher comes to them. What was reached before under the same
    /// conditions is left out: if it led nowhere once, it does so again.
    func successors(from instruction: Int, isStart: Bool, steps: inout Int) -> [Found] {
        var found: [Found] = []
        var seen: Set<State> = []
        var waiting = [State(instruction: instruction)]
        while var state = waiting.popLast() {
            guard seen.insert(state).inserted else { continue }
            steps += 1
            guard steps <= PatternAutomaton.searchStepsMax else { return found }
            let next = state.instruction + 1
            switch instructions[state.instruction] {
            case .event(let place):
                // After `$` there is no visible event left.
                if !state.atEnd { found.append(Found(place: place, afterBegin: state.afterBegin, atEnd: false)) }
                continue
            case .accept:
                // A match of no event cannot be at the end of anything visible.
                if !(isStart && state.atEnd) { found.append(Found(place: nil, afterBegin: state.afterBegin, atEnd: state.atEnd)) }
                continue
            case .split(let first, let second):
                state.instruction = second
                waiting.append(state)
                state.instruction = first
            case .jump(let target): state.instruction = target
            case .begin:
                guard isStart else { continue }
                state.afterBegin = true
                state.instruction = next
            case .end:
                state.atEnd = true
                state.instruction = next
            case .enter:
                state.isUnmoved = true
                state.instruction = next
            case .check:
                guard !state.isUnmoved else { continue }
                state.instruction = next
            }
            waiting.append(state)
        }
        return found
    }
}
