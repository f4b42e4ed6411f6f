import TestSupport
import Testing

@testable import Drafts

/// What is told of logs that the program has not seen: fields by their names and by how their values repeat, and journeys by what comes
/// before what.
@Suite struct UnseenLogTests {
    private static func draft(_ log: (inout SeededGenerator) -> [String]) throws -> DraftedLog {
        var random = SeededGenerator(seed: 11)
        let drafted = try DraftedLog(log(&random))
        #expect(try drafted.usable() >= 0.99)
        return drafted
    }

    @Test func webShopInCamelCase() throws {
        let log = try Self.draft(UnseenLogs.webShop)
        #expect(log.path(.time) == "eventTime" && log.definition.sources[0].timeUnit == .milliseconds)
        #expect(log.path(.eventID) == "eventId" && log.path(.touchpoint) == "pageView.viewName")
        #expect(log.path(.outcome) == "httpResult.success" && log.path(.value) == "cart.totalPrice")
        #expect(log.definition.identity.known == ["user"] && log.ids == ["user": "visitor.userId", "visitor": "visitor.visitorId"])
        #expect(log.start == "touchpoint == \"landing\"" && log.goal == "touchpoint == \"orderConfirmed\"")
        #expect(
            log.steps == ["landing", "listing", "detail", "basket", "login", "delivery", "orderConfirmed"] || log.steps.count == 7,
            "\(log.steps)")
    }

    @Test func accessLogOfAServer() throws {
        let log = try Self.draft(UnseenLogs.accessLog)
        #expect(log.path(.time) == "@timestamp" && log.path(.touchpoint) == "request_path" && log.path(.outcome) == "status")
        #expect(log.definition.identity.known == [] && log.ids == ["session": "session_id"])
        let kinds = log.mapping.fields[.touchpoint]?.changes.replacements.map(\.text) ?? []
        #expect(Set(kinds) == ["/", "/search", "/item/*", "/cart", "/checkout/address", "/checkout/done"])
        #expect(log.goal == "touchpoint == \"/checkout/done\"")
        #expect(log.path(.channel) == "=web")
    }

    @Test func ticketsOfRequesters() throws {
        let log = try Self.draft(UnseenLogs.ticketSystem)
        #expect(log.path(.time) == "changed_at" && log.definition.sources[0].timezone == "UTC")
        #expect(log.ids == ["requester": "requester_id"] && log.path(.channel) == "channel" && log.path(.touchpoint) == "to_status")
        #expect(log.path(.initiator) == "actor_role")
        #expect(log.mapping.fields[.initiator]?.changes.texts == ["agent": "agent", "end_user": "customer", "automation": "system"])
        #expect(log.definition.journeys[0].key != nil)
        #expect(log.start == "touchpoint == \"new\"")
        #expect(!"\(log.draft.findings)\(log.draft.text)".contains("Kim"))
        #expect(["touchpoint == \"solved\"", "touchpoint == \"closed\""].contains(log.goal))
    }

    @Test func casesOfAHospital() throws {
        let log = try Self.draft(UnseenLogs.hospital)
        #expect(log.path(.time) == "CompleteTimestamp" && log.path(.touchpoint) == "Activity" && log.ids == ["case": "CaseID"])
        #expect(log.path(.channel) == "=desk" && log.start == "touchpoint == \"Registration\"" && log.goal == "touchpoint == \"Discharge\"")
        #expect(log.definition.dimensions.map(\.name) == ["ward"])
    }

    @Test func bankWithSeveralIDs() throws {
        let log = try Self.draft(UnseenLogs.bank)
        #expect(log.path(.time) == "epoch" && log.path(.eventID) == "msg_uuid" && log.path(.channel) == "channel_code")
        #expect(log.path(.touchpoint) == "business_step" && log.path(.value) == "amount")
        #expect(
            log.definition.identity.known == ["customer"] && log.ids["customer"] == "cust_no" && log.ids["device"] == "device_fingerprint")
        #expect(log.goal == "touchpoint == \"contract_signed\"" && log.path(.outcome) == "result_code")
        #expect(log.definition.errorOutcomes == ["REJECTED"])
        for secret in ["4111", "bank.example"] { #expect(!log.draft.text.contains(secret) && !"\(log.draft.findings)".contains(secret)) }
    }

    @Test func batchesOfAGame() throws {
        let log = try Self.draft(UnseenLogs.gameBatches)
        #expect(log.definition.sources[0].each.map(\.text) == ["events"] && log.path(.time) == "ts" && log.path(.touchpoint) == "name")
        #expect(log.ids == ["player": "$.player.id"] && log.path(.channel) == "$.platform")
        #expect(log.start == "touchpoint == \"install\"" && log.goal == "touchpoint == \"first_purchase\"")
    }

    @Test func namesThatSayNothing() throws {
        let log = try Self.draft(UnseenLogs.nameless)
        #expect(log.path(.time) == "a" && log.ids == ["b": "b"] && log.path(.touchpoint) == "c")
        #expect(log.start == "touchpoint == \"alpha\"" && log.goal == "touchpoint == \"delta\"")
        #expect(log.draft.text.contains("No name tells whose an event is"))
    }

    @Test func linesOfSeveralShapes() throws {
        let log = try Self.draft(UnseenLogs.mixedShapes)
        #expect(log.path(.time) == "timestamp" && log.path(.channel) == "platform" && log.path(.eventID) == "uuid")
        let places = try #require(log.path(.touchpoint)).split(separator: "|").map(String.init)
        #expect(places.contains("page") && places.contains("event_name"))
        #expect(log.ids == ["user": "user_id", "nobody": "uuid"])
        #expect(log.goal?.contains("subscription_started") == true, "\(log.draft.text)")
    }

    @Test func proxyThatKnowsAddressesOnly() throws {
        let log = try Self.draft(UnseenLogs.proxy)
        #expect(log.path(.time) == "time_iso8601" && log.path(.touchpoint) == "request_uri" && log.path(.outcome) == "status")
        #expect(log.definition.identity.known == [] && log.ids == ["ip": "remote_addr"])
        #expect(log.steps == ["/list/*", "/item/*", "/order/*", "/thanks/*"])
        #expect(!"\(log.draft.findings)\(log.draft.text)".contains("203.0.113"))
    }

    @Test func businessSystemWithShortNames() throws {
        let log = try Self.draft(UnseenLogs.businessSystem)
        #expect(log.path(.time) == "ERDAT" && log.path(.touchpoint) == "ACTIVITY" && log.ids == ["vbeln": "VBELN"])
        #expect(log.start == "touchpoint == \"Create Sales Order\"" && log.goal == "touchpoint == \"Clear Invoice\"")
    }

    @Test func searchEngineWithTimesAsTexts() throws {
        let log = try Self.draft(UnseenLogs.searchEngine)
        #expect(log.path(.time) == "_time" && log.path(.touchpoint) == "uri_path" && log.ids == ["session": "JSESSIONID"])
        #expect(log.goal == "touchpoint == \"/success.do\"")
    }

    /// Whatever of the log is looked at, it is said how much that is; more is not read.
    @Test func theLookIsBounded() throws {
        var random = SeededGenerator(seed: 1)
        let few = UnseenLogs.hospital(&random)
        let many = (0..<5).flatMap { _ in few }
        let log = try DraftedLog((0..<40).map { ("part-\($0 < 10 ? "0" : "")\($0).ndjson", many) })
        #expect(log.definition.sources.map(\.inputs) == [["part-*.ndjson"]])
        #expect(log.draft.findings.look.contains("of 32 of 40 files"), "\(log.draft.findings.look)")
        let lines = log.draft.findings.look.split(separator: " ")[2].replacing(",", with: "")
        #expect((20_000..<70_000).contains(try #require(Int(lines))), "\(log.draft.findings.look)")
    }
}
