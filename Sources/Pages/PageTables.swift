package import Tables

/// What the page is made of.
package struct PageTables: Sendable {
    package let facts: PageFacts
    private let tables: [String: PageTable]
    /// journeys, by day.
    package let days: PageTable

    /// - Parameters:
    ///   - tables: those of the whole time.
    ///   - days: journeys by day; nil: there is none.
    package init(_ facts: PageFacts, _ tables: [ReportTable], days: ReportTable?) {
        self.facts = facts
        self.tables = Dictionary(tables.map { ($0.name, PageTable($0)) }) { first, _ in first }
        self.days = PageTable(days ?? ReportTable(name: "journeys", title: "", columns: [], rows: [], keyColumns: []))
    }

    /// Without rows where the run wrote none of the name.
    package subscript(name: String) -> PageTable {
        tables[name] ?? PageTable(ReportTable(name: name, title: "", columns: [], rows: [], keyColumns: []))
    }

    func rows(_ name: String, of journey: String) -> [PageRow] { self[name].rows(where: "journey", is: journey) }
}
