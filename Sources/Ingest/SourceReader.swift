import Digests
import Events

/// One source, ready for reading: how its lines become records, and what their fields say. Belongs to one `EventReader`.
final class SourceReader {
    let record: RecordReader
    /// The line as text, of which the record is made.
    let line: JSONScanner
    /// What a line says where it is one record; it stands for itself, since an element of a list is counted as it is taken.
    let only: RecordFields
    private let mappings: [RecordFields]
    /// Whether a line is one record, and a record one event.
    let isSingle: Bool
    private let choosesByTime: Bool
    /// By mapped field: where in the record its value may stand.
    private let ways: [[RecordPlan.Slot]]
    let presence: FieldPresence

    init(source: SourcePlan, texts: SymbolTable, key: HMACKey?) {
        var plan = RecordPlan(each: source.each)
        let slots = source.mappings.map { RecordFields.Places($0, hasCondition: source.condition != nil, &plan) }
        // Known places all of them: the fields' forms look there.
        ways = source.mappedFields.map { field in field.paths.map { plan.slot($0) } }
        let record = RecordReader(plan)
        self.record = record
        line = record.line
        let names = source.fieldNames
        presence = FieldPresence(names)
        let fields = Dictionary(uniqueKeysWithValues: names.enumerated().map { (Array($0.element.utf8), $0.offset) })
        mappings = zip(slots, source.mappings).map { slots, mapping in
            RecordFields(slots, mapping, source: source, fields: fields, record: record, texts: texts, key: key)
        }
        only = mappings[0]
        choosesByTime = mappings.count > 1
        isSingle = source.each.isEmpty && mappings.count == 1
    }

    /// Of all that was read so far.
    var facts: SourceFacts {
        SourceFacts(
            isMet: ways.map { ways in ways.isEmpty || ways.contains { record.wasMet($0) } },
            isKept: mappings.contains { $0.condition?.hasHeld ?? true }, uncertainTimes: mappings.reduce(0) { $0 + $1.uncertainTimes })
    }

    /// Calls `body` for each event that the line scanned last may give: of each record, every mapping whose time is there, or
    /// the first where none is.
    func forEachEvent(_ body: (RecordFields) -> Void) {
        record.forEachRecord {
            guard choosesByTime else { return body(mappings[0]) }
            var isFound = false
            for mapping in mappings where mapping.hasTime {
                isFound = true
                body(mapping)
            }
            if !isFound { body(mappings[0]) }
        }
    }
}
