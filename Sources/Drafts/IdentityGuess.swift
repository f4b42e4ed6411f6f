import Ingest

/// Which fields of one source say whose an event is, and which is the event's own id.
struct IdentityGuess {
    struct ID {
        let stats: FieldStats
        /// What the type is called.
        var type: String
        let isKnown: Bool
        /// Told by how its values repeat, not by its name.
        var isUnsure = false
    }

    /// The known one first.
    var ids: [ID] = []
    let eventID: FieldStats?
    /// A case that several events belong to, where a person has several of them: journeys are told apart by it.
    let key: FieldStats?
    /// What else looks like an id of somebody.
    let others: [FieldStats]

    private static let persons: [String: Double] = [
        "customer": 1, "user": 0.96, "account": 0.85, "member": 0.9, "subscriber": 0.9, "person": 0.9, "patient": 0.95, "citizen": 0.9,
        "passenger": 0.9, "shopper": 0.9, "buyer": 0.9, "player": 0.9, "student": 0.9, "learner": 0.9, "contact": 0.7, "party": 0.6,
        "profile": 0.8, "requester": 0.9, "applicant": 0.9, "policyholder": 0.9, "household": 0.6, "lead": 0.7, "prospect": 0.7,
        "loyalty": 0.8, "uid": 0.8, "cust": 0.95, "kunde": 0.95, "client": 0.65, "distinct": 0.6, "caller": 0.8, "consumer": 0.9,
        "card": 0.5,
        "tenant": 0.4, "holder": 0.7, "usr": 0.9, "u": 0.5, "login": 0.6, "subject": 0.4,
    ]
    private static let cases: [String: Double] = [
        "case": 0.9, "ticket": 0.9, "incident": 0.9, "claim": 0.9, "application": 0.85, "issue": 0.8, "loan": 0.8, "matter": 0.8,
        "complaint": 0.9, "conversation": 0.7, "trace": 0.6, "process": 0.6, "instance": 0.6, "shipment": 0.8, "parcel": 0.8, "order": 0.6,
        "request": 0.5, "job": 0.6, "interaction": 0.5, "vorgang": 0.9, "permit": 0.8,
    ]
    /// Cases by which one person's journeys are told apart.
    private static let keys: Set<String> = ["case", "ticket", "incident", "claim", "application", "issue", "loan", "complaint", "permit"]
    private static let links: [String: Double] = [
        "device": 1, "cookie": 1, "anonymous": 1, "anon": 1, "visitor": 0.9, "email": 0.95, "mail": 0.9, "phone": 0.9, "msisdn": 0.9,
        "install": 0.9, "installation": 0.9, "browser": 0.8, "fingerprint": 0.8, "pseudo": 0.9, "idfa": 1, "gaid": 1, "adid": 0.9,
        "telephone": 0.9, "ani": 0.8, "session": 0.75, "jsession": 0.75, "phpsess": 0.75, "sess": 0.7, "client": 0.7, "distinct": 0.8,
        "guest": 0.7, "sid": 0.7,
    ]
    private static let events: [String: Double] = [
        "event": 1, "message": 0.95, "insert": 1, "uuid": 0.9, "eid": 1, "record": 0.8, "log": 0.7, "row": 0.6, "id": 0.7, "hit": 0.8,
        "entry": 0.7, "guid": 0.8, "dedup": 0.9, "interaction": 0.7, "span": 0.7, "request": 0.6, "receipt": 0.6, "audit": 0.7, "line": 0.5,
        "seq": 0.3, "offset": 0.3, "msg": 0.9,
    ]
    private static let fillers: Set<String> = [
        "id", "ids", "uuid", "guid", "number", "no", "nr", "num", "key", "ref", "code", "value", "hash", "hashed", "identifier", "internal",
        "external", "global", "concept", "name", "sha256", "sha", "md5", "address", "unique", "pseudonym",
    ]
    private static let numbers: Set<String> = [
        "id", "uuid", "guid", "eid", "number", "no", "nr", "key", "hash", "receipt", "ref", "seq", "offset", "identifier",
    ]
    /// With one of these a name speaks of somebody's property, or of somebody else.
    private static let no: Set<String> = [
        "agent", "type", "role", "count", "segment", "status", "language", "lang", "locale", "country", "age", "tier", "plan", "group",
        "category", "level", "city", "gender", "lifecycle", "cohort", "since", "at", "time", "date", "title", "url", "page", "path",
        "score",
        "flag", "is", "has", "new", "channel", "source", "medium", "description", "text", "amount", "balance", "version", "model", "os",
        "manager", "owner", "assignee", "staff", "employee", "resource", "team", "product", "item", "sku", "company", "organization", "org",
        "campaign", "experiment", "first", "last", "event", "action", "kind", "state", "method", "reason", "index", "idx", "stage", "step",
    ]

