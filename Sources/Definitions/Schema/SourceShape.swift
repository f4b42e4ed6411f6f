import Events
import Reports

/// What `sources` may say.
extension SourceSection {
    static let arraysMax = 8
    /// Of one id.
    static let formsMax = 16
    static let keepsLast = "last"

    static let shape = SectionShape([
        .init("name", .text, required: true, "What the source is called."),
        .init("input", .oneOrList(.text), "A file, a folder, a pattern, or a list of them; relative to the pipeline file."),
        .init("fields", .section(fieldsShape), required: true, "Where in a line each field stands."),
        .init("constants", .section(constantsShape), "Values of fields that no line says."),
        .init(
            "events", .list(.section(fieldsShape), count: 1...Int.max),
            "For a line that holds several moments: for each the fields that differ. An entry counts where its time is there."),
        .init(
            "each", .oneOrList(.path, count: 1...arraysMax),
            "For a line that holds an array of records: its path, or a list for arrays within one another."),
        .init("where", .expression, "Records of which it is not true only link identifiers."),
        .init("keep", .word(["first", keepsLast]), default: "first", "Which of several events with one `event_id` counts."),
        .init("precision", .duration, "The unit to which times are known, such as `1s`."),
        .init("timezone", .timeZone, "IANA name of the zone of times without one."),
        .init("epoch_timezone", .timeZone, "IANA name of the zone whose local seconds numbers count."),
        .init("time_unit", .word(TimeUnit.words), "What numbers count since 1970; default: told by their magnitude."),
    ])

    /// Of `fields`, and of each entry of `events`.
    private static let fieldsShape = SectionShape(
        SourceField.allCases.map { .init($0.rawValue, .form(isTime: $0 == .time), words(of: $0)) } + [
            .init(
                "ids", .named(.oneOrList(.form(isTime: false), count: 1...formsMax), count: 1...Int.max),
                "Who it was: for each type of id where it stands, or a list of places."),
            .init("attributes", .named(.form(isTime: false)), "Further fields by names of your own, for expressions and dimensions."),
        ])

    private static let constantsShape = SectionShape(
        SourceField.allCases.map {
            .init($0.rawValue, $0 == .initiator ? .word(["customer", "agent", "system"]) : .text, words(of: $0))
        })

    private static func words(of field: SourceField) -> String {
        switch field {
        case .time: "When it happened."
        case .sequence: "A whole number that orders events of one time."
        case .channel: "How the customer reached the organization."
        case .touchpoint: "One place of contact in the channel, such as a page."
        case .action: "What was done there."
        case .outcome: "How it ended."
        case .value: "A number, such as a price or an answer."
        case .initiator: "Who did it: the customer (if it is absent), an agent or the system."
        case .eventID: "What tells an event that is delivered twice."
        }
    }
}
