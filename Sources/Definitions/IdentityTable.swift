package import Identity
package import Tables

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
