import Journeys

/// source_fields.csv: how often each field that a source maps is there.
enum SourceFieldTable: MetricTable {
    static let name = "source_fields"
    static let title = "How often each field of a source is there"
    static let keyColumns = ["source", "field"]
    static let cells: [CellShape] = []
    static let isByDay = false

    struct Row {
        let source: String
        let field: String
        let there: Int64
        let records: Int64
    }

    static let columns: [TableColumn<Row>] = [
        .init("source", .text, "Source of the pipeline file") { .text($0.source) },
        .init(
            "field", .text,
            "Field that it maps, constants included, by its name in the pipeline file: `time`, `ids.TYPE`, `attributes.NAME`"
        ) {
            .text($0.field)
        },
        .init("there", .integer, "Records in which it is there: not absent, null or an empty text; whatever becomes of the record") {
            .integer($0.there)
        },
        .init("share", .ratio, "there / the source's records: lines + expanded of sources.csv, those that cannot be read among them") {
            ReportTable.ratio($0.there, $0.records)
        },
    ]

    static func rows(_ sums: TableSums) -> [TableRow<Row>] {
        let persons = SourceTable.personCounts(sums)
        return sums.names.sources.sorted { TableNames.precedes($0.name, $1.name) }.flatMap { source in
            source.fields.sorted { TableNames.precedes($0.name, $1.name) }.map { field in
                TableRow(
                    day: CellKey.allDays, persons: persons(source),
                    row: Row(source: source.name, field: field.name, there: field.there, records: source.lines + source.expanded))
            }
        }
    }

    static func makeFold(_ plan: FoldPlan, _ cells: MetricCells) -> TableFold { TableFold() }
}
