import Foundation

/// The time zones that this machine knows.
enum TimeZoneNames {
    static func contains(_ name: String) -> Bool { TimeZone(identifier: name) != nil }

    static let all = TimeZone.knownTimeZoneIdentifiers
}
