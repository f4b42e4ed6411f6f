import Dispatch
import Synchronization
import Tables

/// The rows of a table, made on another thread while those before them are written: where there are many, to make a row takes as
/// long as to store it.
struct RowsAhead {
    private let rows: ReportRows
    /// So many are made at a time, and no more than twice as many are held.
    private static let batchRows = 4096

    /// The batch that was made last.
    private final class Made: Sendable {
        let batch = Mutex<[ReportRows.Row]>([])
    }

    init(_ rows: ReportRows) { self.rows = rows }

    /// In order.
    func forEach(_ body: (ReportRows.Row) throws -> Void) rethrows {
        let batches = stride(from: 0, to: rows.count, by: Self.batchRows).map { $0..<min($0 + Self.batchRows, rows.count) }
        guard batches.count > 1 else {
            for row in rows { try body(row) }
            return
        }
        let (made, work) = (Made(), DispatchGroup())
        func make(_ batch: Range<Int>) {
            DispatchQueue.global().async(group: work) { [rows] in
                let next = batch.map { rows[$0] }
                made.batch.withLock { $0 = next }
            }
        }
        make(batches[0])
        // Nobody is left at work when this returns, whether it throws or not.
        defer { work.wait() }
        for number in batches.indices {
            work.wait()
            let batch = made.batch.withLock { $0 }
            if number + 1 < batches.count { make(batches[number + 1]) }
            for row in batch { try body(row) }
        }
    }
}
