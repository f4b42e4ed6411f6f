import Definitions
package import Identity
package import Tables

/// A whole log once it is folded, with its persons still at hand: for commands that look at them one by one, since thresholds and
/// examples come from all of it.
package struct FoldedLog: Sendable {
    package let judging: LogRoute.Judging
    package let graph: IdentityGraph
    package let shards: PersonShards
    package let cells: MetricCells
    package let examples: FrictionExamples
    package let names: TableNames
    /// By journey type and step.
    package let thresholds: [[StallThreshold?]]
    package let lines: (read: Int64, rejected: Int64)

    /// Reads and folds. Throws `IngestError`, `RunError`.
    /// - Parameter examples: how many names of each type and friction.
    package init(_ route: LogRoute, examples limit: Int) throws {
        var clock = StageClock(route.stages)
        var log = try route.read(&clock)
        lines = (log.lines, log.rejected.count)
        let stitched = try route.stitch(&log, keepsGraph: true, &clock)
        guard let graph = stitched.graph else { throw RunError.broken("nobody knows who is who") }
        self.graph = graph
        shards = try route.shard(&log, stitched, &clock)
        judging = try route.judge(shards, stitched, &clock)
        let folds = try route.fold(shards, keepsRows: true, judging.plan, &clock)
        examples = route.named(route.found(folds), graph, limit: limit, shown: { _ in [] }).examples
        cells = try route.sum(folds, &clock)
        names = route.definition.tableNames(texts: stitched.texts, asOf: judging.plan.asOf, examples: { _, _ in [] })
        thresholds = cells.stallThresholds(names: names)
    }
}
