import Pages
import Tables

extension Figure {
    package var aShareWords: String { Self.shareWords(a) }
    package var bShareWords: String { Self.shareWords(b) }

    private static func shareWords(_ share: Share?) -> String {
        guard let share else { return "not known" }
        return share.rate.map { PageWords.percent($0) } ?? "–"
    }

    /// `36.9 % of 857`
    var aWords: String { Self.words(a) }
    var bWords: String { Self.words(b) }

    private static func words(_ share: Share?) -> String {
        share.map { "\(shareWords($0)) of \(PageWords.count($0.whole))" } ?? shareWords(nil)
    }

    /// In points of a percentage: `+0.6`.
    package var differenceWords: String {
        // What is shown as 0 has no sign.
        difference.map { abs($0.difference) < 0.0005 ? "0.0" : PageWords.points($0.difference) } ?? ""
    }

    /// `−3.7 to +5.0`
    package var intervalWords: String {
        difference.map { "\(PageWords.points($0.low)) to \(PageWords.points($0.high))" } ?? ""
    }

    /// With three decimals; empty where it is not tested.
    package var qWords: String {
        guard let qValue else { return "" }
        if qValue < 0.001 { return "<0.001" }
        let thousandths = Int((qValue * 1000).rounded())
        let digits = String(thousandths % 1000)
        return "\(thousandths / 1000)." + String(repeating: "0", count: 3 - digits.count) + digits
    }

    /// Whether a difference goes where one does not want it.
    package var isWorse: Bool { difference.map { ($0.difference > 0) != kind.isBetterHigher } ?? false }

    package var stateWords: String {
        switch state {
        case .changed: isWorse ? "worse" : "better"
        case .unclear: difference?.difference == 0 ? "the same" : "no clear change"
        case .few: "too few to tell"
        case .untested: "not tested"
        case .onlyInA: "only in A"
        case .onlyInB: "only in B"
        case .unknown: "not known"
        }
    }

    /// For a picture, which has room for a few letters: `lost: payment`
    var labelWords: String {
        switch kind {
        case .conversion: "conversion: \(name.place)"
        case .stepLoss: "lost: \(name.detail)"
        case .stall: "stall: \(name.detail)"
        case .friction: name.detail
        case .repeatContact: "\(name.detail), \(name.place)"
        case .answer: "answers: \(name.place)"
        }
    }

    /// In a sentence: `lost at step payment in purchase`
    var nameWords: String {
        let (place, detail) = (name.place(PageWords.name), name.detail(PageWords.name))
        return switch kind {
        case .conversion: "\(kind.words) of \(place)"
        case .stepLoss, .friction: "\(kind.words) \(detail) in \(place)"
        case .stall: "\(kind.words) at \(detail) in \(place)"
        case .repeatContact: "\(kind.words), \(place), \(detail)"
        case .answer: "\(kind.words), \(place)"
        }
    }
}

extension Comparison {
    /// What only one side has, in sentences: a type of which it has nothing stands for all its figures.
    package var onlyWords: [String] {
        [("A", Figure.State.onlyInA), ("B", .onlyInB)].flatMap { letter, state -> [String] in
            let types = volumes.filter { (state == .onlyInA ? $0.b : $0.a) == nil }.map(\.journey)
            let others = figures(state).filter { figure in !types.contains { $0.utf8.elementsEqual(figure.name.journey.utf8) } }
            let names = types.map { "all of \(PageWords.name($0))" } + others.map(\.nameWords)
            let isCut = (state == .onlyInA ? b : a).facts.minCount != nil
            let other = letter == "A" ? "B" : "A"
            return names.map { "Only in \(letter): \($0)" + (isCut ? " (in \(other) perhaps left out: min_count)" : "") }
        }
    }

    /// `No clear change: 3 conversions, 12 losses at steps.` and what could not be told.
    package var restWords: [String] {
        [
            (Figure.State.unclear, "No clear change"), (.few, "Too few cases to tell"), (.untested, "Differ, not tested"),
            (.unknown, "Nothing to compare on one side"),
        ].compactMap { state, words in
            let found = figures(state)
            let counts = FigureKind.allCases.compactMap { kind in
                let count = found.count { $0.kind == kind }
                return count == 0 ? nil : kind.counted(count)
            }
            return counts.isEmpty ? nil : "\(words): \(counts.joined(separator: ", "))."
        }
    }

    /// What each side is: `retail, 2026-03-01 to 2026-03-31 (31 days), as of …`
    package func sideWords(_ side: ComparedSide) -> String {
        let span = side.span.map { "\($0) (\($0.days) day\($0.days == 1 ? "" : "s"))" } ?? "no journeys"
        let label = side.isPeriod ? "" : "\(PageWords.cell(side.label)): "
        let asOf = side.facts.asOf.isEmpty ? "" : ", as of \(PageWords.cell(side.facts.asOf))"
        return "\(label)\(PageWords.cell(side.facts.pipeline)), \(span)\(asOf)"
    }
}
