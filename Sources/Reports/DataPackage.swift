package import Disk
package import Tables

/// datapackage.json: what is in the CSV files, column by column, for people and for programs (Frictionless
/// Tabular Data Package, https://specs.frictionlessdata.io/tabular-data-package/).
package enum DataPackage {
    /// One CSV file that is written, with its size and checksum.
    package struct Resource: Sendable {
        package var table: ReportTable
        package var digest: FileDigest

        package init(table: ReportTable, digest: FileDigest) {
            self.table = table
            self.digest = digest
        }
    }

    /// The description as JSON. `name` is the pipeline's, brought into the form that the specification asks for.
    package static func json(name: String, title: String, resources: [Resource], form: CSVFile.Form = .exact) -> JSONValue {
        var members: [JSONValue.Member] = [
            .init("profile", "tabular-data-package"), .init("name", .text(identifier(name))), .init("title", .text(title)),
        ]
        if form == .spreadsheet { members.append(.init("description", .text(spreadsheetWords))) }
        members.append(.init("resources", .array(resources.map { describe($0, form) })))
        return .object(members)
    }

    private static let spreadsheetWords = """
        Written for spreadsheets: each file begins with a byte order mark, and a text that one would take for a formula, because \
        it begins with = + - @, a tab or a carriage return (after any apostrophes), has an apostrophe (') before it. Take one \
        away from such a text to have it as the log has it.
        """

    private static func describe(_ resource: Resource, _ form: CSVFile.Form) -> JSONValue {
        let table = resource.table
        var members: [JSONValue.Member] = [
            .init("profile", "tabular-data-resource"),
            .init("name", .text(identifier(table.name))),
            .init("path", .text("csv/\(table.name).csv")),
            .init("title", .text(table.title)),
            .init("format", "csv"),
            .init("mediatype", "text/csv"),
            .init("encoding", "utf-8"),
            .init("bytes", .integer(resource.digest.bytes)),
        ]
        // Not the specification's own words; it lets others stand beside them.
        if form == .spreadsheet { members += [.init("byteOrderMark", true), .init("formulaEscape", .text(CSVFile.formulaEscape))] }
        if let sha256 = resource.digest.sha256 { members.append(.init("hash", .text("sha256:\(sha256)"))) }
        members.append(.init("dialect", dialect))
        members.append(.init("schema", schema(table)))
        return .object(members)
    }

    private static let dialect: JSONValue = [
        "delimiter": ",", "lineTerminator": "\n", "quoteChar": "\"", "doubleQuote": true, "skipInitialSpace": false, "header": true,
    ]

    private static func schema(_ table: ReportTable) -> JSONValue {
        var members: [JSONValue.Member] = [
            .init(
                "fields",
                .array(
                    table.columns.map { column in
                        ["name": .text(column.name), "type": .text(fieldType(column.kind)), "description": .text(column.description)]
                    })),
            .init("missingValues", [""]),
        ]
        // A key that repeats, or that holds an empty text (a missing value to a reader), would make the file invalid.
        if table.hasUniqueKey, !table.hasEmptyKeyText {
            members.append(.init("primaryKey", .array(table.keyColumns.map(JSONValue.text))))
        }
        return .object(members)
    }

    private static func fieldType(_ kind: ReportTable.Kind) -> String {
        switch kind {
        case .text: "string"
        case .integer: "integer"
        case .ratio, .seconds: "number"
        case .boolean: "boolean"
        case .day: "date"
        }
    }

    /// Lower-case letters, digits, `.`, `_` and `-`; anything else becomes `-`.
    private static func identifier(_ name: String) -> String {
        let bytes = name.utf8.map { byte -> UInt8 in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte + 32
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"): byte
            default: UInt8(ascii: "-")
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension ReportTable {
    fileprivate var hasEmptyKeyText: Bool {
        let places = columns.indices.filter { keyColumns.contains(columns[$0].name) }
        return !hasDistinctFilledKeys && rows.contains { row in places.contains { row[$0] == .text("") } }
    }
}
