import Foundation
import RunSupport
import TestSupport
import Testing

/// More journeys under way than open_journeys.csv has rows for. Persons are only named where they may be shown, so who is left out is
/// decided before names are known: here by names alone among those who stand equally at the limit.
@Suite struct ManyOpenJourneysTests {
    private static let pipeline = """
        version: 1
        name: many
        sources:
          - {name: web, input: web.ndjson, constants: {channel: web}, fields: {time: t, touchpoint: at, ids: {user: u, device: d}}}
        identity: {known: [user], linking: [device]}
        journeys:
          - name: order
            start: 'touchpoint == "cart"'
            goal: 'touchpoint == "paid"'
            inactivity: 7d
            steps: [{name: cart, match: 'touchpoint == "cart"'}, {name: pay, match: 'touchpoint == "pay"'}]

        """

    /// Ever later ones are idle for less long; of some moments there are many.
    private static func minute(_ person: Int) -> Int { person < 9_000 ? 10 + person % 10 : person < 10_040 ? 30 : 31 + person % 7 }

    private static let persons = 10_090
    private static let rowsMax = 10_000

    @Test(arguments: [1, 2, 3])
    func theFirstByTimeAndName(_ threads: Int) throws {
        let folder = try ScratchFolder()
        try folder.write(Self.pipeline, to: "p.yaml")
        // Every third is anonymous; numbers are strewn, so that the order of the log is that of neither time nor name.
        let people = (0..<Self.persons).map { number in
            let person = number * 7919 % Self.persons
            return (name: person % 3 == 0 ? "device:d\(person)" : "user:u\(person)", id: person, minute: Self.minute(person))
        }
        let lines = people.map { person in
            let id = person.id % 3 == 0 ? "\"d\":\"d\(person.id)\"" : "\"u\":\"u\(person.id)\",\"d\":\"d\(person.id)\""
            return "{\"t\":\(1_772_409_600 + 60 * person.minute),\"at\":\"cart\",\(id)}\n"
        }
        try folder.write(lines.joined(), to: "web.ndjson")
        let output = try CaseRun.run(folder.url.appendingPathComponent("p.yaml"), threads: threads, blockBytes: 1 << 14)
        let shown = try #require(
            CSVTable(Array(Data(contentsOf: output.appendingPathComponent("csv/open_journeys.csv")))).column("person"))
        let expected = people.sorted { one, other in
            one.minute != other.minute ? one.minute < other.minute : one.name.utf8.lexicographicallyPrecedes(other.name.utf8)
        }.prefix(Self.rowsMax).map(\.name)
        #expect(shown.count == Self.rowsMax)
        #expect(shown == expected)
    }
}