    init(_ survey: FieldSurvey, besides times: [FieldStats]) {
        let timePaths = Set(times.map(\.path))
        let fields = survey.fields.filter { !timePaths.contains($0.path) && $0.booleans == 0 && $0.longest <= 256 && $0.distinct > 0 }
        let eventID = Self.eventID(fields, survey)
        self.eventID = eventID
        let rest = fields.filter { $0.path != eventID?.path }
        func ranked(_ words: [String: Double]) -> [(stats: FieldStats, score: Double)] {
            rest.map { ($0, Self.score($0, words, survey)) }.filter { $0.1 > 0.15 }.sorted { $0.1 > $1.1 }
        }
        let persons = ranked(Self.persons)
        let cases = ranked(Self.cases)
        let links = ranked(Self.links).filter { link in
            // What is called both, `client_id`, is known only where nothing better is.
            persons.first.map { $0.stats.path != link.stats.path } ?? true
        }
        // Somebody's number that hardly any line has does not make a log of persons out of one of cases.
        var known = persons.first { survey.share($0.stats) >= 0.02 }
        let bestCase = cases.first { survey.share($0.stats) >= 0.5 }
        if let found = known, let bestCase, survey.share(found.stats) < 0.3, survey.share(bestCase.stats) > 0.9 { known = nil }
        let isWeak = known.map { $0.score < 0.35 } ?? true
        if isWeak, let bestCase, bestCase.score > (known?.score ?? 0) { known = bestCase }
        if let known {
            ids = [ID(stats: known.stats, type: Self.type(known.stats, Self.persons.merging(Self.cases) { $1 }), isKnown: true)]
        }
        let covered = known.map { survey.share($0.stats) } ?? 0
        let key = known.flatMap { known in
            cases.first {
                $0.stats.path != known.stats.path && $0.stats.words.has(Self.keys) && survey.share($0.stats) >= 0.95
                    && $0.stats.uniqueness < 0.7 && $0.stats.distinct > known.stats.distinct
            }?.stats
        }
        self.key = key
        let anonymous = persons.dropFirst().map { $0 } + links
        for candidate in covered < 0.98 ? (links + persons.dropFirst()) : links where ids.count < 5 {
            let words = candidate.stats.words
            // A session is one person's already where every line has the person.
            if covered >= 0.98, words.has(["session", "sid", "jsession", "phpsess", "sess"]) { continue }
            guard !ids.contains(where: { $0.stats.path == candidate.stats.path }), candidate.stats.path != key?.path else { continue }
            ids.append(ID(stats: candidate.stats, type: Self.type(candidate.stats, Self.links), isKnown: false))
        }
        if ids.isEmpty, let bestCase { ids = [ID(stats: bestCase.stats, type: Self.type(bestCase.stats, Self.cases), isKnown: true)] }
        if ids.isEmpty, let address = rest.first(where: { $0.areAddresses }) {
            // Better than nobody: but many may share one, and one may have many.
            ids = [ID(stats: address, type: "ip", isKnown: false, isUnsure: true)]
        }
        if ids.isEmpty, let found = Self.byRepetition(rest, survey) {
            ids = [ID(stats: found, type: NameWords.identifier(found.words.last, or: "id"), isKnown: true, isUnsure: true)]
        }
        let taken = Set(ids.map(\.stats.path) + [key?.path].compactMap { $0 })
        var seen: Set<RecordPath> = []
        others = (anonymous + cases).map(\.stats).filter { !taken.contains($0.path) && seen.insert($0.path).inserted }
        var types: Set<String> = []
        for index in ids.indices {
            var (type, count) = (ids[index].type, 2)
            while !types.insert(type).inserted { (type, count) = ("\(ids[index].type)_\(count)", count + 1) }
            ids[index].type = type
        }
    }

