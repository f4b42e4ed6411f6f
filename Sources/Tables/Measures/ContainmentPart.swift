import Journeys

/// Whether a machine that answers is enough.
enum ContainmentPart: MeasurePart {
    enum Counter: Int, CellCounter {
        /// Mature journeys in which a machine answered, and those without an agent afterwards.
        case touched, contained
        /// Counted only where rows of few persons are left out.
        case persons
    }

    static let touched = CellShape("containment", Counter.self, persons: .persons)
    static let cells = [touched]

    static func rows(_ sums: TableSums) -> [MeasureRow] {
        guard sums.names.measures.hasBots else { return [] }
        let groups = sums.groups(touched)
        return sums.names.journeys.enumerated().map { type, journey in
            let group = groups[CellKey(type: UInt32(type))] ?? .empty(touched)
            return MeasureRow(
                "containment", journey: journey.name, Share(group[Counter.contained], of: group[Counter.touched]),
                orElse: "no mature journey came to a machine that answers", persons: group[Counter.persons])
        }
    }

    // MARK: What a journey adds

    static func makeFold(_ plan: FoldPlan, _ cells: MetricCells) -> TableFold? { plan.measures.hasBots ? Fold(plan, cells[touched]) : nil }

    private final class Fold: TableFold {
        private let plan: FoldPlan
        private let table: CellTable

        init(_ plan: FoldPlan, _ table: CellTable) { (self.plan, self.table) = (plan, table) }

        override var questions: AsOfQuestions { .maturity }

        override func add(_ journey: JourneyContext, _ person: PersonWalk) {
            guard journey.isMature else { return }
            let found = person.containment(of: journey)
            guard found.isTouched else { return }
            let cell = table.cell(journey.key())
            table.add(1, to: Counter.touched, of: cell)
            if found.isContained { table.add(1, to: Counter.contained, of: cell) }
            plan.countPerson(of: journey, to: Counter.persons, in: table, journey.key())
        }
    }
}
