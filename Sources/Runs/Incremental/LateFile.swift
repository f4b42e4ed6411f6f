import Events
import Expressions
import Ingest
import Reports

/// late.ndjson: the events that came for sealed time, as they were read, so that they are kept although they count no more.
enum LateFile {
    /// An event as JSON with its line end.
    static func line(_ event: Connection.LateEvent, _ symbols: MergedSymbols, _ route: LogRoute, _ inputs: StateInputs) -> [UInt8] {
        let (layout, definition) = (route.plan.layout, route.definition)
        let input = inputs.wanted[event.input].input
        var members: [JSONValue.Member] = [
            .init("source", .text(definition.sources[input.source].name)), .init("file", .text(input.name)),
            .init("line", .integer(RowPosition.line(event.position))),
        ]
        event.row.withUnsafeBytes { row in
            members.append(.init("time", .text(TimeFormat.utc(row.load(fromByteOffset: RowLayout.timeOffset, as: Int64.self)))))
            let kind = symbols.kinds[Int(row.load(fromByteOffset: RowLayout.kindOffset, as: UInt32.self))]
            for field in KindField.allCases where kind[field.rawValue] != 0 {
                members.append(.init("\(field)", .text(symbols.texts.string(kind[field.rawValue]))))
            }
            for (column, field) in route.scalars.enumerated() {
                let scalar = Scalar(bits: row.load(fromByteOffset: layout.scalarOffset + 4 * column, as: UInt32.self))
                guard !scalar.isAbsent, scalar.type != .composite else { continue }
                members.append(.init(Self.name(field), .text(symbols.texts.string(scalar.symbol))))
            }
            let tuple = symbols.identities[Int(row.load(fromByteOffset: layout.tupleOffset!, as: UInt32.self))]
            let ids = zip(definition.identityColumns.map { definition.identity.types[$0] }, tuple).filter { $0.1 != 0 }
            members.append(.init("ids", .object(ids.map { .init($0.0, .text(symbols.identifiers.string($0.1))) })))
        }
        var bytes: [UInt8] = []
        JSONText.appendLine(.object(members), to: &bytes)
        return bytes
    }

    private static func name(_ field: EventField) -> String {
        if case .attribute(let name) = field { "attributes.\(name)" } else { "value" }
    }
}
