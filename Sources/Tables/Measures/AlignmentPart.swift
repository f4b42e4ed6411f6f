import Journeys

/// Whether customers are told the same of one thing in different channels.
enum AlignmentPart: MeasurePart {
    enum Counter: Int, CellCounter {
        case pairs, equal
        /// Counted only where rows of few persons are left out.
        case persons
    }

    /// Key: number of the term, channel of the earlier sighting, channel of the later one. By the day of the later one. Persons are
    /// counted without the channels.
    static let pairs = CellShape("term_pairs", Counter.self, persons: .persons, texts: [1, 2])
    static let cells = [pairs]

    static func rows(_ sums: TableSums) -> [MeasureRow] {
        let groups = sums.cells[pairs].grouped(sums.granularity) { CellKey($0.first, day: $0.day) }
        return sums.names.measures.terms.enumerated().map { number, term in
            let group = groups[CellKey(UInt32(number))] ?? .empty(pairs)
            return MeasureRow(
                "channel_alignment", name: term, Share(group[Counter.equal], of: group[Counter.pairs]),
                orElse: "nobody saw one item in two channels within the time", persons: group[Counter.persons])
        }
    }

    // MARK: What a person adds

    static func makeFold(_ plan: FoldPlan, _ cells: MetricCells) -> TableFold? {
        plan.measures.definition.terms.isEmpty ? nil : Fold(plan, cells[pairs])
    }

    private final class Fold: TableFold {
        private let plan: FoldPlan
        private let table: CellTable

        init(_ plan: FoldPlan, _ table: CellTable) { (self.plan, self.table) = (plan, table) }

        override func add(_ person: PersonWalk) {
            for pair in person.termPairs {
                let term = UInt32(pair.term)
                let cell = table.cell(CellKey(term, pair.from, pair.to, day: person.events.days[pair.event]))
                table.add(1, to: Counter.pairs, of: cell)
                if pair.isEqual { table.add(1, to: Counter.equal, of: cell) }
                if plan.countsPersonsOfRows { table.addOnce(person.owner, to: Counter.persons, of: table.cell(CellKey(term))) }
            }
        }
    }
}
