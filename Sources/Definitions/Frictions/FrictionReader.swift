import Events
import Expressions
import Journeys
import Reports

/// Reads one friction rule: its variables, its pattern, its limits and its examples.
struct FrictionReader {
    private static let usual = (scope: FrictionDefinition.Scope.journey, skip: FrictionDefinition.Skip.pastLast)
    static let shape = SectionShape([
        .init("name", .text, required: true, "What the rule is called in the tables."),
        .init("definition", .text, "A sentence that says what it finds."),
        .init("false_positives", .text, "When it may be wrong."),
        .init("owner", .text, "Who answers for it."),
        .init(
            "scope", .word(FrictionDefinition.Scope.self), default: .text(usual.scope.rawValue), "In which events a match is looked for."),
        .init("partition_by", .list(.text), "Fields whose values are matched apart, such as `attributes.order`."),
        .init("within", .duration, "A match lasts no longer than this."),
        .init("pattern", .expression, required: true, "The variables in the order in which they happen, as in `error again+`."),
        .init(
            "where", .named(.expression, count: 1...Pattern.variablesMax), required: true,
            "For each variable of the pattern which events it is."),
        .init("skip", .word(FrictionDefinition.Skip.self), default: .text(usual.skip.rawValue), "Where the search goes on after a match."),
        .init("absent", .section(absentShape), "What must not come after the match."),
        .init("needs", .named(.expression), "Events without which the log cannot tell, each by a name: then the rule is not measurable."),
        .init("examples", .section(exampleShape), "Events that the rule must find, and others that it must not; `sojourn test` runs them."),
    ])
    private static let absentShape = SectionShape([
        .init("where", .expression, required: true, "Which event must not come."),
        .init("for", .duration, required: true, "For how long after the match it must not come."),
    ])
    private static let exampleShape = SectionShape([
        .init("match", .list(.oneOrList(.text)), "Events, separated by `;` or as a list, in which the rule must match."),
        .init("no_match", .list(.oneOrList(.text)), "Events in which it must not."),
    ])

    let section: SectionReader
    /// What expressions outside the match may name; variables may ask for the match besides.
    let scope: FieldScope
    private var diagnostics: DiagnosticList { section.diagnostics }

    init(section: SectionReader, scope: FieldScope) {
        self.section = section
        self.scope = scope
    }

    /// nil where the rule has no usable name, variables or pattern, which has been reported.
    func read(taken: inout Set<String>) -> FrictionDefinition? {
        let name = section.name("friction", taken: &taken)
        let variables = self.variables()
        let pattern = variables.flatMap { self.pattern($0) }
        let scope = section.word("scope").flatMap(FrictionDefinition.Scope.init)
        let skip = section.word("skip").flatMap(FrictionDefinition.Skip.init)
        let partition = self.partition()
        let within = section.duration("within")
        let absent = section.section("absent", what: "`absent` of \(section.what)").flatMap(absent)
        let needs = self.needs()
        let examples = self.examples()
        let texts = (section.text("definition"), section.text("false_positives"), section.text("owner"))
        guard let name, let variables, let pattern else { return nil }
        var friction = FrictionDefinition(name: name, pattern: pattern, variables: variables)
        (friction.summary, friction.falsePositives, friction.owner) = texts
        friction.scope = scope ?? Self.usual.scope
        friction.skip = skip ?? Self.usual.skip
        friction.partitionBy = partition
        friction.within = within
        friction.absent = absent
        friction.needs = needs
        friction.examples = examples
        return friction
    }

