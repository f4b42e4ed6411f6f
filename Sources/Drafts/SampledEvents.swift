import Definitions
import Events
import Ingest

/// The events of the samples as `run` would read them, by person and in order.
struct SampledEvents {
    struct Event {
        let time: EventTime
        let channel: String
        let touchpoint: String
        let action: String?
        let outcome: String?
        let isCustomers: Bool
        /// Sent to customers by letter, mail or message.
        let isSent: Bool
        /// By name; nil where absent.
        let attributes: [String?]

        func text(_ field: Place) -> String? {
            switch field {
            case .touchpoint: touchpoint
            case .action: action
            case .outcome: outcome
            }
        }
    }

    /// What steps and goals are told by.
    enum Place: String, CaseIterable { case touchpoint, action, outcome }

    private(set) var persons: [[Event]] = []
    let lines: Int64
    let rejected: RejectedLines
    let attributeNames: [String]
    /// With how many events each.
    let channels: [(name: String, count: Int)]
    /// Channels in which customers do less than half of all.
    let outbound: Set<String>
    let outcomes: [(name: String, count: Int)]
    /// By sample: lines without an id of anybody.
    let nobodys: [Int: Int]
    let touchpoints: [(text: String, count: Int)]

    /// - Parameter samples: one list for each source of the definition. Throws `IngestError`.
    init(_ samples: [[LineSample]], definition: PipelineDefinition) throws {
        var seen: Set<String> = []
        attributeNames = definition.sources.flatMap(\.attributeNames).filter { seen.insert($0).inserted }
        let plan = definition.readPlan(scalars: attributeNames.map { .attribute($0) }, asOf: nil, keepsRawText: false)
        let sample = try EventSample(samples.enumerated().flatMap { source, list in list.map { ($0, source) } }, plan: plan)
        (lines, rejected) = (sample.lines, sample.rejected)
        let known = definition.identity.known.count
        func ids(_ event: EventSample.Event, _ isWanted: (Int) -> Bool) -> [String] {
            zip(plan.identityTypes, event.identifiers).compactMap { type, id in isWanted(type) ? id.map { "\(type) \($0)" } : nil }
        }
        // A device that was seen with one customer is that customer's; with several, nobody's. As stitching does it, roughly.
        var owners: [String: Set<String>] = [:]
        for event in sample.events {
            guard let owner = ids(event, { $0 < known }).first else { continue }
            for link in ids(event, { $0 >= known }) where owners[link, default: []].count < 3 { owners[link, default: []].insert(owner) }
        }
        var nobodys: [Int: Int] = [:]
        try sample.rejected.forEachLine { if $0.reason == .missingIdentity { nobodys[$0.input, default: 0] += 1 } }
        self.nobodys = nobodys
        var places: [String: Int] = [:]
        var customers: [String: Int] = [:]
        var (channels, outcomes, touchpoints): ([String: Int], [String: Int], [String: Int]) = ([:], [:], [:])
        for event in sample.events {
            guard let channel = event.fields[KindField.channel.rawValue], let touchpoint = event.fields[KindField.touchpoint.rawValue]
            else { continue }
            channels[channel, default: 0] += 1
            touchpoints[touchpoint, default: 0] += 1
            let outcome = event.fields[KindField.outcome.rawValue]
            if let outcome { outcomes[outcome, default: 0] += 1 }
            let links = ids(event) { $0 >= known }
            let linked = links.lazy.compactMap { link in owners[link].flatMap { $0.count == 1 ? $0.first : nil } }.first
            guard let person = ids(event, { $0 < known }).first ?? linked ?? links.first else { continue }
            let place = places[person] ?? persons.count
            if place == persons.count {
                places[person] = place
                persons.append([])
            }
            let initiator = event.fields[KindField.initiator.rawValue]
            if initiator == nil || initiator == "customer" { customers[channel, default: 0] += 1 }
            persons[place].append(
                Event(
                    time: event.time, channel: channel, touchpoint: touchpoint, action: event.fields[KindField.action.rawValue],
                    outcome: outcome,
                    isCustomers: initiator == nil || initiator == "customer",
                    isSent: initiator != nil && initiator != "customer" && ChannelWords.kind(of: channel) == .written,
                    attributes: event.scalars.map { $0?.text }))
        }
        for place in persons.indices {
            persons[place] = persons[place].enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }.map(
                \.element)
        }
        outbound = Set(channels.filter { 2 * customers[$0.key, default: 0] < $0.value }.keys)
        (self.channels, self.outcomes) = (Self.ranked(channels), Self.ranked(outcomes))
        self.touchpoints = Self.ranked(touchpoints).map { ($0.name, $0.count) }
    }

    var count: Int { persons.reduce(0) { $0 + $1.count } }

    private static func ranked(_ counts: [String: Int]) -> [(name: String, count: Int)] {
        counts.sorted { $0.value != $1.value ? $0.value > $1.value : $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map {
            ($0.key, $0.value)
        }
    }

    /// Silences between one person's events.
    var gaps: [Microseconds] { persons.flatMap { events in zip(events, events.dropFirst()).map { $1.time - $0.time } }.sorted() }
}
