import Events
import Journeys

/// busy.csv: does one channel starve another? Answers in hours in which another channel has much to do, against those in others.
enum BusyTable: MetricTable {
    enum Waits: Int, CellCounter { case judged, withinSLA }
    enum Hours: Int, CellCounter { case events }

    static let name = "busy"
    static let title = "Answers in one channel while another is busy"
    static let keyColumns = ["channel", "other_channel"]
    static let isByDay = false
    /// Key: channel, UTC hour of the wait's opening since 1970.
    static let waits = CellShape("busy_waits", Waits.self, texts: [0])
    /// Key: channel, UTC hour since 1970. All events in it, whoever they are by.
    static let hours = CellShape("channel_hours", Hours.self, texts: [0])
    static let cells = [waits, hours]
    private static let hoursOfWeek: Int32 = 168
    private static let microsecondsPerHour: Int64 = 3_600_000_000

    struct Row {
        let channel: String
        let other: String
        /// By hour of the week: waits in busy hours as exposed, those in calm ones as compared.
        let strata: [Stratum]
        /// Whether any customer was ever answered in the channel; else its log does not show answers.
        let hasAnswers: Bool
        var qValue: Double?

        var answered: [Stratum]? { hasAnswers ? strata : nil }
        var busy: Share { strata.reduce(Share(0, of: 0)) { $0 + $1.exposed } }
        var calm: Share { strata.reduce(Share(0, of: 0)) { $0 + $1.compared } }
        var pValue: Double? { Statistics.cochranMantelHaenszel(strata) }
    }

    static let columns: [TableColumn<Row>] = [
        .init("channel", .text, "In which customers wait; one with a `response_sla`") { .text($0.channel) },
        .init("other_channel", .text, "Which is busy in hours with as many of its events as the upper quarter of its hours, or more") {
            .text($0.other)
        },
        .init("busy_waits", .integer, "Judged waits that opened in such an hour (UTC)") { .integer($0.busy.whole) },
        .init("busy_within", .integer, "Those of them that were answered within the SLA; empty where the log has no answer in the channel")
        {
            $0.hasAnswers ? .integer($0.busy.part) : .unknown
        },
        .init("calm_waits", .integer, "Judged waits that opened in other hours") { .integer($0.calm.whole) },
        .init("calm_within", .integer, "Those of them that were answered within the SLA; empty likewise") {
            $0.hasAnswers ? .integer($0.calm.part) : .unknown
        },
        .init(
            "difference", .ratio,
            "Share answered in busy hours − in calm ones: Mantel and Haenszel's over the 168 hours of the week, so that the time of day does not speak"
        ) { ReportTable.ratio($0.answered.flatMap(Statistics.mantelHaenszelDifference)) },
        .init("p_value", .ratio, "Cochran–Mantel–Haenszel over the same hours, two-sided; empty without variation") {
            ReportTable.ratio($0.pValue)
        },
        .init("q_value", .ratio, "p_value after Benjamini and Hochberg over the table") { ReportTable.ratio($0.qValue) },
    ]

    static func isPublished(_ names: TableNames) -> Bool { names.channels.contains { $0.responseSLA != nil } }

    static func rows(_ sums: TableSums) -> [TableRow<Row>] {
        var hours: [UInt32: [Int32: Int64]] = [:]
        for (key, group) in sums.groups(Self.hours) { hours[key.first, default: [:]][Int32(bitPattern: key.second)] = group[Hours.events] }
        let busy = hours.mapValues { events in
            // The third quartile by nearest rank.
            let quarter = events.values.sorted()[(events.count * 3 + 3) / 4 - 1]
            return Set(events.filter { $0.value >= quarter }.keys)
        }
        var waits: [UInt32: [(hour: Int32, share: Share)]] = [:]
        for (key, group) in sums.groups(Self.waits) {
            waits[key.first, default: []].append((Int32(bitPattern: key.second), Share(group[Waits.withinSLA], of: group[Waits.judged])))
        }
        var pairs: [CellKey: CellGroup] = [:]
        let answered = ResponseTable.answeredChannels(sums)
        for channel in waits.keys {
            for other in busy.keys where other != channel { pairs[CellKey(channel, other)] = .empty(Self.hours) }
        }
        var rows = sums.named(pairs, [.symbol(0), .symbol(1)]).map { pair in
            var strata: [Int32: Stratum] = [:]
            for (hour, share) in waits[pair.key.first] ?? [] {
                let ofWeek = hour - hour / hoursOfWeek * hoursOfWeek
                var stratum = strata[ofWeek] ?? Stratum(exposed: Share(0, of: 0), compared: Share(0, of: 0))
                if busy[pair.key.second]?.contains(hour) == true { stratum.exposed += share } else { stratum.compared += share }
                strata[ofWeek] = stratum
            }
            let sorted = strata.sorted { $0.key < $1.key }.map(\.value)
            return TableRow<Row>(
                day: CellKey.allDays,
                row: Row(channel: pair.texts[0], other: pair.texts[1], strata: sorted, hasAnswers: answered.contains(pair.key.first)))
        }
        for (index, q) in Statistics.qValues(rows.map(\.row.pValue)).enumerated() { rows[index].row.qValue = q }
        return rows
    }

    // MARK: What a person adds

    static func makeFold(_ plan: FoldPlan, _ cells: MetricCells) -> TableFold { Fold(plan, cells) }

    private final class Fold: TableFold {
        private let plan: FoldPlan
        private let waits, hours: CellTable
        private let memo: DayMemo

        init(_ plan: FoldPlan, _ cells: MetricCells) {
            self.plan = plan
            (waits, hours) = (cells[BusyTable.waits], cells[BusyTable.hours])
            memo = DayMemo(count: plan.channelCount)
        }

        override var questions: AsOfQuestions { .answers }

        private static func hour(_ time: EventTime) -> Int32 { Int32(truncatingIfNeeded: time.flooredQuotient(by: microsecondsPerHour)) }

        override func add(_ person: PersonWalk) {
            guard plan.hasResponseSLA else { return }
            let events = person.events
            for event in 0..<events.count {
                let channel = plan.kinds[Int(events.kinds[event])].channel
                let hour = Self.hour(events.times[event])
                // An hour lies on one day.
                let cell = memo.cell(
                    Int(channel), day: hour, in: hours,
                    CellKey(plan.channels[Int(channel)].symbol, UInt32(bitPattern: hour), day: events.days[event]))
                hours.add(1, to: Hours.events, of: cell)
            }
            for wait in person.waits {
                let rule = plan.channels[wait.channel]
                guard let event = wait.event, let sla = rule.responseSLA, person.isJudged(wait) else { continue }
                let cell = waits.cell(CellKey(rule.symbol, UInt32(bitPattern: Self.hour(wait.asked)), day: events.days[event]))
                waits.add(1, to: Waits.judged, of: cell)
                if wait.isAnswered(within: sla) { waits.add(1, to: Waits.withinSLA, of: cell) }
            }
        }
    }
}
