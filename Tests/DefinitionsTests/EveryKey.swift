@testable import Definitions
@testable import TestSupport

/// A pipeline file that is sound and has every key there is; a test of the schema says when one is missing.
let everyKey = """
    version: 1
    name: whole
    timezone: Europe/Berlin
    error_outcomes: [error]
    max_line_bytes: 65536
    retention: 90d
    sources:
      - name: web
        input: [a-*.zst, b]
        each: items
        fields:
          time: {path: $.t, unit: ms}
          event_id: id
          sequence: n
          channel: {path: ch, values: {W: web}, else: other}
          touchpoint: {first: [page, {path: url, match: [{like: '^/cart', to: cart}]}]}
          action: {join: [a, b], with: "-", clean: [trim, lower]}
          outcome: {json: payload, path: result}
          value: {path: price, as: number}
          initiator: {value: agent}
          ids: {customer: [user.id, {path: login, clean: digits}], device: device}
          attributes:
            order: {array: props, where: {key: order}, path: [value.text, value.number]}
            price: price
        events:
          - time: first_at
            event_id: id
            sequence: n
            channel: ch
            touchpoint: page
            action: a
            outcome: b
            value: price
            initiator: by
            ids: {device: device}
            attributes: {price: other}
        where: action != "identify"
        keep: last
        precision: 1s
        timezone: UTC
        epoch_timezone: UTC
        time_unit: ms
      - name: phone
        input: c
        fields: {time: t, ids: {customer: c}}
        constants:
          {time: '5', event_id: e, sequence: 1, channel: phone, touchpoint: desk, action: call, outcome: ok, value: 2, initiator: system}
    identity: {known: [customer], linking: [device], max_known: 3, block: [test, null], block_defaults: false}
    channels:
      web:
      phone:
        {kind: assisted, owner: centre, gap: 2h, asks: action == "ask", answers: initiator == "agent", response_sla: 10m, bot: true}
    sessions: {gap: 30m, max_length: 24h}
    journeys:
      - name: buy
        scope: channel != "x"
        start: touchpoint == "a"
        goal: touchpoint == "b"
        fail: touchpoint == "c"
        key: order
        inactivity: 14d
        max_length: 30d
        horizon: 7d
        value_when: touchpoint == "b"
        steps:
          - {name: pay, match: touchpoint == "b", owner: payments, sla: 15m, funnel: true}
        funnel: {window: 7d, mode: strict}
    dimensions: [{name: by, field: outcome}]
    contacts: {topic: attributes.order, windows: [1d, 7d], handover: 10m}
    surveys:
      nps: {where: action == "n", kind: nps}
      ces: {where: action == "e", kind: mean, scale: [1, 7.5]}
    effort: {contact: 1, switch: 2, repeat: 0.5, error: 1, hour: 0.125}
    terms: [{name: t, item: attributes.order, value: attributes.price, within: 2d}]
    touchpoints: {bot: {bot: true}}
    frictions:
      include: [rage_click, repeat_contact]
      exclude: [rage_click]
      change:
        repeat_contact:
          definition: Again.
          false_positives: Few.
          owner: service
          scope: person
          partition_by: [attributes.topic]
          within: 14d
          pattern: one again
          where: {one: channel == "phone", again: channel == "phone"}
          skip: to_next
          absent: {where: action == "x", for: 1h}
          needs: {phones: channel == "phone"}
          examples: {match: [], no_match: []}
      define:
        - name: own
          definition: An error, and another.
          false_positives: Few.
          owner: digital
          scope: journey
          partition_by: [attributes.order]
          within: 1h
          pattern: error again
          where: {error: outcome == "error", again: outcome == "error"}
          skip: past_last
          absent: {where: action == "thanks", for: 1d}
          needs: {errors: outcome == "error"}
          examples:
            match: ['web a b error; web a b error', [web a b error, web a b error]]
            no_match: ['web a b ok']
    checks: [journeys.started > 0]
    privacy: {drop: [user.name], min_count: 5, key_file: key}

    """

extension YAMLNode {
    /// What YAML's core schema makes of it, as an editor would see it.
    var value: NaiveJSON {
        switch content {
        case .unusable: .null
        case .sequence(let items): .array(items.map(\.value))
        case .mapping(let entries):
            .object(Dictionary(entries.map { (ExactText($0.key), $0.value.value) }) { first, _ in first })
        case .scalar(let scalar):
            if scalar.isNull {
                .null
            } else if let boolean = scalar.boolean {
                .bool(boolean)
            } else if let integer = scalar.integer {
                .number("\(integer)")
            } else if scalar.style == .plain, case .number(let text)? = try? NaiveJSONParser.parse(Array(scalar.text.utf8)) {
                .number(text)
            } else {
                .string(ExactText(scalar.text))
            }
        }
    }
}

extension NaiveJSON {
    /// Of a file whose YAML is sound.
    init(yaml text: String) throws {
        let diagnostics = DiagnosticList(file: "p")
        guard let root = YAMLReader.read(Array(text.utf8), diagnostics: diagnostics) else {
            throw PipelineFileError(diagnostics: diagnostics.sorted)
        }
        self = root.value
    }

    /// As JSON, which is YAML too.
    var yaml: String {
        switch self {
        case .null: "null"
        case .bool(let value): "\(value)"
        case .number(let text): text
        case .string(let text): Self.quoted(text)
        case .array(let items): "[" + items.map(\.yaml).joined(separator: ", ") + "]"
        case .object(let members):
            "{" + members.sorted { $0.key < $1.key }.map { Self.quoted($0.key) + ": " + $0.value.yaml }.joined(separator: ", ") + "}"
        }
    }

    private static func quoted(_ text: ExactText) -> String {
        let escaped = text.description.unicodeScalars.map { scalar in
            switch scalar {
            case "\"", "\\": "\\\(scalar)"
            case "\n": "\\n"
            default: String(scalar)
            }
        }
        return "\"\(escaped.joined())\""
    }
}
