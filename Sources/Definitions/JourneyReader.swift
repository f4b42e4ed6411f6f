import Events
import Expressions
import Journeys

/// Reads one journey type: its expressions, its limits, its steps and its funnel.
struct JourneyReader {
    static let keys = [
        "name", "scope", "start", "goal", "fail", "key", "inactivity", "max_length", "horizon", "value_when", "steps", "funnel",
    ]
    static let stepKeys = ["name", "match", "owner", "sla", "funnel"]

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
        if let node = section["funnel"] { journey.funnel = funnel(node) }
        return journey
    }

    private func key() -> EventField? {
        guard let text = section.text("key"), let node = section["key"] else { return nil }
        return section.eventField(text, node, "key", scope, plain: EventField.namesBesideStep)
    }

    private func steps(taken: inout Set<String>) -> [StepDefinition] {
        var scope = scope
        scope.allowsStep = false
        let sections = section.sections("steps", kind: "step", keys: Self.stepKeys, example: "steps: [{name: pay, match: '…'}]")
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

    private func funnel(_ node: YAMLNode) -> FunnelDefinition {
        var funnel = FunnelDefinition()
        guard let section = SectionReader(node, what: "`funnel`", keys: ["window", "mode"], diagnostics: diagnostics) else { return funnel }
        funnel.window = section.duration("window")
        funnel.mode = section.choice("mode", FunnelDefinition.Mode.allCases.map { ($0.rawValue, $0) }) ?? funnel.mode
        return funnel
    }
}
