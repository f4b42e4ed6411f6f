import Events
import Expressions
import Journeys
import Reports

/// Reads one journey type: its expressions, its limits, its steps and its funnel.
struct JourneyReader {
    static let shape = SectionShape([
        .init("name", .text, required: true, "What the type of journey is called in the tables."),
        .init("scope", .expression, "Which events count; default: all."),
        .init("start", .expression, "Which event opens a journey; default: any in scope."),
        .init("goal", .expression, "Which event completes it."),
        .init("fail", .expression, "Which event fails it."),
        .init("key", .text, "The field that splits journeys, such as an order number: one line of journeys for each value."),
        .init(
            "inactivity", .duration, default: .duration(JourneyDefinition(name: "").inactivity),
            "After a silence longer than this a journey is given up."),
        .init("max_length", .duration, "After this time since its start a journey is given up."),
        .init(
            "horizon", .duration, "Within this time of its start a journey must reach its goal to have converted; default: `inactivity`."),
        .init("value_when", .expression, "Which event gives the customer what the journey is for; default: the goal."),
        .init(
            "steps", .list(.section(stepShape), count: 0...stepsMax), "The key moments; an event belongs to the first step that it matches."
        ),
        .init("funnel", .section(funnelShape), "How journeys must go through the steps."),
    ])
    private static let stepShape = SectionShape([
        .init("name", .text, required: true, "What the step is called in the tables."),
        .init("match", .expression, required: true, "Which events belong to the step."),
        .init("owner", .text, "Who answers for the step."),
        .init("sla", .duration, "A visit that lasts longer is a stall; default: a threshold is learned from the log."),
        .init("funnel", .boolean, default: true, "Whether the step is one of the funnel."),
    ])
    private static let funnelShape = SectionShape([
        .init("window", .duration, "Within this time the steps must be reached; default: no limit."),
        .init("mode", .word(FunnelDefinition.Mode.self), default: .text(FunnelDefinition().mode.rawValue), "Which order of steps counts."),
    ])

    /// A funnel keeps a square of them; beyond this a step is no stage any more.
    static let stepsMax = 500

    let section: SectionReader
    /// What expressions may name. Where the sources are broken, any attribute goes.
    private(set) var scope: FieldScope
    private var diagnostics: DiagnosticList { section.diagnostics }

    init(section: SectionReader, scope: FieldScope) {
        self.section = section
        self.scope = scope
    }

    /// - Parameters:
    ///   - taken: names of journeys before this one; its own joins them.
    ///   - allSteps: the names of its steps join those of other types, also of steps with a fault.
    mutating func read(taken: inout Set<String>, allSteps: inout Set<String>) -> JourneyDefinition {
        var journey = JourneyDefinition(name: section.name("journey", taken: &taken) ?? "")
        var steps: Set<String> = []
        journey.steps = self.steps(taken: &steps)
        scope.steps = steps
        allSteps.formUnion(steps)
        journey.scope = section.expression("scope", scope)
        journey.start = section.expression("start", scope)
        journey.goal = section.expression("goal", scope)
        journey.fail = section.expression("fail", scope)
        journey.valueWhen = section.expression("value_when", scope)
        journey.key = key()
        journey.inactivity = section.duration("inactivity") ?? journey.inactivity
        journey.maxLength = section.duration("max_length")
        journey.horizon = section.duration("horizon")
        if let funnel = section.section("funnel") { journey.funnel = self.funnel(funnel) }
        return journey
    }

    private func key() -> EventField? {
        guard let text = section.text("key"), let node = section["key"] else { return nil }
        return section.eventField(text, node, "key", scope, plain: EventField.namesBesideStep)
    }

    private func steps(taken: inout Set<String>) -> [StepDefinition] {
        var scope = scope
        scope.allowsStep = false
        let sections = section.sections("steps", kind: "step", example: "steps: [{name: pay, match: '…'}]")
        if sections.count > Self.stepsMax, let node = section["steps"] {
            diagnostics.add("\(section.what) has \(sections.count) steps; a journey type may have \(Self.stepsMax)", at: node)
        }
        return sections.compactMap { section in
            let name = section.name("step of \(self.section.what)", taken: &taken)
            let match = section.required("match", "say which events belong to the step")
                .flatMap { section.expression(of: $0, "match", scope) }
            let owner = section.text("owner")
            let sla = section.duration("sla")
            let inFunnel = section.boolean("funnel") ?? true
            guard let name, let match else { return nil }
            var step = StepDefinition(name: name, match: match)
            (step.owner, step.sla, step.inFunnel) = (owner, sla, inFunnel)
            return step
        }
    }

    private func funnel(_ section: SectionReader) -> FunnelDefinition {
        var funnel = FunnelDefinition()
        funnel.window = section.duration("window")
        funnel.mode = section.word("mode").flatMap(FunnelDefinition.Mode.init) ?? funnel.mode
        return funnel
    }
}
