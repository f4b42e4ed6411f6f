import Ingest

/// Which fields of one source say where something happened, what was done, by whom, and what came of it.
struct RoleGuess {
    /// As few as most records have.
    var touchpoint: [FieldStats] = []
    var channel: FieldStats?
    var action: FieldStats?
    var outcome: FieldStats?
    var value: FieldStats?
    var initiator: FieldStats?
    var topic: FieldStats?
    /// The touchpoint was told by its values, not by its name.
    var isUnsure = false
    /// What else could be the touchpoint.
    var otherPlaces: [FieldStats] = []
    /// Fields of few values, by which journeys can be set side by side.
    var attributes: [FieldStats] = []

    private static let channels: [String: Double] = [
        "channel": 1, "platform": 0.8, "medium": 0.8, "media": 0.7, "origin": 0.5, "via": 0.6, "interface": 0.5, "source": 0.4, "app": 0.3,
        "kanal": 1, "surface": 0.6, "touch": 0.3,
    ]
    private static let places: [String: Double] = [
        "touchpoint": 1.1, "tp": 0.9, "p": 0.4, "activity": 1, "page": 0.97, "screen": 0.97, "stage": 0.8, "step": 0.85, "concept": 0.9,
        "task": 0.7, "state": 0.4,
        "status": 0.3, "view": 0.7, "url": 0.75, "uri": 0.8, "path": 0.85, "pathname": 0.85, "route": 0.85, "endpoint": 0.85,
        "location": 0.5,
        "template": 0.8, "queue": 0.5, "event": 0.7, "name": 0.4, "type": 0.35, "action": 0.55, "operation": 0.6, "message": 0.2,
        "desk": 0.6,
        "place": 0.8, "form": 0.6, "section": 0.6, "node": 0.6, "department": 0.4, "phase": 0.8, "milestone": 0.8, "resource": 0.3,
        "aktivität": 1, "verb": 0.4, "did": 0.4, "title": 0.3, "department_name": 0.3, "workflow": 0.3, "service": 0.3,
    ]
    private static let actions: [String: Double] = [
        "action": 1, "event": 0.9, "verb": 1, "did": 0.9, "op": 0.8, "operation": 0.8, "type": 0.5, "kind": 0.6, "transition": 0.9,
        "activity": 0.6, "method": 0.6, "lifecycle": 0.7, "command": 0.7, "interaction": 0.5,
    ]
    private static let outcomes: [String: Double] = [
        "outcome": 1.1, "result": 1, "status": 0.8, "state": 0.6, "disposition": 0.9, "success": 0.9, "successful": 0.9, "ok": 0.8,
        "error": 0.5,
        "failed": 0.6, "verdict": 0.8, "resolution": 0.8, "decision": 0.7, "statuscode": 0.9, "code": 0.3, "response": 0.3,
    ]
    private static let values: [String: Double] = [
        "amount": 1, "revenue": 1, "value": 0.9, "price": 0.9, "total": 0.85, "cost": 0.7, "sum": 0.7, "eur": 0.8, "usd": 0.8, "gbp": 0.8,
        "fee": 0.7, "turnover": 0.9, "worth": 0.8, "spend": 0.8, "rating": 0.5, "score": 0.5, "paid": 0.6, "betrag": 1, "nps": 0.6,
    ]
    private static let initiators: [String: Double] = [
        "initiator": 1.1, "actor": 0.9, "role": 0.8, "by": 0.8, "who": 0.9, "author": 0.6, "sender": 0.7, "from": 0.4, "originator": 0.8,
        "performer": 0.8, "participant": 0.6, "purpose": 0.5, "initiated": 0.8,
    ]
    private static let fillers: Set<String> = [
        "name", "type", "title", "key", "code", "label", "current", "kind", "category", "http", "is", "event", "final", "was", "customer",
        "in", "status", "response", "media", "order", "currency",
    ]
    private static let no: Set<String> = [
        "referrer", "referer", "prev", "previous", "next", "target", "utm", "campaign", "marketing", "acquisition", "old", "new", "parent",
        "id", "version", "count", "quantity", "duration", "seconds", "size", "bytes", "latency", "lat", "lon", "width", "height",
        "currency",
        "index", "number", "library", "lib", "device", "os", "browser", "user", "history",
    ]

