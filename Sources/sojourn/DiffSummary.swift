import Comparisons
import Pages
import Tables
import Timelines

/// What `diff` says: in a sentence whether anything changed, then what did, what only one side has, how much there was on each, and how
/// many figures show no clear change.
struct DiffSummary {
    private let comparison: Comparison
    private let showsAll: Bool
    /// Of the terminal; nil: there is none.
    private let width: Int?

    init(_ comparison: Comparison, showsAll: Bool, width: Int?) {
        (self.comparison, self.showsAll, self.width) = (comparison, showsAll, width)
    }

    var lines: [StyledLine] {
        var lines = WrappedText.lines(
            [
                "A: \(comparison.sideWords(comparison.a))", "B: \(comparison.sideWords(comparison.b))", comparison.summary,
            ], width: width
        ).map { StyledLine($0) }
        for block in blocks where block.count > 1 {
            lines +=
                [StyledLine(), StyledLine(block[0], .strong)]
                + WrappedText.lines(Array(block.dropFirst()), width: width).map { StyledLine($0) }
        }
        let end = comparison.restWords + comparison.leftOut + [Comparison.caution]
        return lines + [StyledLine()] + WrappedText.lines(end, width: width).map { StyledLine($0) }
    }

    /// Each begins with its heading.
    private var blocks: [[String]] {
        let figures = showsAll ? comparison.figures.filter { $0.a != nil && $0.b != nil } : comparison.figures(.changed)
        return [
            [showsAll ? "All figures:" : "What changed:"] + table(figures),
            ["On one side only:"] + comparison.onlyWords.map { "  \(PageWords.withoutMarks($0))" }, ["Journeys that began:"] + volumes,
        ]
    }

    private func table(_ figures: [Figure]) -> [String] {
        guard !figures.isEmpty else { return [] }
        func texts(_ name: String, _ texts: [String]) -> SummaryTable.Column { .init(name, texts, isNumeric: false) }
        return SummaryTable([
            texts("what", figures.map(\.kind.words)), texts("where", figures.map(\.name.place)), texts("name", figures.map(\.name.detail)),
            .init("A", figures.map(\.aShareWords)), .init("B", figures.map(\.bShareWords)), .init("points", figures.map(\.differenceWords)),
            .init("95 % interval", figures.map(\.intervalWords), isOptional: true), .init("q", figures.map(\.qWords)),
            .init("of A", figures.map { $0.a.map { NumberText.grouped($0.whole) } ?? "" }, isOptional: true),
            .init("of B", figures.map { $0.b.map { NumberText.grouped($0.whole) } ?? "" }, isOptional: true),
            .init("which is", figures.map(\.stateWords), isNumeric: false, isOptional: true),
        ]).lines(width: width)
    }

    private var volumes: [String] {
        let volumes = comparison.volumes
        guard !volumes.isEmpty else { return [] }
        func counts(_ counts: [Int64?]) -> [String] { counts.map { $0.map { NumberText.grouped($0) } ?? "not there" } }
        return SummaryTable([
            .init("journey", volumes.map { PageWords.cell($0.journey) }, isNumeric: false), .init("in A", counts(volumes.map(\.a))),
            .init("in B", counts(volumes.map(\.b))),
        ]).lines(width: width)
    }
}
