import Foundation

/// Where each source of the retail log keeps what an event is made of: written down apart from the generator.
struct RetailFields {
    let source: String
    let time: String
    let id: String
    /// nil: the source's lines are all of one channel and do not say it.
    let channel: String?
    let touchpoint: String
    let action: String
    let outcome: String
    let initiator: String
    /// By the names that the sample pipeline gives them.
    let attributes: [String: String]
    let customer: String
    let email: String?
    let device: String?

    static let all = [
        RetailFields(
            source: "web", time: "ts", id: "id", channel: nil, touchpoint: "page", action: "event", outcome: "result", initiator: "by",
            attributes: [
                "item": "props.sku", "price": "props.price", "target": "props.target", "order": "props.order_id", "topic": "props.topic",
            ],
            customer: "user.id", email: "user.email_hash", device: "device.cookie"),
        RetailFields(
            source: "app", time: "t", id: "eid", channel: "app.channel", touchpoint: "screen", action: "payload.verb",
            outcome: "payload.status",
            initiator: "payload.actor",
            attributes: [
                "item": "payload.article.sku", "price": "payload.article.price", "target": "payload.tapped",
                "order": "payload.order.number",
                "topic": "payload.about",
            ],
            customer: "account", email: "mail", device: "install"),
        RetailFields(
            source: "contact", time: "at", id: "interaction.id", channel: "interaction.medium", touchpoint: "interaction.stage",
            action: "did", outcome: "disposition", initiator: "who",
            attributes: [
                "item": "case.sku", "price": "case.price", "order": "case.order", "topic": "case.topic", "agent": "desk.agent",
                "team": "desk.team",
            ],
            customer: "customer.number", email: "customer.email", device: "customer.visitor"),
        RetailFields(
            source: "email", time: "time", id: "message.id", channel: nil, touchpoint: "message.template", action: "kind",
            outcome: "status",
            initiator: "actor", attributes: ["order": "order", "team": "team"], customer: "to.customer", email: "to.hash", device: nil),
        RetailFields(
            source: "store", time: "sec", id: "receipt", channel: nil, touchpoint: "desk", action: "op", outcome: "state",
            initiator: "by", attributes: ["item": "article", "price": "eur", "topic": "topic"], customer: "card", email: nil, device: "till"
        ),
    ]

    /// A line as a careful reader takes it: an event, or the reason why it is none.
    enum Reading {
        case event(Event)
        case bad(String)
    }

    struct Event {
        var source: String
        var id: String
        var channel: String
        var touchpoint: String
        /// Seconds since 1970.
        var time: Double
        var customer: String?
        var email: String?
        var device: String?
        var action: String
        var outcome: String
        var initiator: String
        var attributes: [String: String]
    }

    func read(_ line: Data) -> Reading {
        guard String(validating: line, as: UTF8.self) != nil else { return .bad("invalid_utf8") }
        guard let value = try? JSONSerialization.jsonObject(with: line, options: .fragmentsAllowed) else { return .bad("invalid_json") }
        guard let object = value as? [String: Any] else { return .bad("not_an_object") }
        guard let time = Self.find(time, object) else { return .bad("missing_time") }
        guard let seconds = Self.seconds(time) else { return .bad("bad_time") }
        let customer = identifier(customer, object)
        let email = identifier(email, object)
        let device = identifier(device, object)
        guard customer != nil || email != nil || device != nil else { return .bad("missing_identity") }
        let said = channel.flatMap { Self.find($0, object) } as? String
        guard let channel = channel == nil ? source : said else { return .bad("missing_channel") }
        guard let touchpoint = Self.find(touchpoint, object) as? String else { return .bad("missing_touchpoint") }
        let id = Self.find(id, object).map { "\($0)" } ?? ""
        return .event(
            Event(
                source: source, id: id, channel: channel, touchpoint: touchpoint, time: seconds, customer: customer, email: email,
                device: device, action: text(action, object) ?? "", outcome: text(outcome, object) ?? "",
                initiator: text(initiator, object) ?? "customer",
                attributes: attributes.compactMapValues { text($0, object) }))
    }

    /// nil for what is no id (pipelines/rules.md, 6, rule 4).
    private func identifier(_ path: String?, _ object: [String: Any]) -> String? {
        guard let path, let value = Self.find(path, object) else { return nil }
        let text = "\(value)"
        let blocked =
            ["", "null", "none", "undefined", "anonymous", "unknown", "-1"].contains(text) || text.allSatisfy { "0-".contains($0) }
        return blocked ? nil : text
    }

    private func text(_ path: String, _ object: [String: Any]) -> String? { Self.find(path, object).map { "\($0)" } }

    private static func find(_ path: String, _ object: [String: Any]) -> Any? {
        var value: Any? = object
        for key in path.split(separator: ".") { value = (value as? [String: Any])?[String(key)] }
        return value is NSNull ? nil : value
    }

    private static let whole = Date.ISO8601FormatStyle()
    private static let parts = Date.ISO8601FormatStyle(includingFractionalSeconds: true)

    /// Equal for equal milliseconds, however they are written.
    static func seconds(_ value: Any) -> Double? {
        if let number = value as? NSNumber { return number.doubleValue < 1e11 ? number.doubleValue : number.doubleValue / 1000 }
        guard let text = value as? String else { return nil }
        let date = (try? Date(text, strategy: whole)) ?? (try? Date(text, strategy: parts))
        return date.map { ($0.timeIntervalSince1970 * 1000).rounded() / 1000 }
    }
}
