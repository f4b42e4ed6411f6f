import Events

/// Persons' events cut where a silence is far longer than usual: what lies between is one attempt, roughly.
enum AttemptSplit {
    static func attempts(_ events: SampledEvents, _ field: SampledEvents.Place) -> [[SampledEvents.Event]] {
        if areCases(events.persons, field) { return events.persons }
        let gaps = events.gaps
        let usual = gaps.isEmpty ? 0 : gaps[gaps.count / 2]
        let limit = max(6 * DurationWords.hour, usual * 20)
        return events.persons.flatMap { person -> [[SampledEvents.Event]] in
            var attempts: [[SampledEvents.Event]] = []
            for event in person {
                if let last = attempts.last?.last, event.time - last.time <= limit {
                    attempts[attempts.count - 1].append(event)
                } else {
                    attempts.append([event])
                }
            }
            return attempts
        }
    }

    /// Whether each person is one case: nearly all begin with the same, and it comes once. Silences say nothing then.
    private static func areCases(_ persons: [[SampledEvents.Event]], _ field: SampledEvents.Place) -> Bool {
        var firsts: [String: Int] = [:]
        for person in persons { if let text = person[0].text(field) { firsts[text, default: 0] += 1 } }
        guard let most = firsts.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }), 5 * most.value >= 4 * persons.count else {
            return false
        }
        let all = persons.reduce(0) { $0 + $1.count { $0.text(field) == most.key } }
        return 10 * all <= 12 * persons.count
    }
}

/// What attempts end with: told by words, by being last, and by coming once and late.
struct EndSearch {
    /// The likeliest goal first.
    let candidates: [(candidate: JourneyGuess.Candidate, isFailure: Bool)]

    private struct Sums {
        var attempts = 0
        var occurrences = 0
        var first = 0
        var last = 0
        /// Of its first occurrence, 0 at the beginning and 1 at the end.
        var place = 0.0
    }

    init(_ attempts: [[SampledEvents.Event]]) {
        let several = attempts.filter { $0.count > 1 }
        let counted = several.count >= 3 ? several : attempts
        candidates = SampledEvents.Place.allCases.flatMap { Self.candidates(counted, $0) }
            .sorted {
                $0.candidate.score != $1.candidate.score
                    ? $0.candidate.score > $1.candidate.score
                    : $0.candidate.moment.texts[0].utf8.lexicographicallyPrecedes($1.candidate.moment.texts[0].utf8)
            }
    }

    private static func candidates(_ attempts: [[SampledEvents.Event]], _ field: SampledEvents.Place)
        -> [(candidate: JourneyGuess.Candidate, isFailure: Bool)]
    {
        var sums: [String: Sums] = [:]
        for events in attempts {
            var seen: Set<String> = []
            for (place, event) in events.enumerated() {
                // What is only sent to customers comes of what they did.
                guard !event.isSent, let text = event.text(field) else { continue }
                sums[text, default: Sums()].occurrences += 1
                guard seen.insert(text).inserted else { continue }
                sums[text]!.attempts += 1
                sums[text]!.place += events.count > 1 ? Double(place) / Double(events.count - 1) : 0.5
            }
            if let text = events.first(where: { !$0.isSent })?.text(field) { sums[text]!.first += 1 }
            if let text = events.last(where: { !$0.isSent })?.text(field) { sums[text]!.last += 1 }
        }
        let all = sums.values.reduce(0) { $0 + $1.occurrences }
        // A word that several have is what all of it is about, and no end.
        let words = Dictionary(sums.keys.compactMap { OutcomeWords.goal($0)?.word }.map { ($0, 1) }, uniquingKeysWith: +)
        let least = max(1, min(3, attempts.count / 50), attempts.count / 200)
        return sums.compactMap { text, sum in
            guard sum.attempts >= least, text.utf8.count <= 200, !Secrets.isSecret(text) else { return nil }
            // What all events say, such as `complete`, is no end of anything.
            guard sums.count > 1, 10 * sum.occurrences < 9 * all else { return nil }
            let count = Double(sum.attempts)
            let support = count / Double(attempts.count)
            // An outcome is of some event; which one matters, so places come first.
            let weight = field == .touchpoint ? 1.0 : field == .action ? 0.95 : 0.6
            let goal = OutcomeWords.goal(text).map { $0.weight * (words[$0.word]! > 2 ? 0.3 : 1) } ?? 0
            var score = 1.5 * goal + 1.6 * Double(sum.last) / count + 0.6 * sum.place / count
            score += 0.3 * count / Double(sum.occurrences) + 1.2 * support.squareRoot() - Double(sum.first) / count
            let candidate = JourneyGuess.Candidate(
                moment: .init(field: field, texts: [text]), score: weight * score, attempts: sum.attempts, last: sum.last)
            return (candidate, OutcomeWords.isFailure(text))
        }
    }
}

