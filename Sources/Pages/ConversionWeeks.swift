import Drawings
import Events
import Tables

/// How journeys of a type convert by the week in which they began, Monday to Sunday in the pipeline's zone.
struct ConversionWeeks {
    struct Week {
        /// Its Monday, or the first day of the log.
        var first: String
        var started: Int64 = 0
        var mature: Share
        /// Some of its journeys are too young.
        var isYoung: Bool { started > mature.whole }
    }

    private(set) var all: [Week] = []
    private static let weeksMax = 60

    /// - Parameter days: rows of journeys by day.
    init(_ days: [PageRow]) {
        var last: Int?
        for day in days {
            guard let number = Self.week(ofDay: day.text("day")) else { continue }
            if last != number {
                all.append(Week(first: day.text("day"), mature: Share(0, of: 0)))
                last = number
            }
            all[all.count - 1].started += day.count("started")
            all[all.count - 1].mature += day.share("converted", of: "mature")
        }
        if all.count > Self.weeksMax { all.removeFirst(all.count - Self.weeksMax) }
    }

    /// Weeks since the Monday before 1970; nil where it is no date.
    static func week(ofDay text: String) -> Int? {
        let parts = text.split(separator: "-").compactMap { Int($0) }
        guard parts.count == 3 else { return nil }
        let day = CivilDate.days(year: parts[0], month: parts[1], day: parts[2])
        // 1970-01-01 was a Thursday.
        return Int((Double(day + 3) / 7).rounded(.down))
    }

    var about: String {
        "Conversion by the week in which journeys began, with 95 % intervals. Striped: some of the week's journeys are too young to be judged."
    }

    func figure(_ journey: String, _ tables: PageTables, _ models: PageModels) -> Model {
        let known = all.filter { !$0.isYoung }.compactMap { week in week.mature.rate.map { (week.first, $0) } }
        let takeaway: String
        if let low = known.min(by: { $0.1 < $1.1 }), let high = known.max(by: { $0.1 < $1.1 }) {
            takeaway =
                "Weeks that can be judged convert between \(PageWords.percent(low.1)) (from \(low.0)) and \(PageWords.percent(high.1)) (from \(high.0))."
        } else {
            takeaway = "No week can be judged yet."
        }
        let top = max(0.05, (all.compactMap { $0.mature.interval?.high }.max() ?? 1) * 1.05)
        let columns = all.map { week in
            Columns.Column(
                height: (week.mature.rate ?? 0) / top, interval: week.mature.interval.map { ($0.low / top, $0.high / top) },
                fill: week.isYoung ? .hatched : .neutral)
        }
        let rows: [Model] = all.map { week in
            let cells: [(String, Bool)] = [
                (week.first, false), (PageWords.count(week.started), true), (PageWords.count(week.mature.whole), true),
                (PageWords.count(week.mature.part), true), (week.mature.rate.map { PageWords.percent($0) } ?? "", true),
                (week.mature.interval.map { PageWords.interval($0) } ?? "", true), (week.isYoung ? "no" : "yes", false),
            ]
            return [
                "cells": cells.enumerated().map { ["text": $0.element.0, "number": $0.element.1, "heading": $0.offset == 0] as Model }
            ]
        }
        let head = ["Week from", "Began", "Mature", "Converted", "Conversion", "95 % interval", "All mature"]
        let table: Model = [
            "caption": "Conversion of \(PageWords.name(journey)) by week",
            "head": head.enumerated().map { ["text": $0.element, "number": $0.offset > 0 && $0.offset < 6] as Model }, "rows": rows,
            "isEmpty": rows.isEmpty,
            "definitions": ["mature", "converted"].map { ["name": $0, "text": tables["journeys"].definition($0)] as Model },
            "hasDefinitions": true, "hasFile": true, "file": "metrics.sqlite", "hasMore": false, "more": "",
        ]
        return models.figure("Conversion of \(journey) by week", takeaway: takeaway, table) {
            Columns(
                columns, ends: (all.first?.first ?? "", all.last?.first ?? ""), top: PageWords.percent(top)
            ).draw(&$0)
        }
    }
}
