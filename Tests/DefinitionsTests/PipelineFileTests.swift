import Definitions
import Events
import Expressions
import Identity
import Ingest
import Journeys
import Testing

/// A whole pipeline file (pipelines/rules.md, 14).
let wholeExample = """
    version: 1
    name: retail
    timezone: UTC
    sources:
      - name: web
        input: ../sample-data/web-*.ndjson.zst        # a glob, or a list of them
        fields:
          time: ts
          event_id: id
          channel: channel
          touchpoint: page
          action: event
          outcome: result
          value: amount
          initiator: by
          ids: {customer: user.id, email: user.email_sha, device: device_id}
          attributes: {topic: props.topic, order: props.order_id}
        constants: {channel: web}                      # instead of a field
    identity: {known: [customer], linking: [email, device], max_known: 5, block: [], block_defaults: true}
    channels:
      web:   {kind: self-service, owner: digital, gap: 30m}
      phone: {kind: assisted, owner: contact-centre, gap: 2h}
    sessions: {gap: 30m, max_length: 24h}
    journeys:
      - name: purchase
        start: 'touchpoint == "product"'
        goal: 'touchpoint == "order/confirmed"'
        fail: 'action == "cancel"'
        inactivity: 14d
        steps:
          - {name: browse, match: 'touchpoint == "product"', owner: marketing}
          - {name: pay, match: 'touchpoint.startsWith("checkout/")', owner: payments, sla: 15m}
          - {name: confirmed, match: 'touchpoint == "order/confirmed"', owner: payments}
        funnel: {window: 7d, mode: ordered}

    """

func read(_ text: String) throws -> PipelineDefinition {
    try PipelineReader.read(text: Array(text.utf8), name: "p.yaml")
}

private let minute: Microseconds = 60_000_000
private let day: Microseconds = 86_400_000_000

private func expression(_ text: String) throws -> Expression {
    try Expression.parse(text, fields: FieldScope(attributes: nil))
}

