import Pages
import Tables

/// Whether anything changed between two sides: every share that both have, side by side.
package struct Comparison: Sendable {
    package let a: ComparedSide
    package let b: ComparedSide
    /// By kind, then journey type, then place or name.
    package let figures: [Figure]
    /// How many journeys began, by type: facts that nothing is tested of.
    package let volumes: [Volume]

    package struct Volume: Sendable {
        package let journey: String
        /// nil: there is no such type.
        package let a: Int64?
        package let b: Int64?
    }

    package init(_ a: ComparedSide, _ b: ComparedSide) {
        (self.a, self.b) = (a, b)
        let isTested = Self.sharedDays(a, b) == nil
        var figures = FigureKind.allCases.flatMap { Self.figures($0, a, b, isTested: isTested) }
        // What has no p-value is no test and does not count among them.
        for (place, q) in Statistics.qValues(figures.map(\.pValue)).enumerated() { figures[place].qValue = q }
        self.figures = figures
        let (before, after) = (a.started, b.started)
        let types = before.merging(after) { first, _ in first }.sorted { FigureName.Key.isBefore(($0.key, 0), ($1.key, 0)) }
        volumes = types.map { Volume(journey: $0.value.journey, a: before[$0.key]?.count, b: after[$0.key]?.count) }
    }

    /// Days on which journeys of both sides began; nil: there is none.
    static func sharedDays(_ a: ComparedSide, _ b: ComparedSide) -> Period? {
        a.span.flatMap { before in b.span.flatMap { before.shared(with: $0) } }
    }

    private static func figures(_ kind: FigureKind, _ a: ComparedSide, _ b: ComparedSide, isTested: Bool) -> [Figure] {
        var (before, after) = (a.entries(kind), b.entries(kind))
        if kind == .friction, a.isPeriod, b.isPeriod {
            fill(&before, from: after, started: a.started)
            fill(&after, from: before, started: b.started)
        }
        let all = before.merging(after) { first, _ in first }.sorted {
            FigureName.Key.isBefore(($0.key, $0.value.place), ($1.key, $1.value.place))
        }
        return all.map { Figure(kind, $0.value.name, a: before[$0.key], b: after[$0.key], isTested: isTested) }.filter { figure in
            // The last step loses nobody, and what neither side could measure says nothing.
            figure.a != nil || figure.b != nil
        }
    }

    /// Frictions by day have rows only of days on which something was found. A rule that found something on one day of a database was
    /// looked for on all of them, so that without a row no journey of the period has it.
    private static func fill(
        _ side: inout [FigureName.Key: ComparedSide.Entry], from other: [FigureName.Key: ComparedSide.Entry],
        started: [FigureName.Key: (journey: String, count: Int64)]
    ) {
        for (key, entry) in other where side[key] == nil && entry.share != nil {
            guard let count = started[FigureName(type: entry.name.journey).key]?.count else { continue }
            side[key] = .init(name: entry.name, place: entry.place, share: Share(0, of: count))
        }
    }

    // MARK: What it comes to

    package func figures(_ state: Figure.State) -> [Figure] { figures.filter { $0.state == state } }

    /// Those that could be compared: changed, or without a clear change.
    package var compared: Int { figures.count { $0.state == .changed || $0.state == .unclear } }

    /// Whether each figure and each volume is the same on both sides.
    package var isTheSame: Bool {
        figures.allSatisfy { $0.a == $0.b && $0.state != .onlyInA && $0.state != .onlyInB } && volumes.allSatisfy { $0.a == $0.b }
    }

    package var summary: String {
        if isTheSame, !figures.isEmpty { return "Nothing differs: all \(figures.count) figures are the same." }
        let changed = figures(.changed).count
        let untested = figures(.untested).count
        guard untested == 0 else {
            return "\(untested) of \(figures.count) figures differ. None is tested: A and B share days, and may have the same journeys."
        }
        guard compared > 0 else { return "No figure could be compared." }
        let count = changed == 0 ? "None" : "\(changed)"
        return "\(count) of \(compared) figure\(compared == 1 ? "" : "s") changed beyond chance (q ≤ 0.05)."
    }

    package static let caution =
        "Association, not proof: two times or two logs differ in more than one thing, and nothing here says why."
}
