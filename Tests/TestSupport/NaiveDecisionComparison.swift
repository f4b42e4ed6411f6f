extension NaiveComparison {
    /// A table as a run should write it.
    struct Table {
        var name: String
        var keys: [String]
        var rows: [NaiveRow]
        /// Without rows it need not be written.
        var isOptional = false
        /// Rows that nobody compares, by their keys.
        var ignored: Set<[ExactText]> = []
        /// Whether the rows should stand in this order.
        var isInOrder = false
    }

    static func decisionTables(_ naive: NaiveTables, frictions: Bool) -> [Table] {
        let decisions = naive.decisions
        let segments = decisions.segments.map { row in
            var row = row
            if !frictions { row["with_friction"] = .any }
            return row
        }
        let segmentKeys = ["journey", "dimension", "segment"]
        let tables = [
            Table(name: "segments", keys: segmentKeys, rows: segments, isOptional: true),
            Table(name: "segment_steps", keys: segmentKeys + ["step_index"], rows: decisions.segmentSteps, isOptional: true),
            Table(name: "contacts", keys: ["channel", "topic", "window_seconds"], rows: decisions.contacts, isOptional: true),
            Table(name: "responses", keys: ["channel"], rows: decisions.responses, isOptional: true),
            Table(name: "busy", keys: ["channel", "other_channel"], rows: decisions.busy, isOptional: true),
            Table(name: "handoffs", keys: ["journey", "scope", "from", "to"], rows: decisions.handoffs),
            Table(name: "holders", keys: ["journey", "holder", "owner"], rows: decisions.holders),
            Table(name: "next_steps", keys: ["journey", "previous", "step", "next"], rows: decisions.nextSteps),
            Table(
                name: "metrics", keys: ["metric", "journey", "name"], rows: decisions.metrics, isOptional: true, isInOrder: true),
            Table(name: "actions", keys: ["channel", "touchpoint", "action"], rows: decisions.actions),
            Table(name: "source_fields", keys: ["source", "field"], rows: decisions.sourceFields),
            Table(name: "sources", keys: ["source"], rows: decisions.sources),
            Table(name: "map", keys: ["journey", "from", "to", "kind"], rows: decisions.map),
            Table(name: "step_channels", keys: ["journey", "step_index", "channel"], rows: decisions.stepChannels),
        ]
        guard frictions else { return tables }
        return tables + [
            Table(name: "segment_frictions", keys: segmentKeys + ["friction"], rows: decisions.segmentFrictions, isOptional: true),
            priorities(naive), owners(naive),
            Table(name: "scorecard", keys: ["part"], rows: scorecard(naive), isOptional: true, isInOrder: true),
        ]
    }

    /// What stalls by a learned threshold is not compared.
    private static func scorecard(_ naive: NaiveTables) -> [NaiveRow] {
        let learned = naive.stalls.contains { $0.thresholdSource == "learned" }
        return naive.decisions.scorecard.map { row in
            var row = row
            if learned, row.text("part") == "optimized", row.ratio("score") != nil { (row["score"], row["numerator"]) = (.any, .any) }
            return row
        }
    }

    /// What hangs on learned thresholds is not compared here either.
    private static func owners(_ naive: NaiveTables) -> Table {
        let isLearned = naive.stalls.contains { $0.thresholdSource == "learned" }
        let rows = naive.decisions.owners.map { row in
            var row = row
            if isLearned { for column in ["stall_points", "stalled", "lost", "lost_per_30_days", "value_lost"] { row[column] = .any } }
            return row
        }
        return Table(name: "owners", keys: ["owner"], rows: rows)
    }

    /// A learned threshold is only near: what stalls by it is not compared, nor what the type's tests together say, nor, as a
    /// verdict moves its row past others, any rank.
    private static func priorities(_ naive: NaiveTables) -> Table {
        let learned = naive.stalls.filter { $0.thresholdSource == "learned" }
        let ignored = Set(learned.map { [ExactText($0.journey), "stall", ExactText($0.step)] })
        let types = Set(learned.map { ExactText($0.journey) })
        let keys = ["journey", "kind", "problem"]
        let rows = naive.decisions.priorities.filter { row in !ignored.contains(keys.map { row.text($0) }) }.map { row in
            var row = row
            if !learned.isEmpty { row["rank"] = .any }
            if types.contains(row.text("journey")) { (row["q_value"], row["verdict"]) = (.any, .any) }
            return row
        }
        return Table(name: "priorities", keys: keys, rows: rows, ignored: ignored)
    }
}
