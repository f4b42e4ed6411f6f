import Foundation
import TestSupport
import Testing

@testable import Drafts
@testable import Ingest

/// The small decisions, one by one.
@Suite struct DraftPartsTests {
    @Test(arguments: [
        ("customerId", ["customer", "id"]), ("customer_id", ["customer", "id"]), ("CustomerID", ["customer", "id"]),
        ("userid", ["user", "id"]),
        ("HTTPStatusCode", ["http", "status", "code"]), ("time:timestamp", ["time", "timestamp"]),
        ("[Amplitude] Page Path", ["amplitude", "page", "path"]),
        ("@timestamp", ["timestamp"]), ("order-number", ["order", "number"]), ("", []), ("valid", ["valid"]), ("v2Api", ["v2", "api"]),
    ])
    func namesComeApart(_ name: String, _ words: [String]) { #expect(NameWords.words(name) == words) }

    @Test(arguments: [
        ("jane@shop.example", "e-mail address"), ("eyJhbGciOiJIUzI1NiJ9.e30.abc", "token"), ("Bearer abc", "token"),
        ("4111 1111 1111 1111", "card number"),
        ("4111111111111111", "card number"), ("d41d8cd98f00b204e9800998ecf8427e", "long hexadecimal number"),
        ("192.168.2.17", "IP address"),
        ("+49 30 901820", "telephone number"), ("DE89370400440532013000", "IBAN"), ("9f8b1c2d-0a1b-4c3d-8e9f-123456789abc", "UUID"),
        ("see https://x.example/?m=a@b.example", "e-mail address"), ("ghp_a1B2c3D4e5F6g7H8i9J0k1", "token"),
    ])
    func secretsAreKnown(_ text: String, _ kind: String) {
        #expect(Secrets.kind(of: text) == kind)
        #expect(Secrets.shown(text, hides: false) == "(\(kind))")
    }

    @Test(arguments: [
        "checkout/payment", "2024-03-01T10:00:00Z", "5.14.2 (8812)", "SKU-0003", "Take in charge ticket", "1725267600250000", "4711",
        "order@home", "deadbeef",
    ])
    func plainTextsAreNoSecrets(_ text: String) { #expect(Secrets.kind(of: text) == nil) }

    @Test func whatNamesHideIsNotShown() {
        for name in ["user.email", "password", "api_key", "customer.firstName", "card_number", "session.token", "phone"] {
            let words = RecordPath(name).map { NameWords($0) }
            #expect(words.map { Secrets.hides($0) } == true, "\(name)")
        }
        for name in ["channel", "event_name", "page.path", "priority"] {
            #expect(RecordPath(name).map { Secrets.hides(NameWords($0)) } == false, "\(name)")
        }
        #expect(Secrets.shape("C-1042/ä") == "a-9999/a")
    }

    @Test func pathsBecomeKinds() throws {
        let counts = [
            ("https://shop.example/product/lamp-7?ref=mail", 4), ("/product/4711", 3), ("/product/new", 2), ("/cart", 9), ("/", 5),
            ("/cart?x=1", 1),
            ("Order Completed", 3), ("/a/9f8b1c2d-0a1b-4c3d-8e9f-123456789abc/edit", 2),
        ].map { (text: $0.0, count: $0.1) }
        let patterns = try #require(PathPatterns(counts)).patterns
        func kind(_ text: String) throws -> String? { try patterns.first { try Regex($0.like).firstMatch(in: text) != nil }?.to }
        #expect(try kind("https://shop.example/product/lamp-8") == "/product/*" && kind("/product/new") == "/product/new")
        #expect(
            try kind("/cart?y=2#top") == "/cart" && kind("/cart/") == "/cart" && kind("https://shop.example") == nil && kind("/?a") == "/")
        #expect(try kind("/a/1/edit") == "/a/*/edit" && kind("Order Completed") == nil && kind("/carts") == nil)
        #expect(PathPatterns([("/cart", 3), ("/home", 2)].map { (text: $0.0, count: $0.1) }) == nil)
        #expect(PathPatterns([("alpha", 3), ("beta", 2)].map { (text: $0.0, count: $0.1) }) == nil)
    }

    /// Many names in one place are things, whatever they are made of.
    @Test func manyNamesAreOneKind() throws {
        let words = (0..<60).map { "\(Character(UnicodeScalar(97 + $0 % 26)!))\(Character(UnicodeScalar(97 + $0 / 26)!))" }
        let patterns = try #require(PathPatterns(words.map { (text: "/blog/\($0)", count: 1) })).patterns
        #expect(patterns.map(\.to) == ["/blog/*"])
    }

    @Test(arguments: [
        ("2024-03-01T10:00:00Z", true), ("2024-03-01 10:00:00", true), ("2024-03-01T10:00:00.123+01:00", true), ("1709287200", true),
        ("1709287200123", true),
        ("1709287200.5", true), ("2024-03-01", false), ("01/03/2024 10:00:00", false), ("4711", false), ("now", false),
        ("99999999999999999999999", false),
    ])
    func timesAreTold(_ text: String, _ isTime: Bool) { #expect((TimeGuess.time(text) != nil) == isTime) }

    @Test(arguments: [
        ("plain", "plain"), ("a b", "'a b'"), ("it's", "'it''s'"), ("null", "'null'"), ("", "''"), ("a: b", "'a: b'"), ("12", "'12'"),
        ("a\nb", "\"a\\u000Ab\""),
        ("\u{202E}x", "\"\\u202Ex\""), ("😀", "'😀'"), ("/a/b", "/a/b"),
    ])
    func scalarsAreQuoted(_ text: String, _ yaml: String) { #expect(YAMLText.scalar(text) == yaml) }

    @Test func durationsAreThoseThatPeopleWrite() {
        #expect(
            DurationWords.text(DurationWords.rounded(3 * DurationWords.hour)) == "4h" && DurationWords.text(7 * DurationWords.day) == "7d")
        #expect(DurationWords.rounded(.max) == 1095 * DurationWords.day && DurationWords.text(90 * DurationWords.second) == "90s")
        #expect(DurationWords.about(90 * DurationWords.minute) == "90 min" && DurationWords.about(30 * DurationWords.hour) == "30 h")
    }
}
