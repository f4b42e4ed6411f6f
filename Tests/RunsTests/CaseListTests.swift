import Foundation
import Ingest
import RunSupport
import Tables
import TestSupport
import Testing

@testable import Runs

/// `list` has one row for each that a table counts: the lists of random cases are as long as the tables say, whatever the number of
/// threads, and the same from a log and from a state that has read it.
@Suite struct CaseListTests {
    @Test(arguments: 0..<UInt64(10))
    func listsAreAsLongAsTheTablesSay(slice: UInt64) throws {
        var rows = 0
        var ofStates = 0
        for seed in slice * 5..<slice * 5 + 5 { rows += try check(seed: 90_000 + seed, &ofStates) }
        #expect(rows > 100 && ofStates > 10, "the cases no longer test anything: \(rows) rows, \(ofStates) of states")
    }

    /// A list as counts of rows, and of those with a text in a column.
    private struct Listed {
        let table: ReportTable

        private func cell(_ column: String, _ row: [ReportTable.Cell]) -> ReportTable.Cell {
            row[table.columns.firstIndex { $0.name == column }!]
        }

        func rows(_ journey: String) -> [[ReportTable.Cell]] { table.rows.filter { cell("journey", $0) == .text(journey) } }

        func count(_ journey: String, _ column: String, _ wanted: ReportTable.Cell) -> Int {
            rows(journey).count { cell(column, $0) == wanted }
        }

        /// Different journeys, by person and start.
        func journeys(_ journey: String, where column: String? = nil, is wanted: ReportTable.Cell = .unknown) -> Int {
            Set(
                rows(journey).filter { row in column.map { cell($0, row) == wanted } ?? true }.map {
                    "\(cell("person", $0)) \(cell("started", $0))"
                }
            ).count
        }
    }

    /// - Returns: how many rows there were.
    private func check(seed: UInt64, _ ofStates: inout Int) throws -> Int {
        let folder = try ScratchFolder()
        let drawn = RandomCase(seed: seed)
        let pipeline = try drawn.write(to: folder.url)
        let output = try CaseRun.run(pipeline, asOf: drawn.asOf)
        _ = try CaseRun.run(pipeline, into: "of-state", asOf: drawn.asOf, state: "state")
        var total = 0
        func list(_ question: CaseQuestion) throws -> Listed {
            let table = try listing(question, pipeline, asOf: drawn.asOf, threads: 1).run().table
            #expect(try listing(question, pipeline, asOf: drawn.asOf, threads: 3).run().table == table, "seed \(seed) \(question)")
            let ofState = try listing(question, pipeline, asOf: nil, threads: 2, state: folder.path("state")).run()
            if ofState.notes.isEmpty {
                #expect(ofState.table == table, "seed \(seed): \(question) of a state")
                ofStates += 1
            }
            total += table.rows.count
            return Listed(table: table)
        }
        func table(_ name: String) throws -> [[String: String]] {
            let table = try CSVTable(Array(Data(contentsOf: output.appendingPathComponent("csv/\(name).csv"))))
            return table.rows.map { Dictionary(uniqueKeysWithValues: zip(table.header, $0)) }
        }
        for row in try table("frictions") where row["measurable"] == "true" {
            let listed = try list(.problem("friction:\(row["friction"]!)"))
            #expect(listed.rows(row["journey"]!).count == Int(row["occurrences"]!), "seed \(seed): \(row)")
            #expect(listed.journeys(row["journey"]!) <= Int(row["journeys"]!)!, "seed \(seed): \(row)")
        }
        for row in try table("stalls") {
            let journey = row["journey"]!
            let (all, stalled) = (try list(.step(row["step"]!)), try list(.problem("stall:\(row["step"]!)")))
            #expect(all.rows(journey).count == Int(row["visits"]!), "seed \(seed): \(row)")
            for end in ["progressed", "goal", "stopped", "open"] {
                #expect(all.count(journey, "end", .text(end)) == Int(row[end]!), "seed \(seed): \(end) of \(row)")
            }
            #expect(all.count(journey, "stalled", .boolean(true)) == Int(row["stalled"]!), "seed \(seed): \(row)")
            #expect(all.rows(journey).count - all.count(journey, "stalled", .unknown) == Int(row["judged"]!), "seed \(seed): \(row)")
            #expect(stalled.rows(journey).count == Int(row["stalled"]!), "seed \(seed): \(row)")
            for funnel in try table("funnel") where funnel["journey"] == journey && funnel["step"] == row["step"] {
                for stop in ["lost", "open", "elsewhere"] {
                    // An event of several steps is a visit to the first of them only.
                    let found = all.journeys(journey, where: "stopped_here", is: .text(stop))
                    #expect(found <= Int(funnel[stop]!) ?? 0, "seed \(seed): \(stop) of \(funnel)")
                }
            }
        }
        let open = try list(.open)
        for row in try table("journeys") { #expect(open.rows(row["journey"]!).count == Int(row["open"]!), "seed \(seed): \(row)") }
        #expect(try open.table.rows.count == table("open_journeys").count, "seed \(seed)")
        return total
    }

    private func listing(_ question: CaseQuestion, _ pipeline: URL, asOf: Int64?, threads: Int, state: String? = nil) throws -> CaseListing
    {
        var options = LogOptions(pipelinePath: pipeline.path, threads: threads, memoryBytes: 64 << 20)
        options.asOf = asOf
        return try CaseListing(question, journey: nil, options, state: state, cancellation: Cancellation())
    }
}
