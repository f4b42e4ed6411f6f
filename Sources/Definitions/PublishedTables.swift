package import Events
package import Expressions
package import Identity
import Journeys
package import Tables

extension PipelineDefinition {
    /// - Parameter aliveDays: UTC days, ascending.
    package func tableNames(
        texts: SymbolTable, asOf: EventTime, aliveDays: [Int32] = [],
        examples: @escaping @Sendable (_ type: Int, _ friction: Int) -> [String]
    ) -> TableNames {
        let needs = FrictionNeeds(frictions).ofRules
        var names = TableNames(
            journeys: journeys.map { journey in
                TableNames.Journey(
                    name: journey.name,
                    steps: journey.steps.indices.map { index in
                        let step = journey.steps[index]
                        return .init(
                            name: step.name, owner: step.owner, sla: step.sla, judgedAge: journey.judgedAge(ofStep: index),
                            inFunnel: step.inFunnel)
                    }, horizon: journey.maturity)
            },
            channelOwners: Dictionary(channels.compactMap { channel in channel.owner.map { (Array(channel.name.utf8), $0) } }) { first, _ in
                first
            }, texts: texts,
            frictions: zip(frictions, needs).map { .init(name: $0.name, owner: $0.owner, needs: $1) },
            asOf: asOf, examples: examples)
        names.minCount = privacy.rowPersonsMin
        names.dimensions = dimensions.map(\.name)
        names.channels = channels.map { .init(name: $0.name, isAssisted: $0.kind == .assisted, responseSLA: $0.responseSLA) }
        names.contactWindows = contacts.windows
        names.zone = ZoneOffsets.named(timezone) ?? .utc
        names.aliveDays = aliveDays
        names.measures = measureNames
        for (type, journey) in journeys.enumerated() { names.journeys[type].hasValue = journey.hasValue }
        return names
    }

    private var measureNames: TableNames.Measures {
        var names = TableNames.Measures()
        names.surveys = measures.surveys.map { .init(name: $0.name, isNPS: $0.kind == .nps, scale: $0.scale) }
        names.terms = measures.terms.map(\.name)
        names.hasEffort = measures.effort != nil
        names.hasBots = measures.hasBots(channels)
        names.isAsked = measures.isAsked(channels, journeys)
        names.hasScorecard = measures.hasScorecard(frictions.map(\.name))
        return names
    }
}

extension IdentityDefinition {
    /// identity.csv: a row for each declared type, in byte order of the types.
    /// - Parameter minCount: types that fewer persons have are left out.
    package func table(_ counts: [IdentityCounts], minCount: Int64) -> ReportTable {
        let sorted = types.indices.sorted { TableNames.precedes(types[$0], types[$1]) }
            .map { ($0, $0 < counts.count ? counts[$0] : IdentityCounts()) }
        let rows = sorted.map { type, count in
            [
                ReportTable.Cell.text(types[type]), .text(type < known.count ? "known" : "linking"), .integer(count.values),
                .integer(count.persons),
                .integer(count.shared), .integer(count.placeholders), .integer(count.refused),
            ]
        }
        return ReportTable(
            name: "identity", title: "Identifiers by type",
            columns: [
                .init("id_type", .text, "Identity type"),
                .init("rank", .text, "known or linking"),
                .init("values", .integer, "Distinct values that are not blocked"),
                .init("persons", .integer, "Persons with at least one value that is no placeholder"),
                .init("shared", .integer, "Linking values seen with two to max_known known ids: shared devices"),
                .init("placeholders", .integer, "Linking values seen with more known ids than max_known: they link nothing"),
                .init(
                    "refused", .integer,
                    "Values that could have joined two known persons and were not used to: known ids beside one of an earlier type, linking ids whose group reaches several"
                ),
            ], rows: rows, keyColumns: ["id_type"]
        ).withoutRows(ofFewerThan: minCount, persons: sorted.map(\.1.persons))
    }
}

extension PipelineDefinition {
    /// All tables that can be published, without rows, in byte order of their names.
    package static let emptyTables: (total: [ReportTable], daily: [ReportTable]) = {
        func sorted(_ tables: [ReportTable]) -> [ReportTable] { tables.sorted { TableNames.precedes($0.name, $1.name) } }
        return (sorted(TableList.empty(.total) + [IdentityDefinition().table([], minCount: 0)]), sorted(TableList.empty(.daily)))
    }()

    /// What checks may ask: the tables of csv/ and those by day, by name, as they say it of themselves, and a run's ledger.
    package static let checkedTables: [TableCheck.Table] = {
        func checked(_ tables: [ReportTable], _ prefix: String = "") -> [TableCheck.Table] {
            tables.map { table in .init(name: prefix + table.name, columns: table.columns.map { ($0.name, TableCheck.Kind($0.kind)) }) }
        }
        let ledger = TableCheck.Table(name: runTable, columns: runColumns.map { ($0, .number) })
        return checked(emptyTables.total) + [ledger] + checked(emptyTables.daily, dailyPrefix)
    }()

    /// Before the name of a table by day.
    package static let dailyPrefix = "daily."
    package static let runTable = "run"
    /// The ledger of one run, and the persons behind what it published.
    package static let runColumns = [
        "lines", "expanded", "released", "events", "quarantined", "duplicates", "filtered", "late", "persons",
    ]

    /// The names that tables can have of what the pipeline declares. Of channels the log may have others.
    /// - Parameter isWhole: all of the file could be read. Else sources and dimensions may be missing here that it does declare.
    func checkedTexts(
        journeys: Set<String>, steps: Set<String>, frictions: Set<String>, isWhole: Bool
    ) -> [String: TableCheck.KnownTexts] {
        let written = sources.flatMap(\.mappings).compactMap { $0.fields[.channel] }.flatMap(\.texts)
        var known: [String: TableCheck.KnownTexts] = [
            "journey": .init("journey", journeys), "step": .init("step", steps), "friction": .init("friction", frictions),
            "channel": .init("channel", channels.map(\.name) + written, allowsOthers: true),
        ]
        if isWhole {
            known["source"] = .init("source", sources.map(\.name))
            known["dimension"] = .init("dimension", dimensions.map(\.name))
        }
        return known
    }
}

extension TableCheck.Kind {
    fileprivate init(_ kind: ReportTable.Kind) {
        switch kind {
        case .text: self = .text
        case .integer, .ratio: self = .number
        case .seconds: self = .seconds
        case .boolean: self = .boolean
        case .day: self = .day
        }
    }
}
