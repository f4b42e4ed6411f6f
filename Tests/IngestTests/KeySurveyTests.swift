import Events
import Foundation
import Testing

@testable import Ingest

/// Which key was probably meant, in small files.
@Suite struct KeySurveyTests {
    private static let lines = """
        {"user":{"id":1},"props":{"order_id":"A","items":[{"sku":"x"}]},"list":[{"name":"n","sub":[{"kind":1}]}]}
        no JSON
        {"user":null,"Other":{}}

        """

    private func nearest(_ path: String, each: [String] = []) throws -> String? {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("keys-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data(Self.lines.utf8).write(to: file)
        let survey = try KeySurvey(path: file.path, each: each.map { RecordPath($0)! }, maxLineBytes: 1 << 20)
        return survey.nearest(to: RecordPath(path)!)
    }

    @Test(arguments: [
        ("props.orderid", "props.order_id"), ("usr.id", "user"), ("/props/items/0/skuu", "/props/items/0/sku"), ("$.usr", "$.user"),
    ])
    func oneThatIsNear(_ path: String, _ near: String) throws { #expect(try nearest(path) == near) }

    /// All there, or nothing like it.
    @Test(arguments: ["user.id", "props.nothing.like.it", "/props/items/7/sku"])
    func none(_ path: String) throws { #expect(try nearest(path) == nil) }

    /// Relative to the innermost element, to the first array's, and to the line.
    @Test func withinElements() throws {
        #expect(try nearest("kin", each: ["list", "sub"]) == "kind")
        #expect(try nearest("$1.nam", each: ["list", "sub"]) == "$1.name")
        #expect(try nearest("$.prop", each: ["list", "sub"]) == "$.props")
    }
}
