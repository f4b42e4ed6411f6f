import Events
import Journeys
import Tables

/// What is marked in a picture: numbered matches, lettered stalls.
struct TimelineMarks {
    struct Match {
        let sign: String
        /// Index in the trace.
        let match: Int
        /// Those looked at for which it counts.
        let journeys: [Int]
    }

    struct Stall {
        enum Kind: String { case slow, stopped, idle }

        let sign: String
        let kind: Kind
        let journey: Int
        /// Among the journey's visits.
        let visit: Int
        let threshold: StallThreshold?
    }

    struct Label {
        let text: String
        let style: StyledLine.Style
    }

    let matches: [Match]
    let stalls: [Stall]
    /// By event.
    let labels: [Int: [Label]]

    init(_ timeline: Timeline) {
        let trace = timeline.trace
        matches = Self.matches(timeline)
        stalls = Self.stalls(timeline)
        var labels: [Int: [Label]] = [:]
        for match in matches {
            let rule = timeline.pipeline.frictions[trace.matches[match.match].rule]
            for (place, bound) in trace.matches[match.match].bound.enumerated() {
                // The rule is named where the match begins; from there on the sign stands for it.
                let name = (place == 0 ? "\(rule.name): " : "") + rule.variables[bound.variable].name
                let text = ShownText.clean("\(match.sign) \(name)")
                labels[bound.event, default: []].append(Label(text: text, style: .friction))
            }
        }
        for stall in stalls {
            let visit = trace.journeys[stall.journey].visits[stall.visit]
            let text = ShownText.clean(
                "\(stall.sign) \(timeline.step(visit.step, ofJourney: stall.journey).name): \(Self.words(stall.kind, visit.end, timeline.age(of: visit)))"
            )
            labels[visit.event, default: []].append(Label(text: text, style: .stall))
        }
        self.labels = labels
    }

    private static func words(_ kind: Stall.Kind, _ end: VisitEnd, _ age: Microseconds) -> String {
        switch end {
        case .progressed(let dwell), .goal(let dwell): "\(kind.rawValue), \(TimeWords.rough(dwell))"
        case .open: "\(kind.rawValue), \(TimeWords.rough(age))"
        case .stopped: kind.rawValue
        }
    }

    /// In the order of the trace, which is that of their first events.
    private static func matches(_ timeline: Timeline) -> [Match] {
        var journeys: [Int: [Int]] = [:]
        for journey in timeline.journeys {
            for match in timeline.trace.journeys[journey].matches { journeys[match, default: []].append(journey) }
        }
        return journeys.keys.sorted().enumerated().map { place, match in
            Match(sign: number(place), match: match, journeys: journeys[match]!)
        }
    }

    /// pipelines/rules.md, 9: of judged visits those beyond the threshold, or left for good.
    private static func stalls(_ timeline: Timeline) -> [Stall] {
        var found: [(event: Int, journey: Int, visit: Int, kind: Stall.Kind, threshold: StallThreshold?)] = []
        for journey in timeline.journeys {
            let traced = timeline.trace.journeys[journey]
            let type = timeline.pipeline.journeys[traced.type]
            for (place, visit) in traced.visits.enumerated() where timeline.age(of: visit) >= type.judgedAge(ofStep: visit.step) {
                let threshold = timeline.thresholds[traced.type][visit.step]
                let kind: Stall.Kind? =
                    switch visit.end {
                    case .progressed(let dwell), .goal(let dwell): threshold?.isExceeded(by: dwell) == true ? .slow : nil
                    case .stopped: .stopped
                    case .open: threshold?.isExceeded(by: timeline.age(of: visit)) == true ? .idle : nil
                    }
                if let kind { found.append((visit.event, journey, place, kind, threshold)) }
            }
        }
        found.sort { ($0.event, $0.journey) < ($1.event, $1.journey) }
        return found.enumerated().map { place, stall in
            Stall(sign: letter(place), kind: stall.kind, journey: stall.journey, visit: stall.visit, threshold: stall.threshold)
        }
    }

    // MARK: Signs

    /// ① to ⑳, then (21).
    private static func number(_ place: Int) -> String {
        place < 20 ? String(Unicode.Scalar(UInt32(0x2460 + place))!) : "(\(place + 1))"
    }

    /// Ⓐ to Ⓩ, then (AA).
    private static func letter(_ place: Int) -> String {
        guard place >= 26 else { return String(Unicode.Scalar(UInt32(0x24B6 + place))!) }
        var (rest, letters) = (place, "")
        while rest >= 0 {
            letters = String(Unicode.Scalar(UInt8(65 + rest % 26))) + letters
            rest = rest / 26 - 1
        }
        return "(\(letters))"
    }
}
