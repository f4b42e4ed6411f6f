import Definitions
import Events
import Expressions
import Identity
import Ingest
import Journeys
import Reports
import Tables

/// What a log and a pipeline say of each other that is probably a mistake (pipelines/rules.md, 15), gathered on the log's way.
struct LogWarnings {
    let definition: PipelineDefinition
    let plan: ReadPlan
    /// By scalar column of a row.
    let scalars: [EventField]
    let inputs: [InputFile]
    private(set) var found: [RunWarning] = []

    init(_ definition: PipelineDefinition, _ plan: ReadPlan, scalars: [EventField], inputs: [InputFile]) {
        (self.definition, self.plan, self.scalars, self.inputs) = (definition, plan, scalars, inputs)
    }

    private mutating func add(_ code: RunWarning.Code, _ text: String, _ place: String) {
        found.append(RunWarning(code: code, text: text, place: place))
    }

    private func sourceName(_ source: Int) -> String { "source `\(definition.sources[source].name)`" }

    // MARK: What was read

    /// - Parameter lines: of each source.
    mutating func look(at facts: [SourceFacts], lines: [Int64]) {
        for (source, facts) in facts.enumerated() where lines[source] > 0 {
            let fields = plan.sources[source].mappedFields
            let survey = facts.isMet.contains(false) ? keys(source) : nil
            var said: Set<[String]> = []
            for (field, isMet) in zip(fields, facts.isMet) where !isMet {
                let paths = field.paths.map(\.text)
                // One path may be that of several fields, and a scalar's of a condition too.
                guard said.insert([name(field)] + paths).inserted else { continue }
                let near = field.paths.compactMap { survey?.nearest(to: $0) }.first
                add(
                    .neverThere,
                    "no line has `\(paths.joined(separator: "`, `"))`" + (near.map { "; did you mean `\($0)`?" } ?? ""),
                    "\(sourceName(source)), \(name(field))")
            }
            if !facts.isKept, let condition = definition.sources[source].condition {
                add(
                    .neverTrue, "nothing satisfies `\(condition.source)`, so that no record of it is an event",
                    "`where` of \(sourceName(source))")
            }
            if facts.uncertainTimes > 0 {
                let count = facts.uncertainTimes
                add(
                    .localTime,
                    "\(count) time\(count == 1 ? "" : "s") without a zone lie\(count == 1 ? "s" : "") where the clocks of "
                        + "\(definition.sources[source].timezone ?? definition.timezone) show an hour twice or skip it: they may be an hour off. "
                        + "Log times in UTC or with their offset", sourceName(source))
            }
        }
    }

    private func name(_ field: MappedField) -> String {
        let name =
            switch field.name {
            case .field(let field): field.rawValue
            case .identifier(let column): "ids.\(definition.identity.types[plan.identityTypes[column]])"
            case .attribute(let name): "attributes.\(name)"
            case .scalar(let column): if case .attribute(let name) = scalars[column] { "attributes.\(name)" } else { "value" }
            }
        return field.mapping > 0 ? "`\(name)` of `events[\(field.mapping)]`" : "`\(name)`"
    }

    /// Those of the first file of the source that can be opened twice.
    private func keys(_ source: Int) -> KeySurvey? {
        guard let file = inputs.first(where: { $0.source == source && $0.bytes != nil }) else { return nil }
        // It was read to its end a moment ago; without a guess the warnings stand all the same.
        return try? KeySurvey(path: file.path, each: plan.sources[source].each, maxLineBytes: plan.maxLineBytes)
    }

    // MARK: What events say

    /// All that is known once the tables are made, in the order in which it is said.
    /// - Parameters:
    ///   - texts: of the log and the state, as `kinds` are.
    ///   - touchpoints: how many each source has, where together they are many.
    mutating func look(
        at texts: SymbolTable, _ kinds: TupleTable, _ hubs: HubIDs, touchpoints: [Int], _ tables: [ReportTable]
    ) throws {
        try look(at: texts, kinds)
        look(at: hubs)
        look(atTouchpoints: touchpoints)
        look(at: tables)
    }

