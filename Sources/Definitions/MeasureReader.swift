import Events
import Expressions
import Journeys
import Reports

/// Reads what metrics.csv measures: `surveys`, `effort`, `terms` and `touchpoints`.
struct MeasureReader {
    static let keys: [KeyShape] = [
        .init(
            "surveys", .named(.section(surveyShape), count: 0...listMax), "Questions to customers, whose answers are events with a `value`."
        ),
        .init("effort", .section(effortShape), "What the parts of a journey's effort weigh; without, effort is not measured."),
        .init("terms", .list(.section(termShape), count: 0...listMax), "What customers should be told the same in every channel."),
        .init("touchpoints", .named(.section(touchpointShape), orNothing: true), "What is known of touchpoints, by name."),
    ]
    private static let surveyShape = SectionShape([
        .init("where", .expression, required: true, "Which events are answers."),
        .init("kind", .word(SurveyDefinition.Kind.self), required: true, "A net promoter score, or the mean of a scale."),
        .init(
            "scale", .list(.number(-1_000_000...1_000_000), count: 2...2), "The least and the greatest answer; of `mean`, which needs it."),
    ])
    private static let effortShape: SectionShape = {
        func key(_ name: String, _ usual: Int64, _ words: String) -> KeyShape {
            KeyShape(name, .number(0...1000), default: .thousandths(usual), "What \(words) weighs.")
        }
        let usual = EffortDefinition()
        return SectionShape([
            key("contact", usual.contact, "a contact"), key("switch", usual.channelSwitch, "a switch of channels"),
            key("repeat", usual.repeatedStep, "a visit of a step that was visited before"), key("error", usual.error, "an error"),
            key("hour", usual.hour, "an hour in which it was the organization's move"),
        ])
    }()
    private static let termShape = SectionShape([
        .init("name", .text, "What the term is called in the tables; default: its item."),
        .init("item", .text, required: true, "The field that says what is spoken of, such as `attributes.item`."),
        .init("value", .text, required: true, "The field that should be the same, such as `attributes.price`."),
        .init("within", .duration, default: .duration(usualWithin), "Sightings further apart than this are not set side by side."),
    ])
    private static let touchpointShape = SectionShape([.init("bot", .boolean, default: false, "Whether a machine answers there.")])
    private static let listMax = 64
    private static let usualWithin: Microseconds = 7 * 86_400_000_000

    let file: SectionReader
    /// What expressions may name.
    let scope: FieldScope
    private var diagnostics: DiagnosticList { file.diagnostics }

    func read() -> MeasureDefinition {
        var measures = MeasureDefinition()
        measures.surveys = surveys()
        measures.effort = effort()
        measures.terms = terms()
        measures.botTouchpoints = botTouchpoints()
        return measures
    }

    private func surveys() -> [SurveyDefinition] {
        guard let node = file["surveys"] else { return [] }
        let example = "nps: {where: 'touchpoint == \"survey\"', kind: nps}"
        let entries = SectionReader.entries(node, what: "`surveys`", example: example, diagnostics) ?? []
        if entries.count > Self.listMax {
            diagnostics.add("there are \(entries.count) surveys; a pipeline may have \(Self.listMax)", at: node)
        }
        return entries.compactMap { entry in
            guard let section = file.section(entry, of: "surveys", kind: "survey") else { return nil }
            let condition = section.required("where", "say which events are answers").flatMap {
                section.expression(of: $0, "where", scope)
            }
            guard section.required("kind", "write `kind: nps`, or `kind: mean` with a `scale`") != nil,
                let kind = section.word("kind").flatMap(SurveyDefinition.Kind.init), let scale = scale(section, kind), let condition
            else { return nil }
            return SurveyDefinition(name: entry.key, condition: condition, kind: kind, scale: scale)
        }
    }

    private func scale(_ section: SectionReader, _ kind: SurveyDefinition.Kind) -> ClosedRange<Int64>? {
        switch kind {
        case .nps:
            if let node = section["scale"] {
                diagnostics.add("`scale` of \(section.what): a net promoter score is asked from 0 to 10; leave it out", at: node)
            }
            return SurveyDefinition.npsScale
        case .mean:
            guard let node = section.required("scale", "give the least and the greatest answer, as in `scale: [1, 7]`"),
                let items = section.list("scale", example: "scale: [1, 7]")
            else { return nil }
            let ends = items.compactMap { section.thousandths(of: $0, "scale") }
            guard ends.count == items.count else { return nil }
            guard ends.count == 2, ends[0] < ends[1] else {
                diagnostics.add("`scale` must be the least and the greatest answer, as in `scale: [1, 7]`", at: node)
                return nil
            }
            return ends[0]...ends[1]
        }
    }

    private func effort() -> EffortDefinition? {
        guard let section = file.section("effort") else { return nil }
        var effort = EffortDefinition()
        func weight(_ key: String, _ place: WritableKeyPath<EffortDefinition, Int64>) {
            if let node = section[key], let weight = section.thousandths(of: node, key) { effort[keyPath: place] = weight }
        }
        weight("contact", \.contact)
        weight("switch", \.channelSwitch)
        weight("repeat", \.repeatedStep)
        weight("error", \.error)
        weight("hour", \.hour)
        return effort
    }

    private func terms() -> [TermDefinition] {
        var taken: Set<String> = []
        let example = "terms: [{item: attributes.item, value: attributes.price, within: 7d}]"
        let sections = file.sections("terms", kind: "term", example: example)
        if sections.count > Self.listMax, let node = file["terms"] {
            diagnostics.add("there are \(sections.count) terms; a pipeline may have \(Self.listMax)", at: node)
        }
        return sections.compactMap { section in
            func field(_ key: String, _ hint: String) -> EventField? {
                section.required(key, hint).flatMap { node in
                    section.text(of: node, key).flatMap {
                        section.eventField($0, node, key, scope, plain: EventField.namesBesideStep)
                    }
                }
            }
            let item = field("item", "say what is spoken of, as in `item: attributes.item`")
            let value = field("value", "say what is told of it, as in `value: attributes.price`")
            guard let item, let value else { return nil }
            let name = section.text("name") ?? section["item"].flatMap { section.text(of: $0, "item") } ?? ""
            guard taken.insert(name).inserted else {
                diagnostics.add(
                    "another term is already named `\(DiagnosticList.excerpt(name))`; give each its own `name`", at: section.node)
                return nil
            }
            return TermDefinition(name: name, item: item, value: value, within: section.duration("within") ?? Self.usualWithin)
        }
    }

    private func botTouchpoints() -> [String] {
        guard let node = file["touchpoints"] else { return [] }
        let entries = SectionReader.entries(node, what: "`touchpoints`", example: "chat/bot: {bot: true}", diagnostics) ?? []
        return entries.compactMap { entry in
            guard !entry.value.isNull, let section = file.section(entry, of: "touchpoints", kind: "touchpoint") else { return nil }
            return section.boolean("bot") == true ? entry.key : nil
        }
    }
}
