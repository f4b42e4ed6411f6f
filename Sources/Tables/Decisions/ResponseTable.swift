import Events
import Journeys

/// responses.csv: how long customers wait for an answer, by channel and the day they asked.
enum ResponseTable: MetricTable {
    enum Counter: Int, CellCounter {
        case waits, answered, judged, withinSLA
        /// Persons with such a wait.
        case customers
    }

    static let name = "responses"
    static let title = "How long customers wait for answers in assisted channels"
    static let keyColumns = ["channel"]
    /// Key: channel. From question to answer.
    static let responses = CellShape("responses", Counter.self, persons: .customers, measures: 1, texts: [0], isReadWhole: true)
    enum Open: Int, CellCounter { case waits }

    /// Key: channel, the time of the question in two halves. Over all days: what a person's later events answer once those that ask
    /// are dropped.
    static let open = CellShape("open_waits", Open.self, persons: .waits, texts: [0])
    static let cells = [responses, open]
    static let reasonForOtherDays: String? = "a channel's first answer"
    private static let time = 0

    struct Row {
        let channel: String
        let owner: String?
        let group: CellGroup
        let sla: Int64?
        /// Whether any customer was ever answered there; else its log does not show answers.
        let hasAnswers: Bool

        var within: Share? { sla != nil && hasAnswers ? Share(group[Counter.withinSLA], of: group[Counter.judged]) : nil }
    }

    static let columns: [TableColumn<Row>] = [
        .init("channel", .text, "Channel of `kind: assisted`") { .text($0.channel) },
        .init("owner", .text, "Who answers for it by the pipeline file") { ReportTable.text($0.owner) },
        .init("waits", .integer, "Events by the customer that ask, where no question was open there") { $0.group.count(Counter.waits) },
        .init("answered", .integer, "Waits that an answer closed") { $0.group.count(Counter.answered) },
        .init("open", .integer, "waits − answered") { .integer($0.group[Counter.waits] - $0.group[Counter.answered]) },
        .init("p50_seconds", .seconds, "Median time to the answer, of answered waits") { $0.group.seconds(time, 0.5) },
        .init("p90_seconds", .seconds, "90th percentile of the time to the answer, of answered waits") { $0.group.seconds(time, 0.9) },
        .init("sla_seconds", .seconds, "`response_sla` of the channel") { $0.sla.map { .duration($0) } ?? .unknown },
        .init("judged", .integer, "Waits that opened at least the SLA before as-of; empty without an SLA or any answer in the log") {
            $0.within.map { .integer($0.whole) } ?? .unknown
        },
        .init("within_sla", .integer, "Judged ones that were answered within the SLA, exactly that long included") {
            $0.within.map { .integer($0.part) } ?? .unknown
        },
        .init("within_rate", .ratio, "within_sla / judged") { ReportTable.ratio($0.within?.rate) },
        .init("within_rate_low", .ratio, "Lower end of the Wilson 95 % interval of within_rate") {
            ReportTable.ratio($0.within?.interval?.low)
        },
        .init("within_rate_high", .ratio, "Upper end of the Wilson 95 % interval of within_rate") {
            ReportTable.ratio($0.within?.interval?.high)
        },
        .init("customers", .integer, "Persons with at least one such wait") { $0.group.count(Counter.customers) },
    ]

    static func isPublished(_ names: TableNames) -> Bool { names.channels.contains(where: \.isAssisted) }

    static func rows(_ sums: TableSums) -> [TableRow<Row>] {
        let answered = answeredChannels(sums)
        return sums.named(responses, [.symbol(0)]).map {
            TableRow(
                day: $0.key.day, persons: $0.group[Counter.customers],
                row: Row(
                    channel: $0.texts[0], owner: sums.names.channelOwners[Array($0.texts[0].utf8)], group: $0.group,
                    sla: sums.names.responseSLA($0.texts[0]), hasAnswers: answered.contains($0.key.first)))
        }
    }

    /// Symbols of channels in which any customer was ever answered.
    static func answeredChannels(_ sums: TableSums) -> Set<UInt32> {
        Set(sums.cells[responses].grouped(.total).filter { $0.value[Counter.answered] > 0 }.keys.map(\.first))
    }

    // MARK: What a person adds

    /// The questions among what a person was counted for by events that are no longer here.
    static func openWaits(_ known: Set<PersonFact>) -> [OpenWait] {
        known.filter { $0.cells == open.name }.map { fact in
            OpenWait(channel: fact.key.first, asked: EventTime(bitPattern: UInt64(fact.key.second) << 32 | UInt64(fact.key.third)))
        }
    }

    static func makeFold(_ plan: FoldPlan, _ cells: MetricCells) -> TableFold { Fold(plan, cells) }

    private final class Fold: DenseFold {
        private let open: CellTable

        init(_ plan: FoldPlan, _ cells: MetricCells) {
            open = cells[ResponseTable.open]
            super.init(plan, cells[responses], numbers: plan.channelCount)
        }

        override var questions: AsOfQuestions { .answers }

        override func add(_ person: PersonWalk) {
            for wait in person.waits {
                let rule = plan.channels[wait.channel]
                let key = CellKey(rule.symbol, day: wait.event.map { person.events.days[$0] } ?? plan.zone.day(of: wait.asked))
                let cell = memo.cell(wait.channel, day: key.day, in: table, key)
                countOpen(wait, rule.symbol)
                if let time = wait.answeredAfter {
                    table.add(1, to: Counter.answered, of: cell)
                    table.note(time, measure: ResponseTable.time, of: cell)
                }
                // Of one that is carried over the rest was counted, and by then it was too late for the SLA.
                guard wait.event != nil else { continue }
                table.add(1, to: Counter.waits, of: cell)
                table.addOnce(person.owner, to: Counter.customers, of: cell, overall: overall(wait.channel, key))
                guard let sla = rule.responseSLA, person.isJudged(wait) else { continue }
                table.add(1, to: Counter.judged, of: cell)
                if wait.isAnswered(within: sla) { table.add(1, to: Counter.withinSLA, of: cell) }
            }
        }

        /// A new one that stays open, or an old one that was and is not any more.
        private func countOpen(_ wait: Wait, _ symbol: UInt32) {
            guard (wait.answeredAfter == nil) == (wait.event != nil) else { return }
            let bits = UInt64(bitPattern: wait.asked)
            let cell = open.cell(CellKey(symbol, UInt32(truncatingIfNeeded: bits >> 32), UInt32(truncatingIfNeeded: bits)))
            open.add(wait.event == nil ? -1 : 1, to: Open.waits, of: cell)
        }
    }
}

extension TableNames {
    /// nil where the channel has none.
    func responseSLA(_ channel: String) -> Int64? { channels.first { $0.name.utf8.elementsEqual(channel.utf8) }?.responseSLA }
}
