/// Journeys of one type set side by side by the texts of one field.
struct NaiveSegments {
    private(set) var segments: [NaiveRow] = []
    private(set) var steps: [NaiveRow] = []
    private(set) var frictions: [NaiveRow] = []

    private let type: NaiveJourneyType
    private let dimension: NaiveDimension
    /// The segment of each journey.
    private var names: [ExactText]
    /// The funnel's level of each journey.
    private let levels: [Int]

    private static let none: ExactText = "(none)"
    private static let other: ExactText = "(other)"
    /// So many segments keep their names.
    private static let named = 50

    init(_ type: NaiveJourneyType, _ dimension: NaiveDimension) {
        self.type = type
        self.dimension = dimension
        levels = type.journeys.map { NaiveFunnel.best(type.rules, $0).level }
        names = type.journeys.map { journey in
            // The first event that has a text, wherever in the journey.
            journey.events.lazy.compactMap { NaiveFrictions.partitionValue(dimension.field, $0) }.first { !$0.bytes.isEmpty } ?? Self.none
        }
        let bySize = Dictionary(grouping: names) { $0 }.sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }.map(\.key)
        let kept = Set(bySize.prefix(Self.named))
        names = names.map { kept.contains($0) ? $0 : Self.other }
        for segment in Set(names).sorted() { add(segment) }
    }

    private mutating func add(_ segment: ExactText) {
        let mine = names.indices.filter { names[$0] == segment }
        // What has no segment is compared with nothing, and nothing with it.
        let rest = segment == Self.none ? [] : names.indices.filter { names[$0] != segment && names[$0] != Self.none }
        let key: NaiveRow = [
            "journey": .text(type.rules.name), "dimension": .text(dimension.name), "segment": .text(segment.description),
        ]
        let journeys = mine.map { type.journeys[$0] }
        let others = rest.map { type.journeys[$0] }
        let (mature, converted) = (type.mature(journeys), type.converted(journeys))
        var row: NaiveRow = key + ["started": .integer(mine.count), "mature": .integer(mature), "converted": .integer(converted)]
        row = row + NaiveRow.rate("conversion_rate", converted, of: mature)
        row = row + Self.comparison("rest_rate", converted, of: mature, type.converted(others), of: type.mature(others))
        let withFriction = Set(type.occurrences.joined().map(\.journey))
        segments.append(
            row + [
                "customers": .integer(segment == Self.other ? nil : Set(journeys.map(\.person)).count),
                "with_friction": .integer(withFriction.intersection(mine).count),
            ])
        addSteps(key, mine, rest)
        addFrictions(key, mine, rest)
    }

    /// All the funnel's steps but the last.
    private mutating func addSteps(_ key: NaiveRow, _ mine: [Int], _ rest: [Int]) {
        for (place, step) in type.rules.steps.filter(\.inFunnel).dropLast().enumerated() {
            func losses(_ journeys: [Int]) -> (lost: Int, mature: Int) {
                let reached = journeys.filter { levels[$0] > place && type.isMature(type.journeys[$0]) }
                let lost = reached.filter { levels[$0] == place + 1 && [.failed, .abandoned].contains(type.journeys[$0].status) }
                return (lost.count, reached.count)
            }
            let (here, there) = (losses(mine), losses(rest))
            steps.append(
                key + [
                    "step_index": .integer(place + 1), "step": .text(step.name), "mature": .integer(here.mature),
                    "lost": .integer(here.lost), "lost_rate": .ratio(NaiveStatistics.ratio(here.lost, here.mature)),
                ] + Self.comparison("rest_rate", here.lost, of: here.mature, there.lost, of: there.mature))
        }
    }

    private mutating func addFrictions(_ key: NaiveRow, _ mine: [Int], _ rest: [Int]) {
        for (rules, occurrences) in zip(type.pipeline.frictions, type.occurrences) {
            let with = Set(occurrences.map(\.journey))
            let (here, there) = (with.intersection(mine).count, with.intersection(rest).count)
            guard here > 0 else { continue }
            frictions.append(
                key + [
                    "friction": .text(rules.name), "journeys": .integer(here),
                    "share": .ratio(NaiveStatistics.ratio(here, mine.count)),
                ] + Self.comparison("rest_share", here, of: mine.count, there, of: rest.count))
        }
    }

    /// A segment's share beside that of the rest.
    private static func comparison(_ name: String, _ part: Int, of whole: Int, _ restPart: Int, of restWhole: Int) -> NaiveRow {
        let interval = NaiveStatistics.newcombe95(part, of: whole, restPart, of: restWhole)
        let (share, rest) = (NaiveStatistics.ratio(part, whole), NaiveStatistics.ratio(restPart, restWhole))
        return [
            name: .ratio(rest), "difference": .ratio(share.flatMap { share in rest.map { share - $0 } }),
            "difference_low": .ratio(interval?.low), "difference_high": .ratio(interval?.high),
            "p_value": .ratio(NaiveStatistics.twoSidedP(part, whole, against: restPart, restWhole)), "q_value": .ratio(nil),
        ]
    }
}