    private static func type(_ stats: FieldStats, _ words: [String: Double]) -> String {
        let named = stats.words.all.filter { words[$0] != nil && !fillers.contains($0) }
        let name = named.max { words[$0]! < words[$1]! }
        return NameWords.identifier(name.map { [aliases[$0] ?? $0] } ?? stats.words.last, or: "id")
    }

    private static let aliases = [
        "mail": "email", "anon": "anonymous", "telephone": "phone", "cust": "customer", "usr": "user", "u": "user", "uid": "user",
        "sid": "session", "jsession": "session", "phpsess": "session", "sess": "session", "installation": "install",
    ]

    private static func score(_ stats: FieldStats, _ words: [String: Double], _ survey: FieldSurvey) -> Double {
        let name = stats.words
        guard !name.endsWith(no), !isFraction(stats), !stats.arePaths else { return 0 }
        var score = name.fit(words, beside: fillers)
        guard score > 0 else { return 0 }
        if name.last.last == "name" { score *= 0.7 }
        score *= 0.5 + 0.5 * survey.share(stats)
        if survey.records >= 50 {
            if stats.uniqueness > 0.98, survey.share(stats) > 0.5 { score *= 0.5 }
            // A word of few values, such as which shop's customers these are.
            if stats.distinct <= 10, stats.present >= 50 * stats.distinct { score *= 0.05 }
        }
        return score - 0.03 * Double(stats.path.path.tokens.count - 1)
    }

    private static func isFraction(_ stats: FieldStats) -> Bool {
        stats.numeric > 0.5 && stats.ordered.prefix(50).contains { $0.contains(".") && !$0.hasSuffix(".0") }
            || stats.ordered.prefix(50).allSatisfy { $0.contains(".") && Double($0) != nil }
    }

    private static func eventID(_ fields: [FieldStats], _ survey: FieldSurvey) -> FieldStats? {
        let ranked = fields.filter {
            // `event` alone is what happened, `event_id` its number.
            $0.words.endsWith(numbers) && $0.uniqueness >= 0.95 && survey.share($0) >= 0.9 && !isFraction($0)
                && !$0.words.has(Set(persons.keys)) && !$0.words.endsWith(["name", "time"])
        }.map { ($0, $0.words.fit(events, beside: fillers) - 0.05 * Double($0.path.path.tokens.count - 1)) }.filter { $0.1 > 0.3 }
        // Of few lines, where everything is unique, only a name that says so tells.
        guard let best = ranked.max(by: { $0.1 < $1.1 }), survey.records >= 20 || best.1 >= 0.65 else { return nil }
        return best.0
    }

    /// Where no name tells: what repeats as somebody's number does, with the most different values.
    private static func byRepetition(_ fields: [FieldStats], _ survey: FieldSurvey) -> FieldStats? {
        let usable = fields.filter {
            survey.share($0) >= 0.5 && $0.distinct >= 2 && $0.longest <= 64 && !isFraction($0) && $0.uniqueness < 0.9
                && !$0.counts.keys.contains { $0.contains("/") || $0.split(separator: " ").count > 3 }
        }
        // Numbers have digits; words have none, and are places rather than persons.
        func isNumbered(_ stats: FieldStats) -> Bool {
            10 * stats.ordered.count { text in text.utf8.contains { $0 &- 48 < 10 } && text.utf8.allSatisfy { $0 > 32 && $0 < 127 } } >= 9
                * stats.ordered.count
        }
        let numbered = usable.filter(isNumbered)
        // What hardly repeats is a measure or a text, whatever its digits.
        func weight(_ stats: FieldStats) -> Double { Double(stats.distinct) * (stats.uniqueness > 0.6 ? 0.1 : 1) }
        return (numbered.isEmpty ? usable : numbered).max { (weight($0), $1.path.text) < (weight($1), $0.path.text) }
    }
}
