/// How journeys are handed from one owner or channel to another, and whose move it was meanwhile.
enum NaiveHandoffs {
    /// One hand-over of a journey.
    private struct Handoff {
        var from: ExactText
        var to: ExactText
        var wait: Int64
    }

    private struct Key: Hashable {
        var from: ExactText
        var to: ExactText
    }

    static func rows(_ type: NaiveJourneyType) -> [NaiveRow] {
        rows(type, "channel") { journey in journey.events.map { ($0.channel, $0.time) } }
            + rows(type, "owner") { journey in
                // Visits without an owner are passed over.
                type.visits(journey).compactMap { visit in
                    type.owner(journey, at: visit.place).map { (ExactText($0), visit.start) }
                }
            }
    }

    private static func rows(_ type: NaiveJourneyType, _ scope: String, _ stays: (NaiveJourney) -> [(name: ExactText, start: Int64)])
        -> [NaiveRow]
    {
        var waits: [Key: [Int64]] = [:]
        var returned: [Key: Int] = [:]
        var having: [Key: [NaiveJourney]] = [:]
        for journey in type.journeys {
            let stays = stays(journey)
            let handoffs = zip(stays, stays.dropFirst()).filter { $0.name != $1.name }.map { before, after in
                Handoff(from: before.name, to: after.name, wait: after.start - before.start)
            }
            for (index, handoff) in handoffs.enumerated() {
                let key = Key(from: handoff.from, to: handoff.to)
                waits[key, default: []].append(handoff.wait)
                if index + 1 < handoffs.count, handoffs[index + 1].to == handoff.from { returned[key, default: 0] += 1 }
            }
            for key in Set(handoffs.map { Key(from: $0.from, to: $0.to) }) { having[key, default: []].append(journey) }
        }
        return waits.sorted { ($0.key.from, $0.key.to) < ($1.key.from, $1.key.to) }.map { key, waits in
            let journeys = having[key] ?? []
            let (mature, converted) = (type.mature(journeys), type.converted(journeys))
            return [
                "journey": .text(type.rules.name), "scope": .text(scope), "from": .text(key.from.description),
                "to": .text(key.to.description), "count": .integer(waits.count), "journeys": .integer(journeys.count),
                "wait_p50_seconds": .duration(NaiveStatistics.nearestRank(waits, percent: 50)),
                "wait_p90_seconds": .duration(NaiveStatistics.nearestRank(waits, percent: 90)), "mature": .integer(mature),
                "converted": .integer(converted), "conversion_rate": .ratio(NaiveStatistics.ratio(converted, mature)),
                "returned": .integer(returned[key] ?? 0),
            ]
        }
    }

    /// Each time from one event of a journey to the next is somebody's: the organization's after a customer in an assisted channel,
    /// and before an agent or a system anywhere but in an outbound one.
    private static func isOurMove(_ event: NaiveEvent, _ next: NaiveEvent) -> Bool {
        let isAsked = event.initiator == "customer" && event.channelKind == "assisted"
        let isAnswered = next.initiator != "customer" && next.channelKind != "outbound"
        return isAsked || isAnswered
    }

    /// How much of a journey's time is the organization's.
    static func held(_ journey: NaiveJourney) -> Int64 {
        zip(journey.events, journey.events.dropFirst()).filter(isOurMove).map { $1.time - $0.time }.reduce(0, +)
    }

    static func holders(_ type: NaiveJourneyType) -> [NaiveRow] {
        var lengths: [Key: [Int64]] = [:]
        for journey in type.journeys {
            for place in journey.events.indices.dropLast() {
                let (event, next) = (journey.events[place], journey.events[place + 1])
                let isOrganizations = isOurMove(event, next)
                let owner = isOrganizations ? type.owner(journey, at: place) ?? "" : ""
                lengths[Key(from: isOrganizations ? "organization" : "customer", to: ExactText(owner)), default: []]
                    .append(next.time - event.time)
            }
        }
        let all = lengths.values.joined().reduce(0, +)
        return lengths.sorted { ($0.key.from, $0.key.to) < ($1.key.from, $1.key.to) }.map { holder, lengths in
            let sum = lengths.reduce(0, +)
            return [
                "journey": .text(type.rules.name), "holder": .text(holder.from.description), "owner": .text(holder.to.description),
                "intervals": .integer(lengths.count), "seconds": .exact(sum),
                "share": .ratio(all > 0 ? Double(sum) / Double(all) : nil),
                "p50_seconds": .duration(NaiveStatistics.nearestRank(lengths, percent: 50)),
            ]
        }
    }
}
