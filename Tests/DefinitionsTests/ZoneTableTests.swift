import Events
import Foundation
import Testing

@testable import Definitions

@Suite struct ZoneTableTests {
    /// Against Foundation every five days of two centuries, with changes that are no daylight saving time among them.
    @Test(
        arguments: [
            "Europe/Berlin", "Europe/Moscow", "Asia/Pyongyang", "Pacific/Apia", "Africa/Casablanca", "America/Caracas", "Asia/Kathmandu",
            "UTC",
        ])
    func offsets(_ name: String) throws {
        let zone = try #require(TimeZone(identifier: name))
        let table = try #require(ZoneOffsets.named(name))
        for second in stride(from: -2_208_900_000, to: 4_102_444_800, by: 432_000) {
            let expected = Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(second)))) * 1_000_000
            guard table.offset(at: Int64(second) * 1_000_000) == expected else {
                Issue.record("\(name) at \(second): \(table.offset(at: Int64(second) * 1_000_000)), not \(expected)")
                return
            }
        }
    }

    @Test func unknownZones() { #expect(ZoneOffsets.named("Europe/Atlantis") == nil) }
}
