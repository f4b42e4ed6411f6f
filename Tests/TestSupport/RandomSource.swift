/// A random source: field names flat, nested or by JSON Pointer.
enum RandomSource {
    /// Paths of one style never stand in each other's way.
    private static let flat = [
        "time": "ts", "sequence": "seq", "event_id": "id", "channel": "ch", "touchpoint": "tp", "action": "ac", "outcome": "out",
        "value": "val", "initiator": "who", "id/customer": "cust", "id/account": "acct", "id/email": "mail", "id/device": "dev",
        "id/cookie": "ck", "attribute/topic": "topic", "attribute/order": "order", "attribute/vip": "vip", "attribute/amount": "amount",
    ]
    private static let nested = [
        "time": "meta.when", "sequence": "meta.seq", "event_id": "meta.id", "channel": "ctx.channel", "touchpoint": "ctx.page.name",
        "action": "ctx.page.event", "outcome": "ctx.result", "value": "props.amount.value", "initiator": "by", "id/customer": "user.id",
        "id/account": "user.account", "id/email": "user.email.sha", "id/device": "device", "id/cookie": "ctx.cookie",
        "attribute/topic": "props.topic", "attribute/order": "props.order_id", "attribute/vip": "props.größe",
        "attribute/amount": "props.amount.count",
    ]
    private static let pointers = [
        "time": "/e/0/time", "sequence": "/e/0/n", "event_id": "/e/1", "channel": "/a~1b/ch", "touchpoint": "/a~1b/m~0n", "action": "/a.b",
        "outcome": "/o/o/o", "value": "/v/0/0", "initiator": "/i", "id/customer": "/ids/0", "id/account": "/ids/1/account",
        "id/email": "/ids/2", "id/device": "/d/0", "id/cookie": "/d/x y", "attribute/topic": "/p/topic", "attribute/order": "/p/order",
        "attribute/vip": "/p/v", "attribute/amount": "/p/list/1",
    ]

    static func make(_ index: Int, _ identity: NaiveIdentityRules, _ vocabulary: RandomVocabulary, _ random: inout SeededGenerator)
        -> NaiveSource
    {
        var source = NaiveSource(name: ["web", "call centre", "böxes"][index])
        source.inputs = ["s\(index)-*.ndjson"]
        let paths = random.pick([flat, nested, pointers])
        for (field, path) in paths.sorted(by: { $0.key < $1.key }) {
            let parts = field.split(separator: "/").map(String.init)
            switch parts[0] {
            case "id":
                if (identity.known + identity.linking).contains(parts[1]) { source.ids[parts[1]] = path }
            case "attribute":
                // All in the first source: an expression may name only attributes that some source has.
                if index == 0 || random.chance(percent: 80) { source.attributes[parts[1]] = path }
            case "time", "channel", "touchpoint":
                source.fields[field] = path
            case "sequence":
                if random.chance(percent: 20) { source.fields[field] = path }
            default:
                if random.chance(percent: 85) { source.fields[field] = path }
            }
        }
        if random.chance(percent: 35) { setForms(identity, vocabulary, &source, &random) }
        if random.chance(percent: 20) { setConstant("channel", random.pick(vocabulary.channels), &source) }
        if random.chance(percent: 10) { setConstant("initiator", random.pick(["customer", "agent", "system"]), &source) }
        if random.chance(percent: 10) { setConstant("action", random.pick(vocabulary.actions), &source) }
        source.timeUnit = random.chance(percent: 50) ? random.pick(NaiveTimeUnit.allCases) : nil
        // Zones without summer time, so that the offset is one number.
        source.timezone = random.chance(percent: 25) ? random.pick(Array(RandomTime.offsetMinutes.keys).sorted()) : nil
        return source
    }

    /// Forms for some fields, and now and then several records or moments a line.
    private static func setForms(
        _ identity: NaiveIdentityRules, _ vocabulary: RandomVocabulary, _ source: inout NaiveSource, _ random: inout SeededGenerator
    ) {
        let names = source.fields.keys.map { $0 } + source.ids.keys.map { "id/\($0)" } + source.attributes.keys.map { "attribute/\($0)" }
        for name in names.sorted() where name != "time" && random.chance(percent: 25) {
            let parts = name.split(separator: "/").map(String.init)
            let path =
                switch parts[0] {
                case "id": source.ids[parts[1]]
                case "attribute": source.attributes[parts[1]]
                default: source.fields[name]
                }
            if let path { source.forms[name] = RandomForm.of(name, path, &random) }
        }
        for type in identity.linking where source.ids[type] != nil && random.chance(percent: 20) {
            source.moreIDs[type] = [.path("more.\(type)"), .path("more.other")]
        }
        if random.chance(percent: 25) {
            source.each = random.pick([["records"], ["a.groups", "records"]])
            if random.chance(percent: 50), let type = identity.known.first, source.ids[type] != nil {
                source.forms["id/\(type)"] = .path(random.pick(["$.who", "$\(source.each.count - 1).who"]))
            }
        }
        if random.chance(percent: 25) {
            source.moments = [[:], ["time": .path("later"), "touchpoint": .value(random.pick(vocabulary.touchpoints))]]
        }
        if random.chance(percent: 20) {
            source.condition = random.pick([
                "action != \"view\"", "outcome == \"ok\" || has(value)", "touchpoint.matches(\"[01]\")", "!(initiator == \"agent\")",
                "channel_kind != \"outbound\"",
            ])
        }
        if random.chance(percent: 25) { source.keepsLast = true }
        if random.chance(percent: 20) { source.precision = random.pick([1_000_000, 60_000_000]) }
    }

    private static func setConstant(_ field: String, _ text: String, _ source: inout NaiveSource) {
        source.fields[field] = nil
        source.forms[field] = nil
        source.constants[field] = text
    }
}
