import Foundation

/// How soon customers get what they came for, where some go away and some are still under way.
enum NaiveTimeToValue {
    static func rows(_ type: NaiveJourneyType) -> [NaiveRow] {
        let condition = type.rules.valueWhen.map(NaiveExpression.init)
        let course = NaiveCourse(type.journeys.map { end($0, type, condition) })
        let started = type.journeys.count
        let shares = ["1d", "7d", "30d", "90d"].map { name -> NaiveRow in
            let time = NaiveDuration.microseconds(name)
            let isTold = started > 0 && course.isTold(by: time)
            return .metric(
                "time_to_value", type.rules.name, name, unit: "share", .ratio(isTold ? course.share(by: time) : nil),
                numerator: started == 0 ? .nothing : .ratio(Double(course.count(by: time))), of: started,
                isTold ? course.interval(by: time) : nil, hasReason: !isTold)
        }
        let median = course.median()
        return shares + [
            .metric(
                "time_to_value", type.rules.name, "median", unit: "seconds", .duration(median), numerator: .ratio(nil), of: started,
                hasReason: median == nil)
        ]
    }

    /// What became of a journey, and how long after its start.
    private static func end(_ journey: NaiveJourney, _ type: NaiveJourneyType, _ condition: NaiveExpression?) -> NaiveCourse.End {
        let (first, last) = (journey.events[0], journey.events[journey.events.count - 1])
        let value =
            if let condition {
                type.eventsWithSteps(journey).first(where: condition.matches)
            } else {
                journey.status == .completed ? last : nil
            }
        if let value { return .init(time: value.time - first.time, kind: .value) }
        switch journey.status {
        case .completed, .failed: return .init(time: last.time - first.time, kind: .other)
        case .abandoned:
            let silence = last.time + type.rules.inactivity
            let end = type.rules.maxLength.map { min(silence, first.time + $0) } ?? silence
            return .init(time: end - first.time, kind: .other)
        case .open: return .init(time: max(0, type.asOf - first.time), kind: .unknown)
        }
    }
}

/// Aalen and Johansen's estimate of how many have got there by when, with the variance of Marubini and Valsecchi (delta method). Times
/// are known by their buckets.
struct NaiveCourse {
    struct End {
        enum Kind { case value, other, unknown }

        /// From the start.
        var time: Int64
        var kind: Kind
    }

    /// All that happens in one bucket.
    private struct Moment {
        var bucket: Range<Int64>
        /// Those to whom nothing has happened before.
        var atRisk: Double
        var value: Double
        var ended: Double
        /// Share to whom nothing has happened just before, and after.
        var leftBefore: Double
        var leftAfter: Double
        /// Share that has got there after it.
        var share: Double
    }

    private let ends: [End]
    private var moments: [Moment] = []

    init(_ ends: [End]) {
        self.ends = ends
        var (left, share) = (1.0, 0.0)
        for bucket in Set(ends.map { NaiveStatistics.bucket($0.time) }).sorted(by: { $0.lowerBound < $1.lowerBound }) {
            // Whoever leaves unseen in the same bucket was there when the others ended.
            let atRisk = ends.filter { $0.time >= bucket.lowerBound }.count
            let here = ends.filter { bucket.contains($0.time) }
            let value = here.filter { $0.kind == .value }.count
            let ended = here.filter { $0.kind != .unknown }.count
            share += left * Double(value) / Double(atRisk)
            let after = ended == atRisk ? 0 : left * (1 - Double(ended) / Double(atRisk))
            moments.append(
                Moment(
                    bucket: bucket, atRisk: Double(atRisk), value: Double(value), ended: Double(ended), leftBefore: left, leftAfter: after,
                    share: share))
            left = after
        }
    }

    /// The bucket of the time itself included.
    private func moments(by time: Int64) -> [Moment] {
        moments.filter { $0.bucket.lowerBound <= NaiveStatistics.bucket(time).lowerBound }
    }

    private func ends(by time: Int64) -> [End] { ends.filter { $0.time < NaiveStatistics.bucket(time).upperBound } }

    func count(by time: Int64) -> Int { ends(by: time).filter { $0.kind == .value }.count }

    func share(by time: Int64) -> Double { moments(by: time).last?.share ?? 0 }

    /// Behind the last thing seen nobody knows what became of those that are left.
    func isTold(by time: Int64) -> Bool {
        guard let last = moments.last else { return false }
        return NaiveStatistics.bucket(time).lowerBound <= last.bucket.lowerBound || last.leftAfter == 0
    }

    /// nil where nobody has got there, or everybody: counted, as 1 need not be 1 after rounding.
    func interval(by time: Int64) -> (low: Double, high: Double)? {
        let moments = moments(by: time)
        let isEverybody = moments.last?.leftAfter == 0 && ends(by: time).allSatisfy { $0.kind != .other }
        guard count(by: time) > 0, !isEverybody else { return nil }
        let share = share(by: time)
        var variance = 0.0
        for one in moments {
            let missing = share - one.share
            // After the last one at risk nothing is missing any more.
            if one.ended < one.atRisk { variance += missing * missing * one.ended / (one.atRisk * (one.atRisk - one.ended)) }
            variance += one.leftBefore * one.leftBefore * one.value * (one.atRisk - one.value) / (one.atRisk * one.atRisk * one.atRisk)
            variance -= 2 * missing * one.leftBefore * one.value / (one.atRisk * one.atRisk)
        }
        let exponent = NaiveStatistics.z * max(0, variance).squareRoot() / (share * log(share))
        return (pow(share, exp(-exponent)), pow(share, exp(exponent)))
    }

    /// The middle of the bucket in which the first half has got there. A half need not be one after rounding.
    func median() -> Int64? {
        moments.first { $0.share >= 0.5 - 1e-12 }.map { ($0.bucket.lowerBound + $0.bucket.upperBound - 1) / 2 }
    }
}

extension NaiveStatistics {
    /// The times that a histogram takes for one: below 512 µs each for itself, above that each power of two in 256 parts.
    static func bucket(_ time: Int64) -> Range<Int64> {
        var width: Int64 = 1
        while time / width >= 512 { width *= 2 }
        let start = time / width * width
        return start..<(start + width)
    }
}
