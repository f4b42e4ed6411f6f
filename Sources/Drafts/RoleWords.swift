/// Values by which a channel is known, and what kind of channel each is.
enum ChannelWords {
    enum Kind: String { case selfService = "self-service", assisted, written }

    private static let kinds: [String: Kind] = [
        "web": .selfService, "website": .selfService, "site": .selfService, "www": .selfService, "online": .selfService,
        "app": .selfService,
        "ios": .selfService, "android": .selfService, "mobile": .selfService, "desktop": .selfService, "tablet": .selfService,
        "iphone": .selfService, "ipad": .selfService, "browser": .selfService, "kiosk": .selfService, "portal": .selfService,
        "internet": .selfService, "ivr": .selfService, "bot": .selfService, "atm": .selfService,
        "phone": .assisted, "voice": .assisted, "telephone": .assisted, "call": .assisted, "callcenter": .assisted, "chat": .assisted,
        "livechat": .assisted, "store": .assisted, "shop": .assisted, "branch": .assisted, "counter": .assisted, "desk": .assisted,
        "helpdesk": .assisted, "pos": .assisted, "contact": .assisted, "whatsapp": .assisted, "support": .assisted, "agent": .assisted,
        "email": .written, "mail": .written, "sms": .written, "push": .written, "letter": .written, "post": .written, "fax": .written,
        "social": .written, "newsletter": .written, "messenger": .written,
    ]

    static func kind(of name: String) -> Kind? {
        let words = NameWords.words(name)
        return words.lazy.compactMap { kinds[$0] }.first ?? kinds[words.joined()]
    }

    /// The share of values that are channels.
    static func known(_ stats: FieldStats) -> Double {
        let known = stats.counts.reduce(0) { $0 + (kind(of: $1.key) == nil ? 0 : $1.value) }
        return stats.present == 0 ? 0 : Double(known) / Double(stats.present)
    }

    /// What a file is called after, where that is a channel.
    static func channel(in name: String) -> String? { NameWords.words(name).first { kinds[$0] != nil } }
}

/// What logs call those who act.
enum InitiatorWords {
    private static let customers: Set<String> = [
        "customer", "user", "client", "visitor", "consumer", "external", "guest", "requester", "applicant", "member", "buyer", "caller",
        "patient",
        "contact", "subscriber", "citizen", "end", "kunde", "shopper", "passenger",
    ]
    private static let agents: Set<String> = [
        "agent", "staff", "employee", "operator", "advisor", "adviser", "admin", "rep", "representative", "human", "support", "clerk",
        "internal",
        "teller", "advocate", "manager", "supervisor", "officer", "nurse", "doctor",
    ]
    private static let systems: Set<String> = [
        "system", "bot", "automation", "automatic", "auto", "machine", "server", "robot", "rule", "trigger", "scheduler", "ivr", "acd",
        "workflow",
        "service", "api", "cron", "batch", "chatbot", "job",
    ]

    static func meaning(of value: String) -> String? {
        let words = NameWords.words(value)
        if words.contains(where: systems.contains) { return "system" }
        if words.contains(where: agents.contains) { return "agent" }
        return words.contains(where: customers.contains) ? "customer" : nil
    }

    static func known(_ stats: FieldStats) -> Double {
        let known = stats.counts.reduce(0) { $0 + (meaning(of: $1.key) == nil ? 0 : $1.value) }
        return stats.present == 0 ? 0 : Double(known) / Double(stats.present)
    }
}

/// What outcomes and goals are called.
enum OutcomeWords {
    private static let errors: Set<String> = [
        "error", "err", "failed", "failure", "fail", "timeout", "declined", "denied", "rejected", "refused", "ko", "exception", "crash",
        "invalid",
        "unauthorized", "aborted", "5xx", "4xx", "fehler",
    ]
    private static let goals: [String: Double] = [
        "confirmed": 1, "confirmation": 1, "thank": 1, "thanks": 1, "thankyou": 1, "complete": 0.8, "completed": 1, "completion": 0.9,
        "purchase": 1, "purchased": 1, "placed": 0.9, "success": 1, "succeeded": 1, "successful": 1, "paid": 0.9, "close": 0.8,
        "closed": 0.9,
        "resolve": 0.9, "resolved": 1, "solved": 1, "finished": 0.9, "finish": 0.9, "done": 0.9, "approved": 1, "approve": 0.8,
        "accepted": 0.9,
        "delivered": 0.9, "subscribed": 1, "subscribe": 0.8, "subscription": 0.6, "activated": 1, "activation": 0.8, "converted": 1,
        "conversion": 1, "booked": 1,
        "granted": 1, "issued": 0.7, "enrolled": 1, "archived": 0.6, "end": 0.6, "receipt": 0.6, "signed": 0.6, "registered": 0.7,
        "order": 0.4,
        "payment": 0.4, "pay": 0.4, "submitted": 0.5, "bought": 1, "buy": 0.8, "settled": 0.9, "discharged": 0.8, "discharge": 0.7,
        "fulfilled": 0.9, "opened": 0.3, "bestellt": 1, "fertig": 0.9, "erledigt": 1, "created": 0.2, "sale": 0.8, "sold": 1, "hired": 1,
    ]
    private static let failures: Set<String> = [
        "cancel", "canceled", "cancelled", "cancellation", "reject", "rejected", "rejection", "decline", "declined", "fail", "failed",
        "failure",
        "abandon", "abandoned", "deny", "denied", "withdraw", "withdrawn", "refuse", "refused", "expired", "unsubscribe", "unsubscribed",
        "churn",
        "churned", "lost", "aborted", "abort", "terminated", "invalid", "unresolved", "storno", "void", "refund", "refunded",
    ]

    static func isError(_ text: String) -> Bool { NameWords.words(text).contains { errors.contains($0) } }
    static func isFailure(_ text: String) -> Bool { NameWords.words(text).contains { failures.contains($0) } }

    /// How much a text sounds like an end, and by which of its words.
    static func goal(_ text: String) -> (weight: Double, word: String)? {
        let words = NameWords.words(text)
        guard !isFailure(text), !isError(text), !words.contains("not") else { return nil }
        return words.compactMap { word in goals[word].map { ($0, word) } }.max { $0.0 < $1.0 }
    }

    /// Numbers such as 200 and 404.
    static func isHTTP(_ stats: FieldStats) -> Bool {
        stats.distinct > 1 && stats.words.has(["status", "code", "response", "statuscode", "http"])
            && stats.counts.keys.allSatisfy { $0.utf8.count == 3 && Int($0).map { (100...599).contains($0) } == true }
    }
}
