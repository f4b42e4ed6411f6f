public import Events

/// The visits that are still open, kept with the time of their journey's last event rather than with how long they have
/// idled: what a person contributes then stays the same while as-of moves on.
extension MetricCells {
    public func addOpenVisit(type: UInt32, step: UInt32, since time: EventTime, day: Int32) {
        let bits = UInt64(bitPattern: time)
        openVisits.add(
            1, to: 0,
            of: openVisits.cell(type, step, UInt32(truncatingIfNeeded: bits >> 32), UInt32(truncatingIfNeeded: bits), UInt32(bitPattern: day)))
    }

    /// By journey type and step, over all days or for each.
    func idleTimes(_ granularity: Granularity, asOf: EventTime) -> [GroupKey: [IdleTime]] {
        var found: [GroupKey: [IdleTime]] = [:]
        for cell in 0..<openVisits.keys.count {
            let key = openVisits.keys[cell]
            let since = EventTime(bitPattern: UInt64(key[2]) << 32 | UInt64(key[3]))
            let group = GroupKey(numbers: [key[0], key[1]], day: granularity == .daily ? Int32(bitPattern: key[4]) : nil)
            found[group, default: []].append(IdleTime(time: asOf - since, visits: openVisits.counter(0, of: cell)))
        }
        return found
    }
}

/// How many open visits have idled that long at as-of.
struct IdleTime {
    let time: Microseconds
    let visits: Int64
}