@Suite struct PipelineFileTests {
    @Test func wholeExampleReadsAsItSays() throws {
        var web = SourceDefinition(name: "web")
        web.inputs = ["../sample-data/web-*.ndjson.zst"]
        let fields: [SourceField: String] = [
            .time: "ts", .eventID: "id", .channel: "channel", .touchpoint: "page", .action: "event", .outcome: "result", .value: "amount",
            .initiator: "by",
        ]
        web.mappings[0].fields = fields.mapValues { FieldForm(path: FieldPath($0)!) }
        // A constant stands in place of a field.
        web.mappings[0].fields[.channel] = FieldForm(constant: "web")
        web.mappings[0].identifiers = [("customer", "user.id"), ("email", "user.email_sha"), ("device", "device_id")].map {
            .init(type: $0.0, forms: [FieldForm(path: FieldPath($0.1)!)])
        }
        web.mappings[0].attributes = [("topic", "props.topic"), ("order", "props.order_id")].map {
            .init(name: $0.0, form: FieldForm(path: FieldPath($0.1)!))
        }
        var identity = IdentityDefinition()
        identity.known = ["customer"]
        identity.linking = ["email", "device"]
        var expected = PipelineDefinition(name: "retail", sources: [web], identity: identity)
        var (webChannel, phone) = (ChannelDefinition(name: "web"), ChannelDefinition(name: "phone"))
        (webChannel.kind, webChannel.owner, webChannel.gap) = (.selfService, "digital", 30 * minute)
        (phone.kind, phone.owner, phone.gap) = (.assisted, "contact-centre", 120 * minute)
        expected.channels = [webChannel, phone]
        var purchase = JourneyDefinition(name: "purchase")
        purchase.start = try expression(#"touchpoint == "product""#)
        purchase.goal = try expression(#"touchpoint == "order/confirmed""#)
        purchase.fail = try expression(#"action == "cancel""#)
        purchase.inactivity = 14 * day
        purchase.steps = try [
            ("browse", #"touchpoint == "product""#), ("pay", #"touchpoint.startsWith("checkout/")"#),
            ("confirmed", #"touchpoint == "order/confirmed""#),
        ]
        .map { StepDefinition(name: $0.0, match: try expression($0.1)) }
        for (index, owner) in ["marketing", "payments", "payments"].enumerated() { purchase.steps[index].owner = owner }
        purchase.steps[1].sla = 15 * minute
        purchase.funnel.window = 7 * day
        expected.journeys = [purchase]
        let found = try read(wholeExample)
        #expect(found.fingerprint != expected.fingerprint)
        expected.fingerprint = found.fingerprint
        #expect(found == expected)
    }

    @Test func smallestFileGetsTheDefaults() throws {
        let text = """
            version: 1
            name: p
            identity: {known: [case]}
            sources: [{name: log, fields: {time: ts, touchpoint: /activity/0, ids: {case: c}}, constants: {channel: desk}}]
            journeys: [{name: all}]
            """
        let pipeline = try read(text)
        #expect(pipeline.timezone == "UTC")
        #expect(pipeline.sessions == SessionDefinition())
        #expect(pipeline.sessions.gap == 30 * minute && pipeline.sessions.maxLength == day)
        #expect(pipeline.journeys == [JourneyDefinition(name: "all")])
        #expect(
            pipeline.journeys[0].inactivity == 30 * day && pipeline.journeys[0].funnel.mode == .ordered
                && pipeline.journeys[0].funnel.window == nil)
        #expect(pipeline.errorOutcomes == ["error", "failed", "failure", "timeout"] && pipeline.maxLineBytes == 1 << 20)
        #expect(pipeline.sources[0].mappings[0].fields[.touchpoint] == FieldForm(path: FieldPath("/activity/0")!))
        #expect(pipeline.identity.maxKnown == 5 && pipeline.identity.blockDefaults)
    }

    @Test func everythingThatMayBeSaid() throws {
        let text = """
            %YAML 1.2
            ---
            !!map
            "version": 0x1
            name: 007
            timezone: Europe/Berlin
            error_outcomes: [oops, "no"]
            max_line_bytes: 65536
            identity:
              known: [account, customer]
              linking: []
              block: [-1, "", null, 'x']
              block_defaults: false
              max_known: 2
            channels:
              web:
              post: {kind: outbound}
              desk: {owner: null, gap: 1h30m}
            sessions: {max_length: 1.5h}
            sources:
            - name: a
              input: [b/*.gz, "[a-c][]]x"]
              timezone: UTC
              time_unit: milliseconds
              constants: {channel: web, initiator: agent, value: 1.50, event_id: ~, action: true}
              fields: {time: /t, touchpoint: "a.b", sequence: n, ids: {customer: "/a~1b/0"}, attributes: {"a b": x, order: o}}
            - {name: b, time_unit: us, fields: {time: t, touchpoint: p, channel: c, ids: {account: a}}, input: null}
            journeys:
              - name: j
                key: order
                scope: attributes["a b"] == "x" && step != "s"
                max_length: 400d
                steps:
                  - {name: s, match: !!str true, funnel: false, sla: 0s}
                  - name: t
                    match: >-
                      channel == "web"
                      && has(attributes.order)
                funnel: {mode: any}
              - {name: k, key: attributes.order, funnel: {mode: strict}}
              - {name: l, key: channel_kind}
            ...
            """
        let pipeline = try read("\u{FEFF}" + text.replacing("\n", with: "\r\n"))
        #expect(pipeline.name == "007" && pipeline.timezone == "Europe/Berlin")
        #expect(pipeline.errorOutcomes == ["oops", "no"] && pipeline.maxLineBytes == 65536)
        #expect(pipeline.identity.known == ["account", "customer"] && pipeline.identity.linking == [] && pipeline.identity.maxKnown == 2)
        #expect(pipeline.identity.block == ["-1", "", "null", "x"] && !pipeline.identity.blockDefaults)
        #expect(pipeline.channels.map(\.name) == ["web", "post", "desk"] && pipeline.channels.map(\.kind) == [nil, .outbound, nil])
        #expect(pipeline.channels[2].gap == 90 * minute && pipeline.channels[2].owner == nil)
        #expect(pipeline.sessions.gap == 30 * minute && pipeline.sessions.maxLength == 90 * minute)
        let source = pipeline.sources[0]
        #expect(source.inputs == ["b/*.gz", "[a-c][]]x"] && source.timezone == "UTC" && source.timeUnit == .milliseconds)
        let constants: [SourceField: String] = [.channel: "web", .initiator: "agent", .value: "1.50", .action: "true"]
        for (field, text) in constants { #expect(source.mappings[0].fields[field] == FieldForm(constant: text)) }
        #expect(source.mappings[0].identifiers.map(\.forms) == [[FieldForm(path: FieldPath("/a~1b/0")!)]])
        #expect(source.attributeNames == ["a b", "order"])
        #expect(pipeline.sources[1].inputs == [] && pipeline.sources[1].timeUnit == .microseconds)
        let journey = pipeline.journeys[0]
        #expect(journey.key == .attribute("order") && journey.maxLength == 400 * day && journey.funnel.mode == .any)
        #expect(
            journey.steps.map(\.inFunnel) == [false, true] && journey.steps[0].match.root == .literal(.boolean(true))
                && journey.steps[0].sla == 0)
        #expect(journey.steps[1].match.source == "channel == \"web\" && has(attributes.order)")
        #expect(pipeline.journeys.map(\.key) == [.attribute("order"), .attribute("order"), .channelKind])
        #expect(pipeline.journeys[1].funnel.mode == .strict)
    }

    @Test func missingFileIsAFaultOfTheWhole() throws {
        let error = #expect(throws: PipelineFileError.self) { try PipelineReader.read(path: "/nowhere/p.yaml") }
        #expect(error?.description == "/nowhere/p.yaml: cannot be opened: No such file or directory")
        let folder = #expect(throws: PipelineFileError.self) { try PipelineReader.read(path: "/") }
        #expect(folder?.diagnostics.first?.message.hasPrefix("cannot be") == true)
    }

    @Test func endlessFileIsReadUpToTheLimit() {
        let error = #expect(throws: PipelineFileError.self) { try PipelineReader.read(path: "/dev/zero") }
        #expect(error?.diagnostics.first?.message.contains("larger than 1 MiB") == true)
    }
}
