import Foundation
import Testing

@testable import TestSupport

/// A page in headless Chromium, looked through for what no page may have.
enum PageLook {
    struct Look: Decodable {
        struct Page: Decodable {
            var width: Int
            var wide: [String]
            var texts: [String]
            var unnamed: Int
            var faults: [String]
            var pictures: Int
            var tables: Int
            var firstScreenEnds: Int
            var scripts: Int
        }
        var viewport: Int
        var closed: Page
        var opened: Page
        var messages: [String]
        var requests: [String]
    }

    private static let script = Binary.root.appendingPathComponent("Tests/EndToEndTests/Browser/look.py").path

    @discardableResult
    static func look(_ page: String, _ widths: [Int] = [320, 768, 1280]) throws -> [Look] {
        let ended = try Command.run("python3", [script, page] + widths.map(String.init))
        try #require(ended.status == 0, "\(ended.errors)")
        let looks = try JSONDecoder().decode([Look].self, from: Data(ended.output.utf8))
        #expect(looks.map(\.viewport) == widths)
        for look in looks {
            #expect(look.messages == [] && look.requests == [], "\(look.viewport)")
            for shown in [look.closed, look.opened] {
                #expect(shown.width <= look.viewport, "\(look.viewport): \(shown.width) pixels wide")
                #expect(shown.wide == [] && shown.texts == [], "\(look.viewport)")
                #expect(shown.unnamed == 0 && shown.scripts == 0 && shown.faults == [], "\(shown.faults)")
            }
        }
        return looks
    }
}
