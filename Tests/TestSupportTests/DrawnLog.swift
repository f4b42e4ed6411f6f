@testable import TestSupport

/// A log drawn as text, one event a line: time, customer, channel, touchpoint, then `name=value` for further fields.
/// Times are lengths since 2026-03-01T00:00:00Z, `30m+1` is a microsecond later. A customer `-` is none.
struct DrawnLog {
    static let start: Int64 = 1_772_323_200_000_000

    static func time(_ text: some StringProtocol) -> Int64 {
        let parts = text.split(separator: "+")
        let length = parts[0] == "0" ? 0 : NaiveDuration.microseconds(String(parts[0]))
        return start + length + (parts.count > 1 ? Int64(parts[1]) ?? 0 : 0)
    }

    static func file(_ drawing: String) -> NaiveFile {
        let lines = drawing.split(separator: "\n").compactMap { line -> String? in
            let words = line.split(separator: " ")
            guard words.count >= 4 else { return nil }
            var members = ["\"t\":\(time(words[0]))", "\"ch\":\"\(words[2])\"", "\"tp\":\"\(words[3])\""]
            if words[1] != "-" { members.append("\"customer\":\"\(words[1])\"") }
            for word in words.dropFirst(4) {
                let pair = word.split(separator: "=")
                members.append("\"\(pair[0])\":\(Int(pair[1]) == nil ? "\"\(pair[1])\"" : String(pair[1]))")
            }
            return "{" + members.joined(separator: ",") + "}"
        }
        return NaiveFile(source: "log", path: "log.ndjson", text: lines.joined(separator: "\n"))
    }

    static func pipeline(_ change: (inout NaivePipeline) -> Void = { _ in }) -> NaivePipeline {
        var source = NaiveSource(name: "log")
        source.fields = [
            "time": "t", "event_id": "id", "channel": "ch", "touchpoint": "tp", "action": "action", "outcome": "outcome", "value": "value",
            "initiator": "by", "sequence": "seq",
        ]
        source.ids = ["customer": "customer", "account": "account", "email": "email", "device": "device"]
        source.attributes = ["order": "order"]
        var pipeline = NaivePipeline(name: "drawn", sources: [source])
        pipeline.identity.known = ["customer", "account"]
        pipeline.identity.linking = ["email", "device"]
        change(&pipeline)
        return pipeline
    }

    static func tables(_ drawing: String, asOf: String? = nil, _ change: (inout NaivePipeline) -> Void = { _ in }) -> NaiveTables {
        NaiveReference.tables(pipeline(change), [file(drawing)], asOf: asOf.map { time($0) })
    }

    /// A journey type whose steps are the touchpoints named, the last of them its goal where `goal` says so.
    static func journey(_ touchpoints: String, goal: Bool = true, _ change: (inout NaiveJourneyRules) -> Void = { _ in })
        -> NaiveJourneyRules
    {
        var journey = NaiveJourneyRules(name: "j")
        journey.steps = touchpoints.map { NaiveStep(name: String($0), match: "touchpoint == \"\($0)\"") }
        if goal { journey.goal = journey.steps.last?.match }
        change(&journey)
        return journey
    }
}
