import Pages

extension Comparison {
    /// Why the figures may not mean what they seem to: each a sentence or two, for stderr and the page.
    package var warnings: [String] {
        (a.isPeriod && b.isPeriod ? [] : differentRuns) + sharedDays + [("A", a), ("B", b)].flatMap { young($0.0, $0.1) } + otherThresholds
    }

    /// What was not looked at.
    package var leftOut: [String] {
        guard a.isPeriod, b.isPeriod else { return [] }
        let missing = FigureKind.allCases.filter { !a.has($0) && !b.has($0) }
        return missing.isEmpty
            ? []
            : ["The database has no \(Self.list(missing.map(\.table))) by day: left out (\(missing.map(\.words).joined(separator: "; ")))."]
    }

    private static func list(_ words: [String]) -> String {
        words.count < 2 ? words.joined() : words.dropLast().joined(separator: ", ") + " and " + words[words.count - 1]
    }

    private var differentRuns: [String] {
        func text(_ number: Int64?) -> String { number.map { "\($0)" } ?? "none" }
        let facts: [(String, String, String)] = [
            ("pipeline", a.facts.pipeline, b.facts.pipeline), ("version of sojourn", a.facts.version, b.facts.version),
            ("time zone", a.facts.timezone, b.facts.timezone), ("min_count", text(a.facts.minCount), text(b.facts.minCount)),
            ("pipeline file", a.facts.pipelineHash, b.facts.pipelineHash),
        ]
        var warnings: [String] = []
        for (name, before, after) in facts where !before.utf8.elementsEqual(after.utf8) {
            // Nobody reads a checksum.
            let values = name == "pipeline file" ? "" : " (\(PageWords.name(before)) in A, \(PageWords.name(after)) in B)"
            warnings.append("A and B have another \(name)\(values): what seems to have changed may be how it was counted.")
        }
        return warnings
    }

    private var sharedDays: [String] {
        guard let shared = Self.sharedDays(a, b) else { return [] }
        if a.isPeriod, b.isPeriod {
            return ["A and B share \(shared): what happened then counts in both, so nothing is tested, and intervals do not hold."]
        }
        return [
            "A and B both have journeys that began \(shared). Where these are the same customers' they count in both, so nothing "
                + "is tested, and intervals do not hold."
        ]
    }

    /// What is too young to be judged. A run always ends with such days, so of a run only types are told that are mostly so.
    private func young(_ letter: String, _ side: ComparedSide) -> [String] {
        let types = side.isPeriod ? youngDays(side) : youngTypes(side)
        guard !types.isEmpty else { return [] }
        return [
            "\(letter): most of the journeys that began are too young to be judged: \(Self.list(types)). Conversion and losses speak of the "
                + "others, and frictions had less time to occur."
        ]
    }

    private func youngTypes(_ side: ComparedSide) -> [String] {
        side.journeys.filter(Self.isYoung).map {
            let (started, young) = ($0.count("started"), $0.count("started") - $0.count("mature"))
            return "\(PageWords.name($0.text("journey"))) (\(PageWords.count(young)) of \(PageWords.count(started)))"
        }
    }

    private func youngDays(_ side: ComparedSide) -> [String] {
        var types: [(journey: String, days: [String], total: Int)] = []
        for row in side.journeys where row.count("started") > 0 {
            let journey = row.text("journey")
            let place = types.firstIndex { $0.journey.utf8.elementsEqual(journey.utf8) } ?? types.count
            if place == types.count { types.append((journey, [], 0)) }
            types[place].total += 1
            if Self.isYoung(row) { types[place].days.append(row.text("day")) }
        }
        return types.filter { !$0.days.isEmpty }.sorted { $0.journey.utf8.lexicographicallyPrecedes($1.journey.utf8) }.map { type in
            let (first, last) = (type.days.min()!, type.days.max()!)  // there is one
            return "\(PageWords.name(type.journey)) on \(type.days.count) of \(type.total) days (\(first) to \(last))"
        }
    }

    private static func isYoung(_ row: PageRow) -> Bool { row.count("mature") * 2 < row.count("started") }

    /// Two runs learn thresholds each from its own log.
    private var otherThresholds: [String] {
        let (before, after) = (a.thresholds, b.thresholds)
        let others = figures.filter { figure in
            figure.kind == .stall && figure.difference != nil && before[figure.name.key] != after[figure.name.key]
        }
        guard !others.isEmpty else { return [] }
        let names = others.prefix(3).map { "\(PageWords.name($0.name.name)) in \(PageWords.name($0.name.journey))" }
        let rest = others.count - names.count
        return [
            "At \(others.count) step\(others.count == 1 ? "" : "s") (\(names.joined(separator: ", "))\(rest > 0 ? " and \(rest) more" : "")) visits "
                + "stall beyond another time in B than in A, as it is learned from each log or was set anew: their stall rates are of "
                + "different things. An sla of the step sets one for both."
        ]
    }

    /// Of a period that reaches where the database has nothing.
    /// - Parameter span: the first and the last day of the database.
    /// Throws `ComparisonError` where it has nothing of it.
    package static func outside(_ period: Period, letter: String, span: (first: String, last: String)?) throws(ComparisonError) -> [String]
    {
        guard let span, let first = Period.day(span.first), let last = Period.day(span.last) else { return [] }
        let all = Period(first: first, last: last)
        guard !all.holds(period) else { return [] }
        guard let shared = all.shared(with: period) else {
            throw .usage("\(letter): the database has no day of \(period); its days are \(all)")
        }
        return ["\(letter): of \(period) the database has only \(shared); its days are \(all)."]
    }
}
