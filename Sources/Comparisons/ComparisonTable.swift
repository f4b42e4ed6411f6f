package import Tables

extension Comparison {
    private typealias Column = (column: ReportTable.Column, value: @Sendable (Figure) -> ReportTable.Cell)

    private static let columns: [Column] = [
        (.init("kind", .text, "conversion, step_loss, stall, friction, repeat_contact, answer or started"), { .text($0.kind.rawValue) }),
        (.init("journey", .text, "Journey type; empty for channels"), { text($0.name.journey) }),
        (.init("name", .text, "Step, friction or channel; empty where the type is all"), { text($0.name.name) }),
        (.init("topic", .text, "Of contacts"), { text($0.name.topic) }),
        (
            .init("window_seconds", .seconds, "Of contacts: within which another one counts"),
            { $0.name.windowSeconds.map { .seconds($0) } ?? .unknown }
        ),
        (.init("a_count", .integer, "Cases in A"), { $0.a.map { .integer($0.part) } ?? .unknown }),
        (.init("a_of", .integer, "Of so many"), { $0.a.map { .integer($0.whole) } ?? .unknown }),
        (.init("a_share", .ratio, "a_count / a_of"), { ratio($0.a?.rate) }),
        (.init("b_count", .integer, "Cases in B"), { $0.b.map { .integer($0.part) } ?? .unknown }),
        (.init("b_of", .integer, "Of so many"), { $0.b.map { .integer($0.whole) } ?? .unknown }),
        (.init("b_share", .ratio, "b_count / b_of"), { ratio($0.b?.rate) }),
        (.init("difference", .ratio, "b_share - a_share"), { ratio($0.difference?.difference) }),
        (.init("difference_low", .ratio, "Newcombe's hybrid score interval at 95 %"), { ratio($0.difference?.low) }),
        (.init("difference_high", .ratio, "Its other end"), { ratio($0.difference?.high) }),
        (.init("p_value", .ratio, "Two-sided pooled two-proportion z-test; empty where it is not tested"), { ratio($0.pValue) }),
        (.init("q_value", .ratio, "By Benjamini-Hochberg over all rows with a p_value"), { ratio($0.qValue) }),
        (
            .init("state", .text, "changed, no_clear_change, too_few, only_in_a, only_in_b, not_known; started rows: fact"),
            { .text($0.state.rawValue) }
        ),
    ]

    private static func text(_ text: String) -> ReportTable.Cell { text.isEmpty ? .unknown : .text(text) }
    private static func ratio(_ value: Double?) -> ReportTable.Cell { value.map { .ratio($0) } ?? .unknown }

    /// All figures, and then the volumes.
    package var table: ReportTable {
        let volumes = volumes.map { volume in
            Self.columns.map { column -> ReportTable.Cell in
                switch column.column.name {
                case "kind": .text("started")
                case "journey": Self.text(volume.journey)
                case "a_count": volume.a.map { .integer($0) } ?? .unknown
                case "b_count": volume.b.map { .integer($0) } ?? .unknown
                case "state":
                    .text(volume.a == nil ? Figure.State.onlyInB.rawValue : volume.b == nil ? Figure.State.onlyInA.rawValue : "fact")
                default: .unknown
                }
            }
        }
        return ReportTable(
            name: "diff", title: "What changed from A to B", columns: Self.columns.map(\.column),
            rows: figures.map { figure in Self.columns.map { $0.value(figure) } } + volumes, keyColumns: [])
    }
}
