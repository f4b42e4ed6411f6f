import Foundation

/// One usable record (pipelines/rules.md, 5).
struct NaiveEvent {
    var time: Int64
    /// 0 where it is not mapped or no number.
    var sequence: Int64
    /// Count of records over all files in their order; the last word on ties.
    var position: Int
    var source: String
    var eventID: ExactText?
    /// Identity type to value; blocked values are left out.
    var ids: [String: ExactText]
    /// Further ids of linking types, in the order of their places.
    var moreIDs: [String: [ExactText]] = [:]
    var channel: ExactText
    var touchpoint: ExactText
    var action: ExactText?
    var outcome: ExactText?
    var initiator: ExactText
    var value: NaiveValue
    /// The same with the characters it is written in.
    var writtenValue: NaiveJSON?
    var attributes: [String: NaiveJSON]
    /// As declared for the channel.
    var channelKind: String?
    /// Number of the session within its person; nil for events that are part of none.
    var session: Int?
    /// Whether this session shares an instant with one in another channel.
    var isConcurrent = false
    /// Name of the step it belongs to in the journey type that is looked at; only patterns ask for it.
    var step: String?
    /// It only says which ids belong together.
    var linksOnly = false
    /// Of several with its id the last counts.
    var keepsLast = false

    /// Time, then sequence, then input position.
    static func comesBefore(_ left: NaiveEvent, _ right: NaiveEvent) -> Bool {
        (left.time, left.sequence, left.position) < (right.time, right.sequence, right.position)
    }
}

/// Files → lines → events and quarantine.
struct NaiveReader {
    let pipeline: NaivePipeline
    private(set) var lines = 0
    /// Records less one, summed over lines.
    private(set) var expanded = 0
    private(set) var linesOfSource: [String: Int] = [:]
    private(set) var expandedOfSource: [String: Int] = [:]
    /// By source and name of a field: in how many records it is there.
    private(set) var there: [String: [String: Int]] = [:]
    private var position = 0
    private(set) var events: [NaiveEvent] = []
    private(set) var quarantine: [NaiveQuarantineEntry] = []

    init(pipeline: NaivePipeline) { self.pipeline = pipeline }

