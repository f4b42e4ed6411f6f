import Events
import Foundation

/// The time zones that this machine knows.
enum TimeZoneNames {
    static func contains(_ name: String) -> Bool { TimeZone(identifier: name) != nil }

    static func nearest(to name: String) -> String? { NearestName.of(name, among: TimeZone.knownTimeZoneIdentifiers) }
}
