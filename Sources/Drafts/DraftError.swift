/// Why there is no draft: what the log lacks, and what to do. The sentence is made here and nowhere else.
package enum DraftError: Error, Sendable, CustomStringConvertible {
    case empty(files: String)
    case noJSON(source: String, lines: Int)
    /// - unreadable: fields that hold times in some other way, with an example of each.
    case noTime(source: String, fields: [String], unreadable: [(name: String, example: String)])
    case noIdentity(source: String, fields: [String])
    /// A mapping was found, and no line of the sample can be used by it.
    case unusable(reasons: String)
    case unspeakable(String)
    case exists(String)
    /// The draft is not sound: a fault of the program.
    case broken(String)

    package var description: String {
        switch self {
        case .empty(let files):
            "\(files): there is no line in it; give a log with some thousand lines, so that there is something to go by"
        case .noJSON(let source, let lines):
            "\(source): none of its first \(lines) lines is a JSON object; what is read is one JSON object on each line (NDJSON). Look at its "
                + "beginning; what is a table can be converted by `mlr --icsv --ojsonl cat FILE > FILE.ndjson`"
        case .noTime(let source, let fields, let unreadable):
            "\(source): no field says when something happened in a way that can be read: a time such as 2026-03-01T08:15:22Z, or a number "
                + "of seconds to nanoseconds since 1970. "
                + (unreadable.isEmpty
                    ? "Its fields are \(Self.listed(fields)); add a time where the log is written"
                    : "\(unreadable.prefix(3).map { "`\(YAMLText.line($0.name))` has \($0.example)" }.joined(separator: ", ")): convert it, as in: jq -c "
                        + "'.time = (.\(Self.jq(unreadable[0].name)) | strptime(\"%d/%m/%Y %H:%M:%S\") | todate)' FILE > FILE.ndjson")
        case .noIdentity(let source, let fields):
            "\(source): no field tells whose an event is: none is called after a customer, user, case or device, and none repeats as such numbers do. "
                + "Its fields are \(Self.listed(fields)); add an id where the log is written, or write the pipeline by hand (`sojourn schema`)"
        case .unusable(let reasons):
            "no line of the sample can be used (\(reasons)): the fields that look like time, place and id do not hold them. Write the pipeline by hand, "
                + "as in pipelines/README.md, and let `sojourn validate` say what each line becomes"
        case .unspeakable(let name):
            "\(YAMLText.line(name)): the name holds a line end or another control character, and no pipeline file can name it; rename the file"
        case .exists(let path): "\(path) is there already and is not overwritten; name another file with -o, or move it away"
        case .broken(let fault): "internal error: the draft is not sound: \(fault). Nothing was written; please report this"
        }
    }

    /// Wrong use is told from a log that cannot be used (pipelines/rules.md, 15).
    package var exitStatus: Int32 {
        switch self {
        case .exists, .unspeakable: 2
        case .empty, .noJSON, .noTime, .noIdentity, .unusable, .broken: 1
        }
    }

    private static func listed(_ names: [String]) -> String {
        names.isEmpty
            ? "none" : names.prefix(12).map { YAMLText.line($0, max: 40) }.joined(separator: ", ") + (names.count > 12 ? ", …" : "")
    }

    private static func jq(_ name: String) -> String {
        name.utf8.allSatisfy { ($0 | 0x20) &- 97 < 26 || $0 == 95 || $0 == 46 } ? name : "time"
    }
}