/// What attempts begin with.
struct Entries {
    /// The most frequent first.
    private let firsts: [(text: String, count: Int)]
    private let all: Int

    private static let mostMax = 4

    init(_ attempts: [[SampledEvents.Event]], _ field: SampledEvents.Place) {
        var counts: [String: Int] = [:]
        // What is sent to customers, or done for them, is no beginning of theirs; but some logs have nothing else.
        let areCustomers = attempts.contains { $0.contains(where: \.isCustomers) }
        for events in attempts {
            guard let text = (areCustomers ? events.first(where: \.isCustomers) : events[0])?.text(field) else { continue }
            counts[text, default: 0] += 1
        }
        firsts = counts.sorted { $0.value != $1.value ? $0.value > $1.value : $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
            .map { ($0.key, $0.value) }
        all = counts.values.reduce(0, +)
    }

    /// Those with which most begin; nil where they begin anywhere.
    func chosen(besides ends: [JourneyGuess.Moment]) -> [String]? {
        let isEnd = { (text: String) in ends.contains { $0.texts.contains(text) } || Secrets.isSecret(text) || text.utf8.count > 200 }
        var (chosen, count): ([String], Int) = ([], 0)
        for first in firsts where !isEnd(first.text) && 7 * first.count >= all {
            chosen.append(first.text)
            count += first.count
            if 5 * count >= 4 * all || chosen.count == Self.mostMax { break }
        }
        return chosen.isEmpty || 2 * count < all ? nil : chosen
    }
}

/// The moments that most ways to the goal have, in the order that most of them take.
struct StepOrder {
    let labels: [String]
    /// Of pairs of these on the ways, the share that comes in this order.
    let agreement: Double

    init(
        _ ways: [[SampledEvents.Event]], _ field: SampledEvents.Place, besides ends: [JourneyGuess.Moment], failures: Set<String>,
        max most: Int, shareMin: Double
    ) {
        var counts: [String: Int] = [:]
        let orders = ways.map { events -> [String] in
            var seen: Set<String> = []
            let labels = events.compactMap { $0.isSent ? nil : $0.text(field) }.filter { seen.insert($0).inserted }
            for label in labels { counts[label, default: 0] += 1 }
            return labels
        }
        func isUsable(_ label: String) -> Bool {
            !ends.contains { $0.field == field && $0.texts.contains(label) } && !failures.contains(label) && !Secrets.isSecret(label)
                && label.utf8.count <= 200
        }
        let frequent = counts.filter { isUsable($0.key) }.sorted {
            $0.value != $1.value ? $0.value > $1.value : $0.key.utf8.lexicographicallyPrecedes($1.key.utf8)
        }
        let often = frequent.filter { Double($0.value) >= shareMin * Double(ways.count) }
        let chosen = (often.count >= 2 ? often : Array(frequent.prefix(3))).prefix(most).map(\.key)
        var before: [[String]: Int] = [:]
        for order in orders {
            let found = order.filter { chosen.contains($0) }
            for (place, first) in found.enumerated() { for second in found[(place + 1)...] { before[[first, second], default: 0] += 1 } }
        }
        // By how many others each comes before more often than behind.
        let wins = Dictionary(
            uniqueKeysWithValues: chosen.map { one in
                (one, chosen.count { other in other != one && (before[[one, other]] ?? 0) > (before[[other, one]] ?? 0) })
            })
        let ordered = chosen.enumerated().sorted { (wins[$0.element]!, $1.offset) > (wins[$1.element]!, $0.offset) }.map(\.element)
        var (right, pairs) = (0, 0)
        for (place, first) in ordered.enumerated() {
            for second in ordered[(place + 1)...] {
                right += before[[first, second]] ?? 0
                pairs += (before[[first, second]] ?? 0) + (before[[second, first]] ?? 0)
            }
        }
        labels = ordered
        agreement = pairs == 0 ? 1 : Double(right) / Double(pairs)
    }
}
