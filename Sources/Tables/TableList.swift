/// The published tables that are made of persons' contributions, the largest first, so that workers who share them end
/// together.
package enum TableList {
    static let all: [any MetricTable.Type] = [
        TransitionTable.self, TouchpointTable.self, StallTable.self, FunnelTable.self, JourneyTable.self, SessionTable.self,
        FrictionTable.self,
        FrictionPlaceTable.self, ActionTable.self, SegmentTable.self, SegmentStepTable.self, SegmentFrictionTable.self, PriorityTable.self,
        ContactTable.self, ResponseTable.self, BusyTable.self, HandoffTable.self, HolderTable.self, NextStepTable.self,
        OpenJourneyTable.self, MeasureTable.self, ScorecardTable.self, MapTable.self, DwellTable.self, StepChannelTable.self,
        OwnerTable.self,
        SourceTable.self, SourceFieldTable.self,
    ]

    /// How many there are.
    package static var count: Int { all.count }

    /// The table at a place in the list; nil where it is not published, or makes no sense for a day.
    package static func make(
        _ place: Int, _ granularity: Granularity, _ cells: MetricCells, _ names: TableNames, changesOf whole: MetricCells?
    ) -> ReportTable? {
        let table = all[place]
        guard table.isPublished(names), granularity == .total || table.isByDay else { return nil }
        return table.make(granularity, cells, names, changesOf: whole)
    }

    /// All of them without a row: what there is to be asked, before anything is counted.
    package static func empty(_ granularity: Granularity) -> [ReportTable] {
        all.filter { granularity == .total || $0.isByDay }.map { $0.empty(granularity) }
    }

    /// Why a row of an earlier day may change although nothing was counted on that day, by the table's name.
    package static func reasonForOtherDays(_ name: String) -> String? { all.first { $0.name == name }?.reasonForOtherDays }
}
