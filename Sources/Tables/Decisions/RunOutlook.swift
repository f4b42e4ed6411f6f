/// What is said of a run besides its tables.
public struct RunOutlook: Sendable {
    /// By journey type, in the order of the pipeline.
    public var trends: [ConversionTrend] = []
    public var forecasts: [StepForecast] = []

    public init() {}
}

/// Whether a type's journeys convert as they did four weeks before.
public struct ConversionTrend: Sendable {
    public var journey: String
    /// Mature journeys of the whole time, and those of them that converted.
    public var all: Share
    /// Of those that began on the 28 days before day(as-of − horizon), and on the 28 before.
    public var recent: Share
    public var before: Share

    public var difference: ShareDifference? { ShareDifference(recent, before) }
}

extension MetricCells {
    /// Only after `finish`.
    public func outlook(_ names: TableNames) -> RunOutlook {
        var outlook = RunOutlook()
        let total = self[JourneyTable.journeys].grouped(.total, measured: false)
        let daily = self[JourneyTable.journeys].grouped(.daily, measured: false)
        func share(_ group: CellGroup) -> Share { Share(group[JourneyTable.Counter.converted], of: group[JourneyTable.Counter.mature]) }
        outlook.trends = names.journeys.enumerated().map { type, journey in
            let weeks = FourWeeks(names, type: type)
            func sum(weeksBack: Int32) -> Share {
                daily.reduce(Share(0, of: 0)) { sum, cell in
                    cell.key.type == UInt32(type) && weeks.contains(cell.key.day, weeksBack: weeksBack) ? sum + share(cell.value) : sum
                }
            }
            return ConversionTrend(
                journey: journey.name, all: total[CellKey(type: UInt32(type))].map(share) ?? Share(0, of: 0), recent: sum(weeksBack: 0),
                before: sum(weeksBack: 4))
        }
        outlook.forecasts = StepForecast.all(self, names)
        return outlook
    }
}

/// The last four weeks of which all journeys of a type are mature.
struct FourWeeks {
    /// The day that a journey may have begun on at the latest to be mature now, in the pipeline's zone.
    private let lastDay: Int32

    init(_ names: TableNames, type: Int) {
        let (latest, overflow) = names.asOf.subtractingReportingOverflow(names.journeys[type].horizon)
        lastDay = names.zone.day(of: overflow ? .min : latest)
    }

    /// Whether the day is one of the 28 before `lastDay`, or of the 28 that end so many weeks earlier.
    func contains(_ day: Int32, weeksBack: Int32) -> Bool {
        let end = lastDay - 7 * weeksBack
        return day < end && day >= end - 28
    }
}
