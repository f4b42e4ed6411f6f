import Expressions
import Testing

@Suite struct PatternTests {
    private static let names = ["a", "b", "long_name"]

    private func tree(_ text: String) throws -> Pattern.Node { try Pattern.parse(text, variables: Self.names).root }

    private static func counted(_ node: Pattern.Node, _ min: Int, _ max: Int?, reluctant: Bool = false) -> Pattern.Node {
        .repetition(node, min: min, max: max, isReluctant: reluctant)
    }

    @Test func readsEverything() throws {
        let (a, b) = (Pattern.Node.variable(0), Pattern.Node.variable(1))
        #expect(try tree("a b long_name") == .sequence([a, b, .variable(2)]))
        #expect(try tree(" a|b a ") == .alternatives([a, .sequence([b, a])]))
        #expect(try tree("^ a $") == .sequence([.begin, a, .end]))
        #expect(try tree("a? b*") == .sequence([Self.counted(a, 0, 1), Self.counted(b, 0, nil)]))
        #expect(try tree("a+?b{2}?") == .sequence([Self.counted(a, 1, nil, reluctant: true), Self.counted(b, 2, 2, reluctant: true)]))
        #expect(try tree("(a b){2,}") == Self.counted(.sequence([a, b]), 2, nil))
        #expect(try tree("a { 2 , 5 }") == Self.counted(a, 2, 5))
        #expect(try tree("((a))") == a)
    }

    @Test(arguments: [
        Fault("", 0, "the pattern is empty"),
        Fault("a c", 2, "unknown variable `c`"),
        Fault("a longname", 2, "did you mean `long_name`?"),
        Fault("a (b", 2, "not closed"),
        Fault("a b)", 3, "closes no group"),
        Fault("* a", 0, "nothing stands before `*`"),
        Fault("a{3,2}", 1, "{2,3}"),
        Fault("a{x}", 1, "{2}, {2,} or {2,5}"),
        Fault("a{1001}", 2, "1000"),
        Fault("a{99999999999999999999}", 2, "1000"),
        Fault("a+*", 2, "second count"),
        Fault("a | ", 4, "a variable is missing"),
        Fault("a || b", 3, "a variable is missing"),
        Fault("()", 1, "a variable is missing"),
        Fault("a -> b", 2, "blanks between them"),
        Fault("a, b", 1, "blanks between them"),
        Fault("a . b", 2, "`.` is not part of a pattern"),
        Fault("ä", 0, "`ä` is not part of a pattern"),
        Fault(String(repeating: "(", count: 60), 50, "nested more than 50 deep"),
        Fault(String(repeating: "a ", count: 3000), 4096, "4096 bytes long"),
    ])
    func refuses(_ fault: Fault) {
        do {
            let parsed = try Pattern.parse(fault.text, variables: Self.names)
            Issue.record("read as \(parsed.root)")
        } catch {
            #expect(error.offset == fault.offset, "\(error.message)")
            #expect(error.message.contains(fault.message), "\(error.message)")
        }
    }

    @Test func knowsWhatAMatchNeeds() throws {
        func necessary(_ text: String) throws -> UInt32 { try Pattern.parse(text, variables: Self.names).necessary }
        #expect(try necessary("a b?") == 0b001)
        #expect(try necessary("(a | b) long_name+") == 0b100)
        #expect(try necessary("(a b | b)") == 0b010)
        #expect(try necessary("a{0,3} b{1,}") == 0b010)
        #expect(try necessary("(a b){0}") == 0)
        func shortest(_ text: String) throws -> Int { try Pattern.parse(text, variables: Self.names).lengthMin }
        #expect(try shortest("a (b a){2} b*") == 5)
        #expect(try shortest("a | b b") == 1)
        #expect(try shortest("a*") == 0)
    }

    @Test func ordersSuccessorsByPreference() throws {
        func automaton(_ text: String) throws -> PatternAutomaton { try PatternAutomaton(Pattern.parse(text, variables: Self.names)) }
        func next(_ automaton: PatternAutomaton, _ place: Int) -> [Int?] { automaton.successors[automaton.ranges[place]].map(\.place) }
        let greedy = try automaton("a+ b")
        #expect(greedy.variables == [0, 0, 1])
        #expect(next(greedy, 0) == [1, 2] && next(greedy, 1) == [1, 2] && next(greedy, 2) == [nil])
        let reluctant = try automaton("a+? b")
        #expect(next(reluctant, 0) == [2, 1])
        // What is reached in several ways stands once, and nothing stands behind the end of the match.
        #expect(next(try automaton("a (b | b?)"), 0) == [1, 2, nil])
        #expect(next(try automaton("a b*?"), 0) == [nil])
        let anchored = try automaton("^ a $ | b")
        #expect(anchored.starts.map(\.atBegin) == [true, nil])
        #expect(anchored.successors[anchored.ranges[0]].map(\.atEnd) == [true])
    }

    @Test func refusesWhatUnrollsTooFar() {
        for text in ["((a{20}){20}){20}", "(a?){999}"] {
            #expect(throws: ExpressionError.self) { try PatternAutomaton(Pattern.parse(text, variables: Self.names)) }
        }
    }
}
