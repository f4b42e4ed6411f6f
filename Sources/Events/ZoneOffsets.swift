/// The offsets from UTC of one time zone, as a table made once: from `starts[i]` on, local time is UTC plus
/// `offsets[i]`. Lookups are O(log n) in the number of changes; the last one found is tried first.
public struct ZoneOffsets: Sendable, Equatable {
    /// Microseconds since 1970 UTC, ascending; the first stands for the beginning of time.
    public let starts: [EventTime]
    public let offsets: [Microseconds]

    public static let utc = ZoneOffsets(starts: [Int64.min], offsets: [0])

    public init(starts: [EventTime], offsets: [Microseconds]) {
        precondition(!starts.isEmpty && starts.count == offsets.count && starts[0] == Int64.min)
        self.starts = starts
        self.offsets = offsets
    }

    public func offset(at time: EventTime) -> Microseconds { stretch(at: time).offset }

    /// The offset at `time`, and from when until when (exclusive) it holds.
    func stretch(at time: EventTime) -> (offset: Microseconds, from: EventTime, until: EventTime) {
        var low = 0
        var high = starts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if starts[middle] <= time { low = middle } else { high = middle }
        }
        return (offsets[low], starts[low], high < starts.count ? starts[high] : Int64.max)
    }

    /// The day, since 1970-01-01, that the zone's calendar shows at `time`.
    public func day(of time: EventTime) -> Int32 {
        let local = time + (offsets.count == 1 ? offsets[0] : offset(at: time))
        return Int32(truncatingIfNeeded: (local >= 0 ? local : local - CivilDate.microsecondsPerDay + 1) / CivilDate.microsecondsPerDay)
    }

    /// The instant at which the zone's clocks show `local` (microseconds of the local calendar since 1970).
    /// A time that the clocks show twice is taken as the first; one that they skip is taken as if the change
    /// had not happened yet.
    public func instant(ofLocal local: Int64) -> EventTime { reading(ofLocal: local).instant }

    /// The same, and whether the clocks show the time exactly once.
    public func reading(ofLocal local: Int64) -> (instant: EventTime, isCertain: Bool) {
        let day = CivilDate.microsecondsPerDay
        let (before, after) = (offset(at: local - day), offset(at: local + day))
        let candidate = local - before
        let other = local - after
        let isCandidate = offset(at: candidate) == before
        if before == after { return (candidate, isCandidate) }
        let isOther = offset(at: other) == after
        return (isCandidate || !isOther ? candidate : other, isCandidate != isOther)
    }
}

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
