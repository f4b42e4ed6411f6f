package import Expressions
import Identity
import Tables

extension PipelineDefinition {
    /// What checks may ask: the tables of csv/, by name, as they say it of themselves.
    package static let checkedTables: [TableCheck.Table] = (TableList.empty + [IdentityDefinition().table([], minCount: 0)])
        .sorted { TableNames.precedes($0.name, $1.name) }
        .map { table in TableCheck.Table(name: table.name, columns: table.columns.map { ($0.name, TableCheck.Kind($0.kind)) }) }
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
