/// One usable line (pipelines/rules.md, 5).
struct NaiveEvent {
    var time: Int64
    /// 0 where it is not mapped or no number.
    var sequence: Int64
    /// Count of lines over all files in their order; the last word on ties.
    var position: Int
    var source: String
    var eventID: ExactText?
    /// Identity type to value; blocked values are left out.
    var ids: [String: ExactText]
    var channel: ExactText
    var touchpoint: ExactText
    var action: ExactText?
    var outcome: ExactText?
    var initiator: ExactText
    var value: NaiveValue
    var attributes: [String: NaiveJSON]
    /// As declared for the channel.
    var channelKind: String?
    /// Number of the session within its person; nil for events that are part of none.
    var session: Int?
    /// Name of the step it belongs to in the journey type that is looked at; only patterns ask for it.
    var step: String?

    /// Time, then sequence, then input position.
    static func comesBefore(_ left: NaiveEvent, _ right: NaiveEvent) -> Bool {
        (left.time, left.sequence, left.position) < (right.time, right.sequence, right.position)
    }
}

/// Files → lines → events and quarantine.
struct NaiveReader {
    let pipeline: NaivePipeline
    private(set) var lines = 0
    private(set) var events: [NaiveEvent] = []
    private(set) var quarantine: [NaiveQuarantineEntry] = []

    init(pipeline: NaivePipeline) { self.pipeline = pipeline }

    /// Lines end with LF, a CR before it is part of the end; the last line needs none. Lines of nothing but blanks are
    /// no lines, yet they count in line numbers. A byte order mark before the first line is skipped.
    mutating func read(_ file: NaiveFile) {
        guard let source = pipeline.sources.first(where: { $0.name == file.source }) else {
            preconditionFailure("no source \(file.source)")
        }
        var offset = 0
        for (index, piece) in file.bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
            defer { offset += piece.count + 1 }
            var line = Array(piece)
            if line.last == 0x0D { line.removeLast() }
            if index == 0, line.starts(with: [0xEF, 0xBB, 0xBF]) { line.removeFirst(3) }
            if line.allSatisfy({ [0x20, 0x09, 0x0B, 0x0C, 0x0D].contains($0) }) { continue }
            lines += 1
            do {
                events.append(try event(line, source))
            } catch {
                quarantine.append(
                    NaiveQuarantineEntry(reason: error.reason, source: source.name, file: file.path, line: index + 1, offset: offset))
            }
        }
    }

    private struct Rejection: Error {
        let reason: NaiveReason
        init(_ reason: NaiveReason) { self.reason = reason }
    }

    /// The checks stand in the order of pipelines/rules.md, 4: the first that fails names the reason.
    private func event(_ line: [UInt8], _ source: NaiveSource) throws(Rejection) -> NaiveEvent {
        guard line.count <= pipeline.maxLineBytes else { throw Rejection(.lineTooLong) }
        guard String(validating: line, as: UTF8.self) != nil else { throw Rejection(.invalidUTF8) }
        guard let json = try? NaiveJSONParser.parse(line) else { throw Rejection(.invalidJSON) }
        guard case .object = json else { throw Rejection(.notAnObject) }

        /// A constant stands before a field of the same name; null is absent.
        func field(_ name: String) -> NaiveJSON? {
            if let constant = source.constants[name] { return .string(ExactText(constant)) }
            return source.fields[name].flatMap { json.value(at: $0) }.flatMap { $0 == .null ? nil : $0 }
        }
        func label(_ name: String) -> ExactText? {
            field(name)?.text.flatMap { $0.bytes.isEmpty ? nil : $0 }
        }

        guard let rawTime = field("time") else { throw Rejection(.missingTime) }
        guard let time = NaiveTime.microseconds(rawTime, unit: source.timeUnit, timezone: source.timezone) else {
            throw Rejection(.badTime)
        }
        let ids = source.ids.compactMapValues { path in json.value(at: path)?.text.flatMap { isBlocked($0) ? nil : $0 } }
        guard !ids.isEmpty else { throw Rejection(.missingIdentity) }
        guard let channel = label("channel") else { throw Rejection(.missingChannel) }
        guard let touchpoint = label("touchpoint") else { throw Rejection(.missingTouchpoint) }

        var sequence: Int64 = 0
        if case .number(let text)? = field("sequence") { sequence = NaiveDecimal(text).whole(timesTenToThe: 0) ?? 0 }
        return NaiveEvent(
            time: time, sequence: sequence, position: lines, source: source.name, eventID: field("event_id")?.text, ids: ids,
            channel: channel, touchpoint: touchpoint, action: field("action")?.text, outcome: field("outcome")?.text,
            initiator: label("initiator") ?? "customer", value: field("value").map(NaiveValue.init) ?? .absent,
            attributes: source.attributes.compactMapValues { path in json.value(at: path).flatMap { $0 == .null ? nil : $0 } },
            channelKind: pipeline.channels.first { ExactText($0.name) == channel }?.kind)
    }

    /// Blocked values are no ids: the built-in words without regard to ASCII case, any run of zeros and dashes, nothing
    /// at all, and the pipeline's own list as written.
    private func isBlocked(_ value: ExactText) -> Bool {
        if pipeline.identity.block.contains(where: { ExactText($0) == value }) { return true }
        guard pipeline.identity.blockDefaults else { return false }
        let lower = ExactText(bytes: value.bytes.map { (65...90).contains($0) ? $0 + 32 : $0 })
        let words: [ExactText] = ["", "null", "none", "undefined", "anonymous", "unknown", "-1"]
        return words.contains(lower) || value.bytes.allSatisfy { $0 == UInt8(ascii: "0") || $0 == UInt8(ascii: "-") }
    }
}
