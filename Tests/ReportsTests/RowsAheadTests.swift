import Synchronization
import Tables
import Testing

@testable import Reports

/// Rows that are made on another thread come in order, each once, however many there are.
@Suite struct RowsAheadTests {
    private func rows(_ count: Int) -> ReportRows { ReportRows(count: count) { [.integer(Int64($0))] } }

    @Test(arguments: [0, 1, 4095, 4096, 4097, 8192, 8193, 10_000, 10_001, 50_000])
    func inOrder(_ count: Int) {
        var seen: Int64 = 0
        RowsAhead(rows(count)).forEach { row in
            if row == [.integer(seen)] { seen += 1 }
        }
        #expect(seen == Int64(count))
    }

    private struct Stop: Error {}

    /// Whoever stops has the error, and nobody makes rows any more.
    @Test(arguments: [0, 1, 4095, 4096, 12_345, 29_999])
    func stopped(_ place: Int) {
        let made = Counter()
        let rows = ReportRows(count: 30_000) { place in
            made.count.wrappingAdd(1, ordering: .relaxed)
            return [.integer(Int64(place))]
        }
        #expect(throws: Stop.self) {
            try RowsAhead(rows).forEach { row in if row == [.integer(Int64(place))] { throw Stop() } }
        }
        let then = made.count.load(ordering: .relaxed)
        #expect(then > place && then <= place / 4096 * 4096 + 8192)
        #expect(made.count.load(ordering: .relaxed) == then)
    }

    private final class Counter: Sendable {
        let count = Atomic<Int>(0)
    }
}
