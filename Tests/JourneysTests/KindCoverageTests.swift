import Events
import Expressions
import Testing

@testable import Journeys

/// What is told of a pipeline by the kinds of events alone, drawn by hand.
@Suite struct KindCoverageTests {
    private func findings(_ journey: (inout JourneyDefinition) throws -> Void, _ kinds: [[String]]) throws -> [KindCoverage.Finding] {
        let texts = SymbolTable()
        let table = TupleTable(width: EventKind.width)
        for kind in kinds {
            let symbols = kind.map { $0.isEmpty ? 0 : texts.intern($0) }
            _ = table.intern(symbols + [0])
        }
        let scalars: [EventField] = [.value, .attribute("x")]
        let layout = RowLayout(hasEventID: false, hasSequence: false, scalarCount: scalars.count)
        let symbols = EventSymbols(texts: texts, kinds: table, channels: [], scalars: scalars, layout: layout)
        var definition = JourneyDefinition(name: "j")
        try journey(&definition)
        return try KindCoverage([definition], [], symbols: symbols).findings
    }

    private func expression(_ text: String) throws -> Expression { try Expression.parse(text, fields: FieldScope(attributes: nil)) }

    private let kinds = [["web", "product", "view", "", ""], ["web", "cart", "add", "ok", ""], ["", "", "", "", ""]]

    @Test func aMisspeltWord() throws {
        let found = try findings(
            { $0.goal = try expression(#"channel == "web" && touchpoint in ["prodct", "cart"] && action == "ad""#) }, kinds)
        #expect(found.map(\.place) == ["`goal` of journey `j`"])
        #expect(found.map(\.problem) == [.neverTrue(word: "prodct", nearest: "product")])
    }

    @Test(arguments: [
        #"touchpoint == "product""#, #"touchpoint != "nosuch""#, "value > 5", #"has(attributes.x) && action == "view""#,
        #"outcome == "ok""#,
        #"!(action == "nosuch")"#, #"touchpoint.startsWith("c")"#,
    ])
    func whatMayHold(_ text: String) throws {
        #expect(try findings({ $0.start = try expression(text) }, kinds) == [])
    }

    @Test func whatNoWordExplains() throws {
        let found = try findings({ $0.fail = try expression(#"touchpoint == "product" && action == "add""#) }, kinds)
        #expect(found.map(\.problem) == [.neverTrue(word: nil, nearest: nil)])
    }

    /// A step that earlier ones always take first; not one that they only may take.
    @Test func unreachableSteps() throws {
        let found = try findings(
            {
                $0.steps = [
                    StepDefinition(name: "a", match: try expression(#"touchpoint == "product""#)),
                    StepDefinition(name: "b", match: try expression(#"action == "view""#)),
                    StepDefinition(name: "c", match: try expression("value > 5")),
                    StepDefinition(name: "d", match: try expression(#"channel == "web" && outcome == "ok""#)),
                    StepDefinition(name: "e", match: try expression(#"channel == "web""#)),
                ]
            }, kinds)
        #expect(found.map(\.place) == ["step `b` of journey `j`", "step `e` of journey `j`"])
        #expect(found.map(\.problem) == [.unreachable(earlier: ["a"]), .unreachable(earlier: ["a", "d"])])
    }

    /// A log without events says nothing of a pipeline.
    @Test func nothingRead() throws {
        #expect(try findings({ $0.goal = try expression(#"action == "x""#) }, [["", "", "", "", ""]]) == [])
    }
}
