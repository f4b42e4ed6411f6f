import Journeys

/// owners.csv: what each owner of steps, rules and channels has to answer for: sums over rows of other tables.
enum OwnerTable: MetricTable {
    static let name = "owners"
    static let title = "What each owner has to answer for: sums over rows of stalls, frictions, priorities and responses"
    static let keyColumns = ["owner"]
    static let cells: [CellShape] = []
    static let isByDay = false

    struct Row {
        let owner: String
        let steps: Int
        var stallPoints: Int64 = 0
        var stalled: Int64 = 0
        var frictions: Int64 = 0
        var frictionJourneys: Int64 = 0
        /// Problems with the verdict `costs`.
        var costs: Int64 = 0
        var lost = 0.0
        var lostPer30Days = 0.0
        /// nil where none of these says a value.
        var valueLost: Double?
        var waits: Int64 = 0
        /// Of judged waits those that were answered within their channel's SLA.
        var within = Share(0, of: 0)
    }

    static let columns: [TableColumn<Row>] = [
        .init("owner", .text, "Owner of a step, a rule or a channel by the pipeline file; what has no owner is nobody's row") {
            .text($0.owner)
        },
        .init("steps", .integer, "Steps of all journey types that say this owner") { .integer(Int64($0.steps)) },
        .init("stall_points", .integer, "Those of them that are stall points") { .integer($0.stallPoints) },
        .init("stalled", .integer, "Stalled visits, summed over these steps") { .integer($0.stalled) },
        .init("frictions", .integer, "Rows of frictions.csv of the owner's rules, one for each journey type, with at least one match") {
            .integer($0.frictions)
        },
        .init("friction_journeys", .integer, "Their journeys, summed; a journey with several frictions counts for each") {
            .integer($0.frictionJourneys)
        },
        .init("lost", .ratio, "`lost` of priorities.csv, summed over the owner's problems with the verdict `costs`") { .ratio($0.lost) },
        .init("lost_per_30_days", .ratio, "The same of `lost_per_30_days`") { .ratio($0.lostPer30Days) },
        .init("value_lost", .ratio, "The same of `value_lost`, where it is known; empty where it is of none of them") {
            $0.costs == 0 ? .ratio(0) : ReportTable.ratio($0.valueLost)
        },
        .init("waits", .integer, "Waits for an answer, summed over the owner's assisted channels") { .integer($0.waits) },
        .init("within_rate", .ratio, "Of their judged waits, those that were answered within the channel's SLA; empty without any") {
            ReportTable.ratio($0.within.rate)
        },
    ]

    static func rows(_ sums: TableSums) -> [TableRow<Row>] {
        var rows = OwnerRows(sums.names)
        /// Only what is published itself is summed: nothing of few persons can be told from the sum.
        func published<Of>(_ rows: [TableRow<Of>]) -> [Of] {
            rows.filter { ($0.persons ?? .max) >= sums.names.minCount }.map(\.row)
        }
        for row in published(StallTable.rows(sums)) {
            rows.change(row.visits.step.owner) {
                $0.stalled += row.visits.stalled
                if row.decision.isStallPoint { $0.stallPoints += 1 }
            }
        }
        for row in published(FrictionTable.rows(sums)) where row.missing.isEmpty && row.group[FrictionTable.Counter.occurrences] > 0 {
            rows.change(row.friction.owner) {
                $0.frictions += 1
                $0.frictionJourneys += row.group[FrictionTable.Counter.journeys]
            }
        }
        for row in published(PriorityTable.rows(sums)) where row.verdict == "costs" {
            rows.change(row.problem.owner) {
                $0.costs += 1
                $0.lost += row.loss?.lost ?? 0
                $0.lostPer30Days += row.problem.lostPer30Days ?? 0
                if let value = row.problem.valueLost { $0.valueLost = ($0.valueLost ?? 0) + value }
            }
        }
        for row in published(ResponseTable.rows(sums)) {
            rows.change(row.owner) {
                $0.waits += row.group[ResponseTable.Counter.waits]
                if let within = row.within { $0.within += within }
            }
        }
        return rows.rows.map { TableRow(day: CellKey.allDays, row: $0) }
    }

    static func makeFold(_ plan: FoldPlan, _ cells: MetricCells) -> TableFold { TableFold() }
}

/// A row for each owner that the pipeline names, in byte order. Names are told apart by their bytes.
private struct OwnerRows {
    private(set) var rows: [OwnerTable.Row] = []
    private var places: [[UInt8]: Int] = [:]

    init(_ names: TableNames) {
        let ofSteps = names.journeys.flatMap(\.steps).compactMap(\.owner)
        let owners = ofSteps + names.frictions.compactMap(\.owner) + names.channelOwners.values
        for owner in owners.sorted(by: TableNames.precedes) where places[Array(owner.utf8)] == nil {
            places[Array(owner.utf8)] = rows.count
            rows.append(.init(owner: owner, steps: ofSteps.count { $0.utf8.elementsEqual(owner.utf8) }))
        }
    }

    mutating func change(_ owner: String?, _ change: (inout OwnerTable.Row) -> Void) {
        guard let owner, let place = places[Array(owner.utf8)] else { return }
        change(&rows[place])
    }
}
