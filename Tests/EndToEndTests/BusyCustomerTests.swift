import Foundation
import TestSupport
import Testing

/// One identifier behind very many journeys, as a till's or a test account's: time grows with the log, not with journeys times all
/// else that the person does.
@Suite struct BusyCustomerTests {
    private static let journeys = 30_000

    private static let pipeline = """
        version: 1
        name: shop
        identity: {known: [customer]}
        sources: [{name: log, input: log.ndjson, fields: {time: t, channel: ch, touchpoint: tp, value: v, ids: {customer: c}}}]
        channels: {phone: {kind: assisted, gap: 1m}}
        contacts: {handover: 1m}
        surveys: {ces: {where: 'touchpoint == "asked"', kind: mean, scale: [1, 7]}}
        effort: {contact: 1}
        journeys: [{name: call, start: 'touchpoint == "ask"', goal: 'touchpoint == "end"', inactivity: 5m}]
        frictions: {define: [{name: again, scope: person, pattern: end, where: {end: 'touchpoint == "end"'}}]}
        """

    @Test func journeysWithContactsAnswersAndMatches() throws {
        let folder = try ScratchFolder()
        try folder.write(Self.pipeline, to: "p.yaml")
        var lines = ""
        for number in 0..<Self.journeys {
            let time = 1_700_000_000 + 3600 * number
            lines += #"{"t":\#(time),"c":"till","ch":"phone","tp":"ask"}"# + "\n"
            lines += #"{"t":\#(time + 1),"c":"till","ch":"phone","tp":"end"}"# + "\n"
            lines += #"{"t":\#(time + 2),"c":"till","ch":"web","tp":"asked","v":\#(number % 7 + 1)}"# + "\n"
        }
        try folder.write(lines, to: "log.ndjson")
        let ended = try Binary.run(["run", "p.yaml", "-o", "out"], in: folder.path, limits: Binary.Limits(seconds: 60))
        #expect(ended.status == 0, "\(ended.errors)")
        func table(_ name: String) throws -> CSVTable {
            try CSVTable(Array(Data(contentsOf: folder.url.appendingPathComponent("out/csv/\(name).csv"))))
        }
        let (frictions, metrics) = (try table("frictions"), try table("metrics"))
        #expect(frictions.column("occurrences") == ["30000"] && frictions.column("journeys") == ["30000"])
        let names = try #require(metrics.column("name"))
        func cell(_ column: String, _ name: String) throws -> String? {
            zip(names, try #require(metrics.column(column))).first { $0.0 == name }?.1
        }
        #expect(try cell("numerator", "contact") == "29999" && cell("denominator", "contact") == "29999")
        #expect(try cell("denominator", "correlation ces") == "29999")
    }
}
