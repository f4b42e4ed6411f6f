import Foundation
import Testing

/// One line of `truth-frictions.ndjson`.
struct FrictionTruth {
    let friction: String
    let kind: String
    let idType: String
    let person: String
    /// Seconds since 1970.
    let first: Double
    let last: Double
    let because: String?

    init(_ line: Data) throws {
        let object = try #require(JSONSerialization.jsonObject(with: line) as? [String: String])
        let keys: Set = ["friction", "kind", "id_type", "person", "first", "last"]
        kind = try #require(object["kind"])
        #expect(Set(object.keys) == (kind == "near_miss" ? keys.union(["because"]) : keys))
        friction = try #require(object["friction"])
        idType = try #require(object["id_type"])
        person = try #require(object["person"])
        first = try Self.seconds(object["first"])
        last = try Self.seconds(object["last"])
        because = object["because"]
    }

    /// `2026-03-01T08:15:22.417000Z`: no source's clock says more than milliseconds.
    static func seconds(_ text: String?) throws -> Double {
        let text = try #require(text)
        try #require(text.utf8.count == 27 && text.hasSuffix("000Z"))
        return try #require(RetailFields.seconds(String(text.dropLast(4) + "Z")))
    }

    func isShown(by event: RetailFields.Event) -> Bool {
        switch idType {
        case "customer": event.customer == person
        case "email": event.email == person
        default: event.device == person
        }
    }
}
