import Drawings
import Pages

/// A comparison as a page of its own, in the style of report.html. The same tables give the same bytes.
package enum ComparisonPage {
    /// How many rows tables and the picture have: less, until the page is small enough.
    private static let limits: [(rows: Int, bars: Int)] = [(200, 30), (60, 20), (20, 10), (8, 5)]

    /// - Parameter warnings: why figures may not mean what they seem to.
    /// - Returns: the page in UTF-8.
    package static func html(_ comparison: Comparison, warnings: [String], version: String) throws -> [UInt8] {
        var bytes: [UInt8] = []
        for limit in limits {
            bytes = try PageLibrary.html(.comparison, model(comparison, warnings, version, limit))
            if bytes.count <= PageLibrary.bytesMax { break }
        }
        return bytes
    }

    private static func model(_ comparison: Comparison, _ warnings: [String], _ version: String, _ limit: (rows: Int, bars: Int)) -> Model {
        let changed = comparison.figures(.changed)
        let only = comparison.onlyWords
        let rest = rest(comparison, limit.rows)
        let notes = warnings + comparison.leftOut
        let pipeline = comparison.b.facts.pipeline.isEmpty ? comparison.a.facts.pipeline : comparison.b.facts.pipeline
        return [
            "pipeline": PageWords.cell(pipeline), "version": version, "patterns": Picture.patterns, "summary": comparison.summary,
            "caution": Comparison.caution,
            "sides": [("A", comparison.a), ("B", comparison.b)].map {
                ["letter": $0.0, "text": comparison.sideWords($0.1)] as Model
            },
            "warnings": texts(notes, limit.rows), "hasWarnings": !notes.isEmpty, "changedWords": changedWords(comparison, changed),
            "hasFigure": !changed.isEmpty, "figure": changed.isEmpty ? [:] : figure(changed, limit),
            "only": texts(only, limit.rows), "hasOnly": !only.isEmpty, "volumes": [volumes(comparison, limit.rows)],
            "hasVolumes": !comparison.volumes.isEmpty, "rest": rest, "hasRest": !rest.isEmpty,
            "restWords": comparison.restWords.joined(separator: " "), "meanings": meanings,
        ]
    }

    private static func texts(_ texts: [String], _ most: Int) -> [Model] {
        let shown: [Model] = texts.prefix(most).map { ["text": $0] }
        return texts.count > most ? shown + [["text": "and \(texts.count - most) more"]] : shown
    }

    private static func changedWords(_ comparison: Comparison, _ changed: [Figure]) -> String {
        guard !changed.isEmpty else {
            return comparison.isTheSame ? "Nothing." : "No figure lies further from what it was than chance would bring."
        }
        let worse = changed.count(where: \.isWorse)
        return
            "\(worse) for the worse, \(changed.count - worse) for the better. Points are those of a percentage: from 30 % to 34 % is +4.0."
    }

    // MARK: Tables

    /// - Parameter isOfOneKind: then no column says which.
    private static func table(_ caption: String, _ figures: [Figure], _ most: Int, isOfOneKind: Bool = false) -> Model {
        let head = [
            ("What", false), ("Where", false), ("Name", false), ("A", true), ("B", true), ("Difference in points", true),
            ("95 % interval", true), ("q", true), ("Which is", false),
        ]
        let rows = figures.prefix(most).map {
            [
                $0.kind.words, $0.name.place, $0.name.detail, $0.aWords, $0.bWords, $0.differenceWords, $0.intervalWords, $0.qWords,
                $0.stateWords,
            ]
        }
        let first = isOfOneKind ? 1 : 0
        return PageLibrary.table(
            caption, head: Array(head[first...]), rows: rows.map { Array($0[first...]) },
            more: figures.count > most ? "and \(figures.count - most) more; all are in the CSV of `sojourn diff --csv`" : "")
    }

    private static func volumes(_ comparison: Comparison, _ most: Int) -> Model {
        func days(_ side: ComparedSide) -> String { side.span.map { " (\($0.days) day\($0.days == 1 ? "" : "s"))" } ?? "" }
        return PageLibrary.table(
            "Journeys that began",
            head: [("Journey", false), ("In A" + days(comparison.a), true), ("In B" + days(comparison.b), true)],
            rows: comparison.volumes.prefix(most).map {
                [
                    PageWords.cell($0.journey), $0.a.map { PageWords.count($0) } ?? "not there",
                    $0.b.map { PageWords.count($0) } ?? "not there",
                ]
            }, more: comparison.volumes.count > most ? "and \(comparison.volumes.count - most) more" : "")
    }

    private static func rest(_ comparison: Comparison, _ most: Int) -> [Model] {
        FigureKind.allCases.compactMap { kind in
            let figures = comparison.figures.filter {
                $0.kind == kind && [.unclear, .few, .untested, .unknown].contains($0.state)
            }
            guard !figures.isEmpty else { return nil }
            return [
                "title": kind.counted(figures.count), "about": "Compared: \(kind.meaning).",
                "table": table("Without a clear change: \(kind.words)", figures, most, isOfOneKind: true),
            ]
        }
    }

    // MARK: The picture

    private static func figure(_ changed: [Figure], _ limit: (rows: Int, bars: Int)) -> Model {
        let rows = changed.prefix(limit.bars).compactMap { figure -> IntervalBars.Row? in
            guard let difference = figure.difference else { return nil }
            return IntervalBars.Row(
                label: figure.labelWords, text: "\(figure.differenceWords), \(figure.stateWords)", value: difference.difference,
                low: difference.low, high: difference.high, fill: figure.isWorse ? .loss : .neutral)
        }
        let most = changed.max { abs($0.difference?.difference ?? 0) < abs($1.difference?.difference ?? 0) }!  // there is one
        let takeaway =
            "Most of all: \(most.nameWords), \(most.aWords) in A and \(most.bWords) in B "
            + "(\(most.differenceWords) points; \(most.intervalWords))."
        var picture = Picture(title: "What changed, in points", description: takeaway)
        IntervalBars(Array(rows)).draw(&picture)
        return [
            "svg": picture.svg(id: "p1"), "takeaway": takeaway + " Red: worse; blue: better; lines are 95 % intervals.",
            "table": table("All that changed", changed, limit.rows),
        ]
    }

    // MARK: Words

    private static var meanings: [Model] {
        let words = FigureKind.allCases.map { ($0.words, "\($0.meaning.prefix(1).uppercased())\($0.meaning.dropFirst()).") }
        let others = [
            ("difference", "The share in B minus the share in A, in points of a percentage, with Newcombe's 95 % interval."),
            (
                "q",
                "The share of false alarms to be expected when every figure with this q or a smaller one is taken for a change "
                    + "(Benjamini and Hochberg, over all figures that are tested). A change has q ≤ 0.05."
            ),
            ("too few to tell", "The counts are too small for the test: fewer than 5 cases would be expected on a side."),
            ("mature", "Old enough to be judged: it began at least the type's horizon before the moment as of which the log is judged."),
        ]
        return (words + others).map { ["name": $0.0, "text": $0.1] }
    }
}
