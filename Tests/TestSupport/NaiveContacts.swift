/// A person's contact in an assisted channel, or a run of them that is one.
struct NaiveContact {
    var person: NaivePerson
    /// Of the first where several are one.
    var channel: ExactText
    var topic: ExactText
    var start: Int64
    var end: Int64
    /// Position of its first event.
    var first: Int
    /// The one of the same person and topic that comes next.
    var next: NextContact?

    struct NextContact {
        var channel: ExactText
        var start: Int64
    }
}

enum NaiveContacts {
    /// A session in an assisted channel with what agents and systems do there after it.
    private struct Part {
        var session: Int
        var first: Int
        var events: [NaiveEvent]

        var start: Int64 { events[0].time }
        var end: Int64 { events[events.count - 1].time }
    }

    static func find(_ pipeline: NaivePipeline, _ persons: [NaivePerson: [NaiveEvent]]) -> [NaiveContact] {
        persons.flatMap { person, events -> [NaiveContact] in
            let assisted = Set(events.filter { $0.channelKind == "assisted" }.map(\.channel))
            let found = assisted.flatMap { channel in Self.parts(events, in: channel, gap: NaiveSessions.gap(in: channel, pipeline)) }
            let byTopic = Dictionary(grouping: found) { Self.topic($0.events, pipeline.contacts.topic) }
            return byTopic.flatMap { topic, parts in joined(parts, of: person, topic, handover: pipeline.contacts.handover) }
        }
    }

    private static func parts(_ events: [NaiveEvent], in channel: ExactText, gap: Int64) -> [Part] {
        var parts: [Part] = []
        for (place, event) in events.enumerated() where event.channel == channel {
            if let session = event.session {
                if parts.last?.session != session { parts.append(Part(session: session, first: place, events: [])) }
                parts[parts.count - 1].events.append(event)
            } else if let current = parts.last, event.time - current.end <= gap {
                parts[parts.count - 1].events.append(event)
            }
        }
        return parts
    }

    /// That of the first event that has one.
    private static func topic(_ events: [NaiveEvent], _ field: String?) -> ExactText {
        guard let field else { return "(none)" }
        return events.compactMap { NaiveFrictions.partitionValue(field, $0) }.first { !$0.bytes.isEmpty } ?? "(none)"
    }

    /// What begins before all that went before has ended, or soon after, is the same contact.
    private static func joined(_ parts: [Part], of person: NaivePerson, _ topic: ExactText, handover: Int64) -> [NaiveContact] {
        var contacts: [NaiveContact] = []
        for part in parts.sorted(by: { $0.first < $1.first }) {
            if let end = contacts.last?.end, part.start <= end + handover {
                contacts[contacts.count - 1].end = max(end, part.end)
            } else {
                contacts.append(
                    NaiveContact(
                        person: person, channel: part.events[0].channel, topic: topic, start: part.start, end: part.end,
                        first: part.events[0].position))
            }
        }
        for index in contacts.indices.dropLast() {
            contacts[index].next = .init(channel: contacts[index + 1].channel, start: contacts[index + 1].start)
        }
        return contacts
    }

    static func rows(_ contacts: [NaiveContact], _ windows: [Int64], asOf: Int64) -> [NaiveRow] {
        let all: ExactText = "(all)"
        // Each contact counts for its channel and topic, for either, and for all.
        struct Key: Hashable {
            var channel: ExactText
            var topic: ExactText
        }
        var byKey: [Key: [NaiveContact]] = [:]
        for contact in contacts {
            for channel in [contact.channel, all] {
                for topic in [contact.topic, all] { byKey[Key(channel: channel, topic: topic), default: []].append(contact) }
            }
        }
        return byKey.flatMap { key, contacts in
            windows.map { window -> NaiveRow in
                let judged = contacts.filter { asOf >= $0.end + window }
                let repeated = judged.filter { contact in contact.next.map { $0.start - contact.end <= window } ?? false }
                let elsewhere = repeated.filter { $0.next?.channel != $0.channel }
                return [
                    "channel": .text(key.channel.description), "topic": .text(key.topic.description), "window_seconds": .exact(window),
                    "contacts": .integer(contacts.count), "judged": .integer(judged.count), "repeated": .integer(repeated.count),
                ] + NaiveRow.rate("fcr", judged.count - repeated.count, of: judged.count) + [
                    "repeated_elsewhere": .integer(elsewhere.count), "customers": .integer(Set(contacts.map(\.person)).count),
                ]
            }
        }.sorted { ($0.text("channel"), $0.text("topic")) < ($1.text("channel"), $1.text("topic")) }
    }
}
