import Events

extension MetricCells {
    /// Everything that is made of cells, the largest first, so that workers who share them end together.
    public static let tableMakers: [@Sendable (MetricCells, Granularity, TableNames) -> ReportTable] = [
        { $0.transitionTable($1, names: $2) }, { $0.touchpointTable($1, names: $2) }, { $0.stallTable($1, names: $2) },
        { $0.funnelTable($1, names: $2) }, { $0.journeyTable($1, names: $2) }, { $0.sessionTable($1, names: $2) },
        { $0.frictionTable($1, names: $2) }, { $0.frictionPlaceTable($1, names: $2) },
    ]

    /// The same tables for the whole time and without a row: what there is to be asked, before anything is counted.
    public static var emptyTables: [ReportTable] {
        let (cells, names) = (MetricCells(), TableNames(journeys: [], channelOwners: [:], texts: SymbolTable()))
        cells.finish()
        return tableMakers.map { $0(cells, .total, names) }
    }
}
