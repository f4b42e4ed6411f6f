package import Events
import Foundation

extension ZoneOffsets {
    /// The offsets of a zone that this machine knows, from 1900 to 2100. nil for an unknown name.
    package static func named(_ name: String) -> ZoneOffsets? {
        guard let zone = TimeZone(identifier: name) else { return nil }
        var date = Date(timeIntervalSince1970: -2_208_988_800)
        let end = Date(timeIntervalSince1970: 4_102_444_800)
        var starts: [EventTime] = [Int64.min]
        var offsets = [Microseconds(zone.secondsFromGMT(for: date)) * 1_000_000]
        while let next = zone.nextDaylightSavingTimeTransition(after: date), next > date, next < end {
            starts.append(EventTime(next.timeIntervalSince1970) * 1_000_000)
            offsets.append(Microseconds(zone.secondsFromGMT(for: next)) * 1_000_000)
            date = next
        }
        return ZoneOffsets(starts: starts, offsets: offsets)
    }
}

/// The time zones that this machine knows.
enum TimeZoneNames {
    static func contains(_ name: String) -> Bool { TimeZone(identifier: name) != nil }

    static let all = TimeZone.knownTimeZoneIdentifiers
}
