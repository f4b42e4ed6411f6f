/// Days of a zone's calendar for times that lie near each other: the day found last is tried first.
public struct DayCalendar: Sendable {
    private let zone: ZoneOffsets
    private var start: EventTime = 0
    private var end: EventTime = 0
    private var day: Int32 = 0

    public init(zone: ZoneOffsets) { self.zone = zone }

    /// As `ZoneOffsets.day(of:)`.
    @inline(__always)
    public mutating func day(of time: EventTime) -> Int32 {
        if time >= start, time < end { return day }
        return find(time)
    }

    /// Remembers the stretch around `time` in which neither the day nor the zone's offset changes.
    @inline(never)
    private mutating func find(_ time: EventTime) -> Int32 {
        let (offset, validFrom, validUntil) = zone.stretch(at: time)
        day = zone.day(of: time)
        let midnight = Int64(day) * CivilDate.microsecondsPerDay - offset
        start = max(midnight, validFrom)
        end = min(midnight + CivilDate.microsecondsPerDay, validUntil)
        return day
    }
}
