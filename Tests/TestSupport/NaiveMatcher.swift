/// The places in a list that one match binds, in order.
struct NaiveMatch: Equatable {
    var places: [Int] = []
    /// Whether a `$` stands on the way through the pattern that led here.
    var usedEnd = false
}

/// Finds a pattern in a list of events (pipelines/rules.md, 13): a backtracking matcher that tries what is preferred first and goes on
/// with whatever follows, which each call gets as a function.
struct NaiveMatcher {
    /// Every variable of `where`, also those that the pattern does not use: they make events visible.
    let variables: [NaiveExpression]
    let named: [String: NaiveExpression]
    let pattern: NaivePattern
    /// Longest time from the first to the last event of a match.
    let within: Int64?
    let skip: NaiveFrictionRules.Skip

    init(_ rules: NaiveFrictionRules) {
        named = rules.variables.mapValues(NaiveExpression.init)
        variables = Array(named.values)
        pattern = NaivePattern(rules.pattern)
        within = rules.within
        skip = rules.skip
    }

    /// How many steps one list may take. Backtracking can take more than anybody waits for, and so deep that the stack ends.
    static let stepLimit = 20_000

    /// The matches from left to right; nil when the list takes too many steps.
    /// - Parameter isClosed: whether nothing can follow the list any more.
    func matches(in events: [NaiveEvent], isClosed: Bool) -> [NaiveMatch]? {
        let steps = Steps()
        var matches: [NaiveMatch] = []
        var start = 0
        while start < events.count {
            let attempt = Attempt(matcher: self, events: events, isClosed: isClosed, start: start, steps: steps)
            let found = attempt.match(pattern, NaiveMatch()) { $0 }
            guard steps.count <= Self.stepLimit else { return nil }
            // What matches without any event is no match.
            if let found, let last = found.places.last {
                matches.append(found)
                switch skip {
                case .pastLast: start = last + 1
                case .toLast: start = found.places.count == 1 ? last + 1 : last
                case .toNext: start += 1
                }
            } else {
                start += 1
            }
        }
        return matches
    }

    private final class Steps {
        var count = 0
    }

    /// Everything that is tried from one start.
    private struct Attempt {
        let matcher: NaiveMatcher
        let events: [NaiveEvent]
        let isClosed: Bool
        let start: Int
        let steps: Steps

        /// The match that is preferred of those that go on from `soFar` with the pattern and then with the rest.
        func match(_ pattern: NaivePattern, _ soFar: NaiveMatch, then rest: (NaiveMatch) -> NaiveMatch?) -> NaiveMatch? {
            guard isWithinLimit() else { return nil }
            switch pattern {
            case .variable(let name):
                return bind(name, soFar).flatMap(rest)
            case .start:
                // The list before the start as it looks with nothing bound.
                guard soFar.places.isEmpty, !isAnyVisible(0..<start, soFar) else { return nil }
                return rest(soFar)
            case .end:
                guard isClosed, !isAnyVisible(place(after: soFar)..<events.count, soFar) else { return nil }
                return rest(NaiveMatch(places: soFar.places, usedEnd: true))
            case .sequence(let parts):
                guard let first = parts.first else { return rest(soFar) }
                return match(first, soFar) { match(.sequence(Array(parts.dropFirst())), $0, then: rest) }
            case .alternatives(let parts):
                for part in parts {
                    if let found = match(part, soFar, then: rest) { return found }
                }
                return nil
            case .repetition(let part, let least, let most, let isReluctant):
                func oneMore() -> NaiveMatch? {
                    guard most != 0 else { return nil }
                    let others = NaivePattern.repetition(
                        part, least: max(0, least - 1), most: most.map { $0 - 1 }, isReluctant: isReluctant)
                    return match(part, soFar) { after in
                        // As in JavaScript: beyond the least number, a time that binds nothing is not considered.
                        if least == 0, after.places.count == soFar.places.count { return nil }
                        return match(others, after, then: rest)
                    }
                }
                if least > 0 { return oneMore() }
                return isReluctant ? rest(soFar) ?? oneMore() : oneMore() ?? rest(soFar)
            }
        }

        /// The next event is the start itself, or else the first visible one after the last bound: if it is not what the
        /// pattern wants, there is no other.
        private func bind(_ name: String, _ soFar: NaiveMatch) -> NaiveMatch? {
            var place = place(after: soFar)
            if !soFar.places.isEmpty {
                guard let visible = (place..<events.count).first(where: { isVisible($0, soFar) }) else { return nil }
                place = visible
            }
            guard let variable = matcher.named[name] else { preconditionFailure("no variable \(name)") }
            guard variable.matches(context(place, soFar)) else { return nil }
            if let within = matcher.within, events[place].time - events[soFar.places.first ?? place].time > within { return nil }
            return NaiveMatch(places: soFar.places + [place], usedEnd: soFar.usedEnd)
        }

        private func place(after soFar: NaiveMatch) -> Int { soFar.places.last.map { $0 + 1 } ?? start }

        /// An event that satisfies no variable is invisible. Where variables look back, that hangs on what is bound so far.
        private func isVisible(_ place: Int, _ soFar: NaiveMatch) -> Bool {
            guard isWithinLimit() else { return false }
            let context = context(place, soFar)
            return matcher.variables.contains { $0.matches(context) }
        }

        private func isAnyVisible(_ places: Range<Int>, _ soFar: NaiveMatch) -> Bool { places.contains { isVisible($0, soFar) } }

        private func context(_ place: Int, _ soFar: NaiveMatch) -> NaiveContext {
            NaiveContext(event: events[place], previous: soFar.places.last.map { events[$0] }, first: soFar.places.first.map { events[$0] })
        }

        private func isWithinLimit() -> Bool {
            steps.count += 1
            return steps.count <= NaiveMatcher.stepLimit
        }
    }
}
