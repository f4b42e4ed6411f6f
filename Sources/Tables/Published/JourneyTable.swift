import Journeys

/// journeys.csv: by type and the day they started.
enum JourneyTable: MetricTable {
    enum Counter: Int, CellCounter {
        case started, completed, failed, abandoned, open, events, sessions, channelSwitches
        /// Persons with such a journey.
        case customers
        /// Journeys with at least one friction.
        case withFriction
        case mature, converted
    }

    static let name = "journeys"
    static let title = "Journeys by type"
    static let keyColumns = ["journey"]
    /// First to last event of completed journeys.
    static let journeys = CellShape("journeys", Counter.self, persons: .customers, measures: 1)
    static let cells = [journeys]
    private static let duration = 0

    struct Row {
        let journey: String
        let group: CellGroup
        /// Of recent days the journeys that are given up are not yet closed: there the rate of closed ones would mislead.
        let isOfDay: Bool

        var closed: Int64 { group[Counter.completed] + group[Counter.failed] + group[Counter.abandoned] }
        var completion: (low: Double, high: Double)? {
            isOfDay ? nil : Statistics.wilsonInterval(successes: group[Counter.completed], trials: closed)
        }
        var conversion: (low: Double, high: Double)? {
            Statistics.wilsonInterval(successes: group[Counter.converted], trials: group[Counter.mature])
        }
    }

    static let columns: [TableColumn<Row>] = [
        .init("journey", .text, "Journey type") { .text($0.journey) },
        .init("started", .integer, "Journeys that began") { $0.group.count(Counter.started) },
        .init("completed", .integer, "Journeys that reached their goal") { $0.group.count(Counter.completed) },
        .init("failed", .integer, "Journeys that failed") { $0.group.count(Counter.failed) },
        .init("abandoned", .integer, "Journeys closed by silence or length without goal or failure") { $0.group.count(Counter.abandoned) },
        .init("open", .integer, "Journeys not yet closed at as-of") { $0.group.count(Counter.open) },
        .init("completion_rate", .ratio, "completed / (completed + failed + abandoned); open journeys are left out; empty by day") {
            $0.isOfDay ? .unknown : ReportTable.ratio($0.group[Counter.completed], $0.closed)
        },
        .init("completion_rate_low", .ratio, "Lower end of the Wilson 95 % interval of completion_rate") {
            ReportTable.ratio($0.completion?.low)
        },
        .init("completion_rate_high", .ratio, "Upper end of the Wilson 95 % interval of completion_rate") {
            ReportTable.ratio($0.completion?.high)
        },
        .init("duration_p50_seconds", .seconds, "Median time from first to last event of completed journeys") {
            $0.group.seconds(duration, 0.5)
        },
        .init("duration_p90_seconds", .seconds, "90th percentile of the time from first to last event of completed journeys") {
            $0.group.seconds(duration, 0.9)
        },
        .init("events", .integer, "Events in journeys of the type") { $0.group.count(Counter.events) },
        .init("sessions", .integer, "Sessions that the journeys' events belong to, summed over journeys") {
            $0.group.count(Counter.sessions)
        },
        .init("channel_switches", .integer, "Directly following events of a journey in different channels") {
            $0.group.count(Counter.channelSwitches)
        },
        .init("customers", .integer, "Persons with at least one such journey") { $0.group.count(Counter.customers) },
        .init("with_friction", .integer, "Journeys with at least one friction of any kind") { $0.group.count(Counter.withFriction) },
        .init("friction_share", .ratio, "with_friction / started") {
            ReportTable.ratio($0.group[Counter.withFriction], $0.group[Counter.started])
        },
        .init("mature", .integer, "Journeys that began at least the type's horizon before as-of") { $0.group.count(Counter.mature) },
        .init("converted", .integer, "Mature journeys that reached their goal within the horizon of their start") {
            $0.group.count(Counter.converted)
        },
        .init("conversion_rate", .ratio, "converted / mature") {
            ReportTable.ratio($0.group[Counter.converted], $0.group[Counter.mature])
        },
        .init("conversion_rate_low", .ratio, "Lower end of the Wilson 95 % interval of conversion_rate") {
            ReportTable.ratio($0.conversion?.low)
        },
        .init("conversion_rate_high", .ratio, "Upper end of the Wilson 95 % interval of conversion_rate") {
            ReportTable.ratio($0.conversion?.high)
        },
    ]

    /// Every type; by day only those that began on it.
    static func rows(_ sums: TableSums) -> [TableRow<Row>] {
        let groups = sums.groups(journeys)
        var rows: [TableRow<Row>] = []
        for day in groups.days(sums.granularity) {
            for (type, journey) in sums.names.sortedJourneys {
                let found = groups[CellKey(type: UInt32(type), day: day)]
                guard sums.granularity == .total || found != nil else { continue }
                let group = found ?? .empty(journeys)
                rows.append(
                    TableRow(
                        day: day, persons: group[Counter.customers],
                        row: Row(journey: journey.name, group: group, isOfDay: sums.granularity == .daily)))
            }
        }
        return rows
    }

    // MARK: What a journey adds

    static func makeFold(_ plan: FoldPlan, _ cells: MetricCells) -> TableFold {
        Fold(plan, cells[journeys], numbers: plan.journeys.count)
    }

    private final class Fold: DenseFold {
        override var questions: AsOfQuestions { .maturity }

        override func add(_ journey: JourneyContext, _ person: PersonWalk) {
            let cell = memo.cell(journey.type, day: journey.day, slice: journey.slice, in: table, journey.key())
            table.add(1, to: Counter.started, of: cell)
            switch journey.status {
            case .completed:
                table.add(1, to: Counter.completed, of: cell)
                let times = person.events.times
                table.note(times[Int(journey.events.last!)] - times[Int(journey.events.first!)], measure: duration, of: cell)
            case .failed: table.add(1, to: Counter.failed, of: cell)
            case .abandoned: table.add(1, to: Counter.abandoned, of: cell)
            case .open: table.add(1, to: Counter.open, of: cell)
            }
            table.add(Int64(journey.events.count), to: Counter.events, of: cell)
            table.add(person.sessionCount, to: Counter.sessions, of: cell)
            table.add(channelSwitches(journey, person), to: Counter.channelSwitches, of: cell)
            table.addOnce(
                journey.owner, to: Counter.customers, of: cell, overall: overall(journey.type, slice: journey.slice, journey.key()))
            if journey.isMature { table.add(1, to: Counter.mature, of: cell) }
            if journey.hasConverted { table.add(1, to: Counter.converted, of: cell) }
            if !person.frictionsFound.isEmpty { table.add(1, to: Counter.withFriction, of: cell) }
        }

        private func channelSwitches(_ journey: JourneyContext, _ person: PersonWalk) -> Int64 {
            let kinds = person.events.kinds
            var switches: Int64 = 0
            var channel: Int32 = -1
            for event in journey.events {
                let next = plan.kinds[Int(kinds[Int(event)])].channel
                if channel >= 0, next != channel { switches += 1 }
                channel = next
            }
            return switches
        }
    }
}
