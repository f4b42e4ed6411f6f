/// Whether customers are told the same in all channels.
enum NaiveTerms {
    private struct Sighting {
        var channel: ExactText
        var time: Int64
        var value: NaiveJSON
    }

    /// For each two sightings of an item by one person that follow each other, soon, in different channels: whether they are alike.
    static func pairs(_ term: NaiveTerm, _ persons: [NaivePerson: [NaiveEvent]]) -> [Bool] {
        persons.values.flatMap { events -> [Bool] in
            var sightings: [ExactText: [Sighting]] = [:]
            for event in events {
                guard let item = scalar(term.item, event)?.text, let value = scalar(term.value, event) else { continue }
                sightings[item, default: []].append(Sighting(channel: event.channel, time: event.time, value: value))
            }
            return sightings.values.flatMap { sightings in
                zip(sightings, sightings.dropFirst())
                    .filter { $0.channel != $1.channel && $1.time - $0.time <= term.within }
                    .map { areEqual($0.value, $1.value) }
            }
        }
    }

    /// What a field holds; nil where it is not there, an empty text, an array or an object.
    private static func scalar(_ field: String, _ event: NaiveEvent) -> NaiveJSON? {
        let json: NaiveJSON? =
            if field == "value" {
                event.writtenValue
            } else if field.hasPrefix("attributes.") {
                event.attributes[String(field.dropFirst("attributes.".count))]
            } else {
                NaiveFrictions.partitionValue(field, event).map { .string($0) }
            }
        guard let text = json?.text, !text.bytes.isEmpty else { return nil }
        return json
    }

    /// Numbers by what they are, all else by its characters.
    private static func areEqual(_ left: NaiveJSON, _ right: NaiveJSON) -> Bool {
        if case .number(let left) = left, case .number(let right) = right, Double(left) == Double(right) { return true }
        return left.text == right.text
    }
}
