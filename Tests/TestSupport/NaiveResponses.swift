/// How long customers wait for answers in assisted channels, and whether they wait longer while another channel is busy.
struct NaiveResponses {
    struct Wait {
        var person: NaivePerson
        var channel: NaiveChannel
        var opening: Int64
        /// From its opening to the answer; nil while there is none.
        var length: Int64?
    }

    private let asOf: Int64
    private var waits: [Wait] = []
    /// By channel and hour since 1970.
    private var hours: [ExactText: [Int64: Int]] = [:]

    init(_ pipeline: NaivePipeline, _ persons: [NaivePerson: [NaiveEvent]], asOf: Int64) {
        self.asOf = asOf
        for channel in pipeline.channels where channel.kind == "assisted" {
            for (person, events) in persons {
                waits += Self.waits(of: person, events.filter { $0.channel == ExactText(channel.name) }, in: channel)
            }
        }
        for event in persons.values.joined() { hours[event.channel, default: [:]][Self.hour(event.time), default: 0] += 1 }
    }

    /// One at a time: while one is open nothing opens another, and what closes one opens none.
    private static func waits(of person: NaivePerson, _ events: [NaiveEvent], in channel: NaiveChannel) -> [Wait] {
        let asks = channel.asks.map(NaiveExpression.init)
        let answers = NaiveExpression(channel.answers)
        var waits: [Wait] = []
        var isOpen = false
        for event in events {
            if isOpen {
                guard answers.matches(event) else { continue }
                waits[waits.count - 1].length = event.time - waits[waits.count - 1].opening
                isOpen = false
            } else if event.initiator == "customer", asks?.matches(event) ?? true {
                waits.append(Wait(person: person, channel: channel, opening: event.time))
                isOpen = true
            }
        }
        return waits
    }

    /// The judged waits of a channel and whether each was answered in time; nil without an SLA.
    private func judged(_ waits: [Wait]) -> [(opening: Int64, isInTime: Bool)]? {
        guard let sla = waits.first?.channel.responseSLA else { return nil }
        return waits.filter { asOf >= $0.opening + sla }.map { ($0.opening, $0.length.map { $0 <= sla } ?? false) }
    }

    /// Where nothing is ever answered the log does not hold the answers, and says nothing of their time.
    private func isAnswered(_ waits: [Wait]) -> Bool { waits.contains { $0.length != nil } }

    func rows() -> [NaiveRow] {
        Dictionary(grouping: waits) { ExactText($0.channel.name) }.sorted { $0.key < $1.key }.map { name, waits in
            let channel = waits[0].channel
            let lengths = waits.compactMap(\.length)
            let judged = isAnswered(waits) ? judged(waits) : nil
            let within = judged.map { $0.filter(\.isInTime).count }
            return [
                "channel": .text(name.description), "owner": .text(channel.owner), "waits": .integer(waits.count),
                "answered": .integer(lengths.count), "open": .integer(waits.count - lengths.count),
                "p50_seconds": .duration(NaiveStatistics.nearestRank(lengths, percent: 50)),
                "p90_seconds": .duration(NaiveStatistics.nearestRank(lengths, percent: 90)), "sla_seconds": .exact(channel.responseSLA),
                "judged": .integer(judged?.count), "within_sla": .integer(within),
            ] + NaiveRow.rate("within_rate", within ?? 0, of: judged?.count ?? 0) + [
                "customers": .integer(Set(waits.map(\.person)).count)
            ]
        }
    }

    // MARK: Busy hours

    private static func hour(_ time: Int64) -> Int64 { Int64((Double(time) / 3600e6).rounded(.down)) }

    /// Every channel with judged waits beside every other one that the log has.
    func busy() -> [NaiveRow] {
        var rows: [NaiveRow] = []
        for (name, waits) in Dictionary(grouping: waits, by: { ExactText($0.channel.name) }) {
            guard let judged = judged(waits), !judged.isEmpty else { continue }
            let isTold = isAnswered(waits)
            for (other, counts) in hours where other != name {
                let bound = NaiveStatistics.nearestRank(counts.values.map(Int64.init), percent: 75) ?? 0
                func isBusy(_ time: Int64) -> Bool { Int64(counts[Self.hour(time)] ?? 0) >= bound }
                func group(_ isMeant: (Int64) -> Bool) -> NaiveStatistics.Stratum {
                    let waits = judged.filter { isMeant($0.opening) }
                    let (busy, calm) = (waits.filter { isBusy($0.opening) }, waits.filter { !isBusy($0.opening) })
                    return NaiveStatistics.Stratum(
                        exposed: busy.count, exposedWell: busy.filter(\.isInTime).count, compared: calm.count,
                        comparedWell: calm.filter(\.isInTime).count)
                }
                let all = group { _ in true }
                // Hours of the week are compared with their like.
                let strata = (0..<168).map { hour in group { Self.hour($0) % 168 == hour } }
                rows.append([
                    "channel": .text(name.description), "other_channel": .text(other.description), "busy_waits": .integer(all.exposed),
                    "busy_within": .integer(isTold ? all.exposedWell : nil), "calm_waits": .integer(all.compared),
                    "calm_within": .integer(isTold ? all.comparedWell : nil),
                    "difference": .ratio(isTold ? NaiveStatistics.mantelHaenszelDifference(strata) : nil),
                    "p_value": .ratio(NaiveStatistics.cochranMantelHaenszel(strata)), "q_value": .ratio(nil),
                ])
            }
        }
        return rows.withQValues(over: []).sorted {
            ($0.text("channel"), $0.text("other_channel")) < ($1.text("channel"), $1.text("other_channel"))
        }
    }
}
