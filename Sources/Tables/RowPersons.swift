/// How many different persons stand behind the rows of tables that do not say so: for leaving out rows of few. By table
/// and what identifies a row, over all days.
public struct RowPersons: Sendable {
    public enum Table: UInt32, Sendable { case funnel, stalls, transitions }

    let cells = CellTable(width: 6, counterCount: 1, textColumns: [3, 4])

    /// Each person counts once, as long as its calls come one after the other.
    /// - Parameter owner: number of the person, not 0.
    public func add(_ owner: UInt32, to table: Table, _ a: UInt32, _ b: UInt32, _ c: UInt32 = 0, _ d: UInt32 = 0) {
        cells.addOnce(owner, to: 0, of: cells.cell(table.rawValue, a, b, c, d, MetricCells.allDays))
    }

    /// By the numbers that identify a row.
    func counts(of table: Table) -> [[UInt32]: Int64] {
        var counts: [[UInt32]: Int64] = [:]
        for cell in 0..<cells.keys.count where cells.keys[cell][0] == table.rawValue {
            counts[Array(cells.keys[cell].dropFirst().dropLast())] = cells.counter(0, of: cell)
        }
        return counts
    }
}
