import Drawings

/// report.html: one file for everybody who opens no table. The same tables give the same bytes.
package enum ReportPage {
    /// In UTF-8.
    package static func html(_ tables: PageTables) throws -> [UInt8] {
        var bytes: [UInt8] = []
        for limits in PageLimits.all {
            bytes = try PageLibrary.html(.report, model(tables, limits))
            if bytes.count <= PageLimits.bytesMax { break }
        }
        return bytes
    }

    private static func model(_ tables: PageTables, _ limits: PageLimits) -> Model {
        let models = PageModels(limits)
        let journeys = tables["journeys"].rows.sorted { $0.isBefore($1, by: "started") }
        let sections = journeys.prefix(limits.types).enumerated().map {
            JourneySection(tables: tables, models: models, journey: $0.element, number: $0.offset + 1).model
        }
        let others = OtherSections(tables: tables, models: models)
        let rest = [others.service, others.handovers, others.scorecard].compactMap { $0 }
        let owners = others.owners
        return [
            "first": FirstScreen(tables: tables).model, "patterns": Picture.patterns, "journeys": sections,
            "hasJourneys": !sections.isEmpty,
            "moreJourneys": journeys.count > limits.types ? "and \(journeys.count - limits.types) more types in csv/journeys.csv" : "",
            "hasMoreJourneys": journeys.count > limits.types, "sections": rest, "owners": owners, "hasOwners": !owners.isEmpty,
            "data": others.data.map { [$0] } ?? [], "version": tables.facts.version,
            "readers": readers(sections, rest, hasOwners: !owners.isEmpty),
        ]
    }

    /// Whom which part concerns.
    private static func readers(_ journeys: [Model], _ sections: [Model], hasOwners: Bool) -> [Model] {
        func link(_ model: Model) -> Model { ["id": model["id"] ?? "", "text": model["title"] ?? model["name"] ?? ""] }
        func named(_ id: String) -> [Model] { sections.filter { $0["id"] as? String == id }.map(link) }
        let first: Model = ["id": "top", "text": "What matters"]
        let owners: [Model] = hasOwners ? [["id": "owners", "text": "By owner"]] : []
        let readers: [(String, [Model])] = [
            ("Leadership", [first] + named("scorecard")), ("Marketing and CX", journeys.map(link)), ("Service", named("service")),
            ("Sales and teams", owners + named("handovers")), ("Data", [["id": "data", "text": "Where the figures come from"]]),
        ]
        return readers.filter { !$0.1.isEmpty }.map { ["reader": $0.0, "links": $0.1] }
    }
}