    /// - Parameters:
    ///   - texts: of the log and the state.
    ///   - kinds: likewise.
    mutating func look(at texts: SymbolTable, _ kinds: TupleTable) throws {
        let symbols = EventSymbols(texts: texts, kinds: kinds, channels: definition.channels, scalars: scalars, layout: plan.layout)
        for finding in try KindCoverage(definition.journeys, definition.frictions, symbols: symbols).findings {
            switch finding.problem {
            case .neverTrue(let word, let nearest):
                let reason = word.map { "; no event has `\($0)` there" + (nearest.map { ", but some have `\($0)`" } ?? "") } ?? ""
                add(.neverTrue, "no event can satisfy `\(finding.expression)`\(reason)", finding.place)
            case .unreachable(let earlier):
                add(
                    .unreachableStep,
                    "every event that satisfies `\(finding.expression)` belongs to an earlier step: \(Self.list(earlier))", finding.place)
            }
        }
        guard !definition.channels.isEmpty else { return }
        let seen = Set((0..<kinds.count).map { kinds[$0][KindField.channel.rawValue] }.filter { $0 != 0 }).map { texts.string($0) }
        let known = Set(definition.channels.map { Array($0.name.utf8) })
        let others = seen.filter { !known.contains(Array($0.utf8)) }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        if !others.isEmpty {
            let near = NearestName.of(others[0], among: definition.channels.map(\.name)).map { "; is the first meant to be `\($0)`?" } ?? ""
            add(
                .undeclaredChannel,
                "events come in channels that are not declared: \(Self.list(others)). They have no kind and no owner\(near)", "`channels`")
        }
    }

    private static func list(_ names: [String]) -> String {
        let shown = names.prefix(5).map { "`\(DiagnosticList.excerpt($0))`" }.joined(separator: ", ")
        return names.count > 5 ? shown + " and \(names.count - 5) more" : shown
    }

    private mutating func look(at hubs: HubIDs) {
        let types = definition.identity.types
        for (pair, count) in hubs.found.sorted(by: { ($0.key.known, $0.key.linking) < ($1.key.known, $1.key.linking) }) {
            add(
                .hubID,
                "\(count.ids) \(types[pair.known]) id\(count.ids == 1 ? " is" : "s are") met with \(HubIDs.valuesMin) or more values of "
                    + "\(types[pair.linking]), at most \(count.valuesMax): a default or a test account? `block` under `identity` leaves it out",
                "`identity`")
        }
    }

    /// Raw addresses for names of pages.
    static let touchpointsMax = 2000

    /// - Parameter counts: how many touchpoints each source has.
    private mutating func look(atTouchpoints counts: [Int]) {
        for (source, count) in counts.enumerated() where count > Self.touchpointsMax {
            add(
                .manyTouchpoints,
                "it has \(count) touchpoints, as raw addresses do: name groups of them by `match` "
                    + "(`touchpoint: {path: url, match: [{like: '^/product/', to: product}]}`)", sourceName(source))
        }
    }

    // MARK: What was counted

    private mutating func look(at tables: [ReportTable]) {
        func cells(_ table: String, _ column: String) -> [(row: [ReportTable.Cell], value: Int64)] {
            guard let table = tables.first(where: { $0.name == table }), let place = table.columns.firstIndex(where: { $0.name == column })
            else { return [] }
            return table.rows.compactMap { row in if case .integer(let value) = row[place] { (row, value) } else { nil } }
        }
        let reached = cells("funnel", "completed")
        for (journey, completed) in cells("journeys", "completed") {
            guard let last = reached.last(where: { $0.row[0] == journey[0] }), case .text(let name) = journey[0],
                case .text(let step) = last.row[2]
            else { continue }
            let outside = completed - last.value
            guard outside * 10 > completed else { continue }
            add(
                .outsideFunnel,
                "\(outside) of \(completed) completed journeys did not reach the funnel's last step `\(step)`: there is another way to the goal, "
                    + "or the step's `match` misses events", "journey `\(name)`")
        }
    }
}
