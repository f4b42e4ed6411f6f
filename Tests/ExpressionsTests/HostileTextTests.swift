import TestSupport
import Testing

@testable import Expressions

/// Texts that ask for more than any memory holds are refused by their size, told before anything is made of them; what is
/// accepted is small.
@Suite struct HostileTextTests {
    private static let names = ["a", "b"]

    @Test(arguments: [
        Fault("((((((a{0}){1000}){1000}){1000}){1000}){1000}) a", 4, "more than 20000 parts; write it with smaller counts"),
        Fault("(((^{1000}){1000}){1000}) a", 2, "more than 20000 parts"),
        Fault("a ((^ | $){1000}?){20} b", 2, "more than 20000 parts"),
        Fault("((((((a?)*)*)*)*){1000}){1000}", 1, "more than 20000 parts"),
        Fault("((a{20}){20}){20}", 0, "more than 1000 variables; write it with smaller counts"),
        Fault("a (b{501}){2,} c", 2, "more than 1000 variables"), Fault("a{1000} b", 0, "more than 1000 variables"),
        Fault("a (b c | b{0,1000} | c)", 0, "more than 1000 variables"),
        Fault(String(repeating: "a ", count: 1001), 0, "more than 1000 variables"),
        Fault(String(repeating: "(", count: 49) + "a" + String(repeating: "{1000})", count: 49), 48, "more than 1000 variables"),
        Fault(String(repeating: "(", count: 49) + "$" + String(repeating: "{1000})", count: 49), 48, "more than 20000 parts"),
    ])
    func sizesAreToldAtTheirPlace(_ fault: Fault) {
        do {
            _ = try Pattern.parse(fault.text, variables: Self.names + ["c"])
            Issue.record("read: \(fault.text.prefix(60))")
        } catch {
            #expect(error.offset == fault.offset && error.message.contains(fault.message), "\(error.offset) \(error.message)")
        }
    }

    /// The same for a tree that nobody parsed.
    @Test func sizesOfTreesAreChecked() {
        var node = Pattern.Node.begin
        for _ in 0..<40 { node = .repetition(node, min: 1000, max: nil, isReluctant: false) }
        #expect(throws: ExpressionError.self) { try PatternAutomaton(Pattern(source: "", root: node)) }
    }

    @Test func largestPatternsAreAccepted() throws {
        for text in ["a{1000}", "a{999,}", "(a b){500}", "((a{10}){10}){10}", "^ (a{2} b?){300} $", "(a | b)*"] {
            let automaton = try PatternAutomaton(Pattern.parse(text, variables: Self.names))
            #expect(automaton.variables.count <= PatternAutomaton.placesMax)
        }
    }

    @Test(arguments: SeedSlices.of(0..<800, by: 100))
    func patternsAreSmallOrRefused(_ seeds: Range<UInt64>) {
        for seed in seeds {
            var random = SeededGenerator(seed: seed)
            let text = HostileText.pattern(&random)
            do {
                let automaton = try PatternAutomaton(Pattern.parse(text, variables: Self.names))
                #expect(automaton.variables.count <= PatternAutomaton.placesMax, "seed \(seed): \(text.prefix(100))")
                #expect(
                    automaton.starts.count + automaton.successors.count <= PatternAutomaton.searchStepsMax,
                    "seed \(seed): \(text.prefix(100))")
            } catch {
                #expect(error.offset <= text.utf8.count && error.message.utf8.count < 400, "seed \(seed): \(error)")
            }
        }
    }

    @Test(arguments: SeedSlices.of(0..<320, by: 40))
    func expressionsAreShallowOrRefused(_ seeds: Range<UInt64>) {
        let scope = FieldScope(attributes: nil)
        // A chain of so many bytes as a balanced tree is no deeper than this.
        let chainDepth = Int.bitWidth - Expression.textBytesMax.leadingZeroBitCount
        for seed in seeds {
            var random = SeededGenerator(seed: seed)
            let text = HostileText.expression(&random)
            do {
                let expression = try Expression.parse(text, fields: scope)
                #expect(expression.root.depth <= Expression.depthMax * chainDepth, "seed \(seed): \(text.prefix(100))")
            } catch {
                #expect(error.offset <= text.utf8.count && error.message.utf8.count < 400, "seed \(seed): \(error)")
            }
        }
    }
}

extension Expression.Node {
    fileprivate var depth: Int {
        switch self {
        case .literal, .field, .gap, .has: 1
        case .not(let inner), .call(_, let inner, argument: _): inner.depth + 1
        case .and(let left, let right), .or(let left, let right), .compare(_, let left, let right): max(left.depth, right.depth) + 1
        case .isIn(let item, let list): max(item.depth, list.map(\.depth).max() ?? 0) + 1
        }
    }
}
