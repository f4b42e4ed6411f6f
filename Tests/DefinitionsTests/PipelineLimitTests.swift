import Testing

@testable import Definitions

/// More than a pipeline can have of something is a fault of the file, told at its place, and never a trap later on.
@Suite struct PipelineLimitTests {
    private func faults(types: Int, steps: Int) -> [String] {
        let names = (0..<types).map { "t\($0)" }.joined(separator: ", ")
        let list = (0..<steps).map { "      - {name: s\($0), match: 'touchpoint == \"\($0)\"'}\n" }.joined()
        return DefinitionsTests.faults(
            """
            version: 1
            name: p
            identity: {known: [\(names)]}
            sources:
              - {name: web, input: a, fields: {time: ts, channel: ch, touchpoint: tp, ids: {t0: a}}}
            journeys:
              - name: buy
                steps:
            \(list)
            """)
    }

    @Test func identityTypes() {
        #expect(faults(types: 64, steps: 1).isEmpty)
        #expect(faults(types: 65, steps: 1).count == 1 && faults(types: 65, steps: 1)[0].contains("at most 64"))
    }

    @Test func steps() {
        #expect(faults(types: 1, steps: 500).isEmpty)
        #expect(faults(types: 1, steps: 501).count == 1 && faults(types: 1, steps: 501)[0].contains("500"))
    }
}