    private func variables() -> [FrictionDefinition.NamedCondition]? {
        let example = "where: {error: 'outcome == \"error\"'}"
        guard let node = section.required("where", "name the variables of the pattern, as in `\(example)`"),
            let entries = SectionReader.entries(
                node, what: "`where` of \(section.what)", example: "error: 'outcome == \"error\"'", diagnostics)
        else { return nil }
        if entries.isEmpty {
            diagnostics.add("`where` of \(section.what) is empty; name at least one variable, as in `\(example)`", at: node)
        }
        guard entries.count <= Pattern.variablesMax else {
            diagnostics.add("\(section.what) has \(entries.count) variables; a rule may have \(Pattern.variablesMax)", at: node)
            return nil
        }
        var scope = scope
        scope.allowsPatternFields = true
        var isWhole = !entries.isEmpty
        let variables = entries.compactMap { entry -> FrictionDefinition.NamedCondition? in
            if !EventField.isIdentifier(entry.key) {
                let name = DiagnosticList.excerpt(entry.key)
                diagnostics.add("`\(name)` is no name for a variable; use letters, digits and _, a letter first", at: entry.keyNode)
                isWhole = false
            }
            guard let condition = section.expression(of: entry.value, entry.key, scope) else {
                if entry.value.isNull {
                    diagnostics.add("variable `\(DiagnosticList.excerpt(entry.key))` has no expression", at: entry.keyNode)
                }
                isWhole = false
                return nil
            }
            return .init(name: entry.key, condition: condition)
        }
        return isWhole ? variables : nil
    }

    private func pattern(_ variables: [FrictionDefinition.NamedCondition]) -> Pattern? {
        let hint = "write the variables in the order in which they happen, as in `pattern: error again+`"
        guard let node = section.required("pattern", hint) else { return nil }
        let names = variables.map(\.name)
        return section.parsed(of: node, "pattern", ("a pattern", "the pattern")) { (text) throws(ExpressionError) -> Pattern in
            let pattern = try Pattern.parse(text, variables: names)
            _ = try PatternAutomaton(pattern)
            return pattern
        }
    }

    private func partition() -> [EventField] {
        (section.texts("partition_by", example: "partition_by: [attributes.order]") ?? []).compactMap { text, node in
            section.eventField(text, node, "partition_by", scope, plain: EventField.plainFields.map(\.name))
        }
    }

    private func absent(_ section: SectionReader) -> FrictionDefinition.Absent? {
        let condition = section.required("where", "say which event must not come").flatMap { section.expression(of: $0, "where", scope) }
        let time = section.required("for", "say for how long, as in `for: 1d`").flatMap { _ in section.duration("for") }
        guard let condition, let time else { return nil }
        return .init(condition: condition, time: time)
    }

    private func needs() -> [FrictionDefinition.NamedCondition] {
        guard let node = section["needs"] else { return [] }
        let entries =
            SectionReader.entries(node, what: "`needs` of \(section.what)", example: "clicks: 'action == \"click\"'", diagnostics) ?? []
        return entries.compactMap { entry in
            section.expression(of: entry.value, entry.key, scope).map { .init(name: entry.key, condition: $0) }
        }
    }

    private func examples() -> [FrictionExample] {
        guard let section = section.section("examples", what: "`examples` of \(section.what)") else { return [] }
        return [("match", true), ("no_match", false)].flatMap { key, isMatch in
            (section.list(key, example: "\(key): ['web checkout/pay submit error; web checkout/pay submit ok +2m']") ?? []).compactMap {
                item in
                example(item, key, isMatch, section)
            }
        }
    }

    /// One text, or a list with a text for each event.
    private func example(_ node: YAMLNode, _ key: String, _ isMatch: Bool, _ section: SectionReader) -> FrictionExample? {
        guard case .sequence(let items) = node.content else {
            return section.parsed(of: node, key, ("events, separated by `;`", "the example")) { (text) throws(ExpressionError) in
                try ExampleReader.read(text, isMatch: isMatch)
            }
        }
        let texts = items.compactMap { section.text(of: $0, key) }
        guard texts.count == items.count else { return nil }
        do {
            return try ExampleReader.read(texts.joined(separator: "; "), isMatch: isMatch)
        } catch {
            diagnostics.add("`\(key)`: \(error.message)", at: node)
            return nil
        }
    }
}
