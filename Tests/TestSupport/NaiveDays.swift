/// What the persons of a log did on one UTC day.
public struct NaiveDay: Sendable, Equatable {
    public var persons = 0
    public var events = 0
    public var latest = Int64.min

    public init() {}
}

/// As-of where it is not given (pipelines/rules.md, 2).
enum NaiveDays {
    /// By the number of the day. Duplicates are events here.
    static func days(_ persons: [NaivePerson: [NaiveEvent]]) -> [Int64: NaiveDay] {
        var days: [Int64: NaiveDay] = [:]
        for events in persons.values {
            for day in Set(events.map { number(of: $0.time) }) { days[day, default: NaiveDay()].persons += 1 }
            for event in events {
                days[number(of: event.time), default: NaiveDay()].events += 1
                days[number(of: event.time)]!.latest = max(days[number(of: event.time)]!.latest, event.time)
            }
        }
        return days
    }

    static func number(of time: Int64) -> Int64 { Int64((Double(time) / 86_400e6).rounded(.down)) }

    /// The days that are alive.
    static func alive(_ days: [Int64: NaiveDay]) -> [Int64] {
        let all = days.values.reduce(0) { $0 + $1.persons }
        func held(_ least: Int) -> Int { days.values.filter { $0.persons >= least }.reduce(0) { $0 + $1.persons } }
        let many = (1...max(1, all)).last { 2 * held($0) >= all } ?? 1
        return days.filter { 100 * $0.value.persons >= many && ($0.value.persons >= 2 || many < 3) }.map(\.key)
    }
}