    /// Lines end with LF, a CR before it is part of the end; the last line needs none. Lines of nothing but blanks are
    /// no lines, yet they count in line numbers. A byte order mark before the first line is skipped.
    mutating func read(_ file: NaiveFile) {
        guard let source = pipeline.sources.first(where: { $0.name == file.source }) else {
            preconditionFailure("no source \(file.source)")
        }
        let fields = NaiveSources.fieldNames(source)
        var offset = 0
        for (index, piece) in file.bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
            defer { offset += piece.count + 1 }
            var line = Array(piece)
            if line.last == 0x0D { line.removeLast() }
            if index == 0, line.starts(with: [0xEF, 0xBB, 0xBF]) { line.removeFirst(3) }
            if line.allSatisfy({ [0x20, 0x09, 0x0B, 0x0C, 0x0D].contains($0) }) { continue }
            lines += 1
            linesOfSource[source.name, default: 0] += 1
            func put(aside reason: NaiveReason) {
                quarantine.append(
                    NaiveQuarantineEntry(reason: reason, source: source.name, file: file.path, line: index + 1, offset: offset))
            }
            do {
                let found = try records(line, source)
                expanded += found.count - 1
                expandedOfSource[source.name, default: 0] += found.count - 1
                for (record, moment) in found {
                    position += 1
                    for name in fields where isThere(name, record, moment, source) {
                        there[source.name, default: [:]][name, default: 0] += 1
                    }
                    do {
                        events.append(try event(record, moment, source))
                    } catch {
                        put(aside: error.reason)
                    }
                }
            } catch {
                put(aside: error.reason)
            }
        }
    }

    private struct Rejection: Error {
        let reason: NaiveReason
        init(_ reason: NaiveReason) { self.reason = reason }
    }

    /// The records of a line, each with what stands instead of the source's fields.
    private func records(_ line: [UInt8], _ source: NaiveSource) throws(Rejection) -> [(NaiveRecord, [String: NaiveForm])] {
        guard line.count <= pipeline.maxLineBytes else { throw Rejection(.lineTooLong) }
        guard String(validating: line, as: UTF8.self) != nil else { throw Rejection(.invalidUTF8) }
        guard let json = try? NaiveJSONParser.parse(line) else { throw Rejection(.invalidJSON) }
        guard case .object = json else { throw Rejection(.notAnObject) }
        return NaiveRecord.records(json, each: source.each).flatMap { record -> [(NaiveRecord, [String: NaiveForm])] in
            guard !source.moments.isEmpty else { return [(record, [:])] }
            let there = source.moments.filter { value("time", record, $0, source)?.isThere ?? false }
            return (there.isEmpty ? [source.moments[0]] : there).map { (record, $0) }
        }
    }

    /// What a field says, by its name, `id/TYPE` or `attribute/NAME`: the moment's form stands before a constant, a constant before
    /// a form, a form before a path. Null is absent.
    private func value(_ field: String, _ record: NaiveRecord, _ moment: [String: NaiveForm], _ source: NaiveSource) -> NaiveJSON? {
        var form = moment[field] ?? source.constants[field].map { .value($0) } ?? source.forms[field]
        if form == nil {
            let parts = field.split(separator: "/")
            let path =
                switch parts[0] {
                case "id": source.ids[String(parts[1])]
                case "attribute": source.attributes[String(parts[1])]
                default: source.fields[field]
                }
            form = path.map { .path($0) }
        }
        return form.flatMap { record.pick($0) }.flatMap { $0 == .null ? nil : $0 }
    }

    private func isThere(_ field: String, _ record: NaiveRecord, _ moment: [String: NaiveForm], _ source: NaiveSource) -> Bool {
        if value(field, record, moment, source)?.isThere == true { return true }
        let more = field.hasPrefix("id/") ? source.moreIDs[String(field.dropFirst(3))] ?? [] : []
        return more.contains { record.pick($0)?.isThere == true }
    }

    /// The checks stand in the order of pipelines/rules.md, 4: the first that fails names the reason.
    private func event(_ record: NaiveRecord, _ moment: [String: NaiveForm], _ source: NaiveSource) throws(Rejection) -> NaiveEvent {
        func field(_ name: String) -> NaiveJSON? { value(name, record, moment, source) }
        func label(_ name: String) -> ExactText? { field(name)?.text.flatMap { $0.bytes.isEmpty ? nil : $0 } }

        guard let rawTime = field("time") else { throw Rejection(.missingTime) }
        guard var time = NaiveTime.microseconds(rawTime, unit: source.timeUnit, timezone: source.timezone) else {
            throw Rejection(.badTime)
        }
        if let unit = source.precision { time = Int64((Double(time) / Double(unit)).rounded(.down)) * unit + unit - 1 }
        var ids: [String: ExactText] = [:]
        var moreIDs: [String: [ExactText]] = [:]
        for type in pipeline.identity.known + pipeline.identity.linking {
            var found = [field("id/\(type)")] + (source.moreIDs[type] ?? []).map { record.pick($0) }
            found.removeAll { $0?.text.map(isBlocked) ?? true }
            ids[type] = found.first??.text
            if pipeline.identity.linking.contains(type) { moreIDs[type] = found.dropFirst().compactMap { $0?.text } }
        }
        guard !ids.isEmpty else { throw Rejection(.missingIdentity) }

        var sequence: Int64 = 0
        if let text = field("sequence")?.text?.description, let whole = Int64(text),
            field("sequence") == .number(text) || !text.hasPrefix("-")
        {
            sequence = whole
        }
        let initiator = label("initiator").map { ExactText($0.description.lowercased()) } ?? "customer"
        var event = NaiveEvent(
            time: time, sequence: sequence, position: position, source: source.name,
            eventID: field("event_id")?.text.flatMap { $0.bytes.isEmpty ? nil : $0 }, ids: ids, moreIDs: moreIDs,
            channel: label("channel") ?? "", touchpoint: label("touchpoint") ?? "", action: field("action")?.text,
            outcome: field("outcome")?.text, initiator: initiator, value: field("value").map(NaiveValue.init) ?? .absent,
            attributes: Dictionary(
                uniqueKeysWithValues: source.attributes.keys.compactMap { name in field("attribute/\(name)").map { (name, $0) } }),
            channelKind: label("channel").flatMap { name in pipeline.channels.first { ExactText($0.name) == name }?.kind })
        event.writtenValue = field("value")
        event.keepsLast = source.keepsLast
        if let condition = source.condition, !NaiveExpression(condition).matches(event) {
            event.linksOnly = true
            return event
        }
        guard !event.channel.bytes.isEmpty else { throw Rejection(.missingChannel) }
        guard !event.touchpoint.bytes.isEmpty else { throw Rejection(.missingTouchpoint) }
        guard ["customer", "agent", "system"].contains(initiator) else { throw Rejection(.badInitiator) }
        return event
    }

    /// Blocked values are no ids: blank texts, the built-in words, any run of zeros and dashes, and the pipeline's own list; without
    /// regard to case and to white space around them.
    private func isBlocked(_ value: ExactText) -> Bool {
        let text = value.description.trimmingCharacters(in: .whitespacesAndNewlines).lowercased()
        if text.isEmpty || pipeline.identity.block.contains(where: { $0.lowercased() == text }) { return true }
        guard pipeline.identity.blockDefaults else { return false }
        let words = [
            "null", "none", "nil", "undefined", "anonymous", "unknown", "guest", "true", "false", "nan", "n/a", "not set", "(not set)",
            "(none)", "[object object]", "\\n", "-1",
        ]
        return words.contains(text) || text.allSatisfy { $0 == "0" || $0 == "-" }
    }
}