    /// - Parameter taken: times and ids.
    init(_ survey: FieldSurvey, besides taken: Set<RecordPath>) {
        let fields = survey.fields.filter { stats in
            !taken.contains(stats.path) && stats.distinct > 0 && !Secrets.hides(stats.words)
                && !(stats.ordered.count >= 3 && stats.ordered.allSatisfy { $0.utf8.count >= 10 && TimeGuess.time($0) != nil })
        }
        var used: Set<RecordPath> = []
        func best(_ words: [String: Double], atLeast: Double, _ weight: (FieldStats) -> Double) -> FieldStats? {
            let ranked = fields.filter { !used.contains($0.path) }.map { stats in
                (stats, Self.fit(stats, words) * weight(stats) - 0.02 * Double(stats.path.path.tokens.count))
            }
            guard let found = ranked.max(by: { $0.1 < $1.1 }), found.1 >= atLeast else { return nil }
            used.insert(found.0.path)
            return found.0
        }
        func texts(_ stats: FieldStats, _ most: Int) -> Bool { stats.distinct <= most && stats.numeric < 0.5 && stats.longest <= 120 }

        channel = best(Self.channels, atLeast: 0.45) { stats in
            guard texts(stats, 40), survey.share(stats) >= 0.5 else { return 0 }
            if ChannelWords.known(stats) >= 0.5 { return 1.4 }
            // A `source` may be anything.
            return stats.words.endsWith(["source", "app", "touch"]) ? 0 : 1
        }
        initiator = best(Self.initiators, atLeast: 0.3) { texts($0, 40) && InitiatorWords.known($0) >= 0.9 ? 1 : 0 }
        let ranked = fields.filter { !used.contains($0.path) }.map { ($0, Self.place($0, survey)) }.filter { $0.1 > 0.12 }
            .sorted { $0.1 > $1.1 }
        if ranked.isEmpty, let found = Self.placeByValues(fields.filter { !used.contains($0.path) }, survey) {
            touchpoint = [found]
            used.insert(found.path)
            isUnsure = true
        }
        if let first = ranked.first {
            touchpoint = [first.0]
            used.insert(first.0.path)
            otherPlaces = ranked.dropFirst().prefix(4).map(\.0)
        }
        action = best(Self.actions, atLeast: 0.42) { texts($0, 300) && ($0.distinct > 1 || Self.fit($0, Self.actions) >= 0.8) ? 1 : 0 }
        if let first = touchpoint.first, survey.share(first) < 0.995 {
            // What the action says is a place where there is none.
            let rest = ([action].compactMap { $0 } + otherPlaces).filter { texts($0, 300) }
            for stats in rest where touchpoint.count < 4 && !touchpoint.contains(where: { $0.path == stats.path }) {
                touchpoint.append(stats)
            }
        }
        outcome = best(Self.outcomes, atLeast: 0.3) { stats in
            if stats.booleans > 0 { return 1 }
            if OutcomeWords.isHTTP(stats) { return 1.5 }
            return texts(stats, 60) && stats.distinct > 1 && !Self.isNumeric(stats) ? 1 : 0
        }
        value = best(Self.values, atLeast: 0.35) { Self.isNumeric($0) && $0.distinct > 1 ? 1 : 0 }
        topic = best(["topic": 1, "reason": 0.8, "subject": 0.4, "category": 0.6, "issue": 0.7, "intent": 0.8], atLeast: 0.5) {
            texts($0, 60) && $0.distinct > 1 ? 1 : 0
        }
        attributes = fields.filter { stats in
            !used.contains(stats.path) && (2...50).contains(stats.distinct) && stats.longest <= 40 && survey.share(stats) >= 0.05
                && stats.uniqueness < 0.5 && !stats.counts.keys.contains(where: Secrets.isSecret) && !Self.isFraction(stats)
        }.sorted { survey.share($0) > survey.share($1) }
        attributes = Array(attributes.prefix(8))
    }

    private static func fit(_ stats: FieldStats, _ words: [String: Double]) -> Double {
        let name = stats.words
        guard !name.has(no) else { return 0 }
        return name.fit(words, beside: fillers.subtracting(words.keys))
    }

    private static func place(_ stats: FieldStats, _ survey: FieldSurvey) -> Double {
        var score = fit(stats, places)
        guard score > 0, stats.booleans == 0, stats.longest <= 4000 else { return 0 }
        if OutcomeWords.isHTTP(stats) { return 0 }
        if isNumeric(stats) { score *= 0.2 }
        if stats.distinct < 2 { score *= 0.2 }
        if !stats.arePaths {
            if stats.distinct > 300 { score *= 0.1 }
            if survey.records >= 30, stats.uniqueness > 0.9 { score *= 0.05 }
        }
        return score * survey.share(stats).squareRoot() - 0.02 * Double(stats.path.path.tokens.count - 1)
    }

    /// Where no name tells: of the fields of texts that repeat, the one that says the most.
    private static func placeByValues(_ fields: [FieldStats], _ survey: FieldSurvey) -> FieldStats? {
        fields.filter { stats in
            stats.numeric < 0.5 && stats.booleans == 0 && (2...300).contains(stats.distinct) && stats.longest <= 120
                && survey.share(stats) >= 0.5
                && (stats.uniqueness < 0.7 || survey.records < 20)
        }.max { ($0.distinct, $1.path.text) < ($1.distinct, $0.path.text) }
    }

    static func isNumeric(_ stats: FieldStats) -> Bool {
        stats.numeric > 0.9 || !stats.ordered.isEmpty && stats.ordered.allSatisfy { Double($0) != nil && !$0.hasPrefix("0x") }
    }

    private static func isFraction(_ stats: FieldStats) -> Bool { stats.ordered.contains { $0.contains(".") && Double($0) != nil } }
}
