import Events
import Expressions
import Ingest
import Reports
import States

/// late.ndjson: the events that came for sealed time, as they were read, so that they are kept although they count no more.
struct LateFile {
    let symbols: MergedSymbols
    let route: LogRoute

    /// An event as JSON with its line end, and the identifiers that it carries.
    func line(_ event: Connection.LateEvent, _ inputs: StateInputs) -> AsideStore.Late {
        let (input, known) = inputs.wanted[event.input]
        let line = RowPosition.line(event.position)
        var members: [JSONValue.Member] = [
            .init("source", .text(route.definition.sources[input.source].name)), .init("file", .text(input.name)),
            .init("line", .integer(line)),
        ]
        let columns = route.definition.identityColumns.map { route.definition.identity.types[$0] }
        var (identifiers, fieldSet): ([AsideStore.Identifier], [UInt8]) = ([], [])
        event.row.withUnsafeBytes { row in
            members += fields(row)
            fieldSet = Array(symbols.texts.bytes(of: row.load(fromByteOffset: route.plan.layout.fieldSetOffset!, as: UInt32.self)))
            let tuple = symbols.identities[Int(row.load(fromByteOffset: route.plan.layout.tupleOffset!, as: UInt32.self))]
            let ids = zip(columns, tuple).filter { $0.1 != 0 }
            members.append(.init("ids", .object(ids.map { .init($0.0, .text(symbols.identifiers.string($0.1))) })))
            identifiers = ids.map { .init(type: Array($0.0.utf8), id: Array(symbols.identifiers.bytes(of: $0.1))) }
        }
        var bytes: [UInt8] = []
        JSONText.appendLine(.object(members), to: &bytes)
        return AsideStore.Late(file: known.id, line: line, json: bytes, identifiers: identifiers, fields: fieldSet)
    }

    private func fields(_ row: UnsafeRawBufferPointer) -> [JSONValue.Member] {
        var members: [JSONValue.Member] = [
            .init("time", .text(TimeFormat.utc(row.load(fromByteOffset: RowLayout.timeOffset, as: Int64.self))))
        ]
        let kind = symbols.kinds[Int(row.load(fromByteOffset: RowLayout.kindOffset, as: UInt32.self))]
        for field in KindField.allCases where kind[field.rawValue] != 0 {
            members.append(.init("\(field)", .text(symbols.texts.string(kind[field.rawValue]))))
        }
        for (column, field) in route.scalars.enumerated() {
            let scalar = Scalar(bits: row.load(fromByteOffset: route.plan.layout.scalarOffset + 4 * column, as: UInt32.self))
            guard !scalar.isAbsent, scalar.type != .composite else { continue }
            members.append(.init(Self.name(field), .text(symbols.texts.string(scalar.symbol))))
        }
        return members
    }

    private static func name(_ field: EventField) -> String {
        if case .attribute(let name) = field { "attributes.\(name)" } else { "value" }
    }
}
