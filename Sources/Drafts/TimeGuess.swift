import Events
import Ingest

/// Which field says when something happened.
struct TimeGuess {
    /// The best first. Those behind it stand in where it is not there, and in a comment.
    let fields: [Candidate]

    struct Candidate {
        let stats: FieldStats
        let score: Double
        /// Its texts name no zone.
        let needsZone: Bool
        /// Numbers with a fraction that are written as texts.
        let isNumberText: Bool
        /// Of numbers.
        let unit: TimeUnit?
        /// To what its times are known, where that is no fraction of a second: second, minute, hour or day.
        let precision: Microseconds
    }

    private static let words: [String: Double] = [
        "time": 1, "timestamp": 1, "ts": 1, "tstamp": 1, "datetime": 1, "occurred": 1, "happened": 1, "at": 0.9, "t": 0.8, "epoch": 0.9,
        "sec": 0.8, "date": 0.7, "created": 0.7, "when": 0.9, "start": 0.6, "started": 0.6, "begin": 0.6, "clock": 0.7, "logged": 0.7,
        "eventtime": 1, "dt": 0.8, "ms": 0.7, "millis": 0.7, "zeit": 0.9,
    ]
    private static let fillers: Set<String> = ["event", "utc", "iso", "unix", "local", "in", "of", "stamp"]
    /// Times of something else than the event: of its way to the log, of a person, of what is to come.
    private static let others: Set<String> = [
        "received", "sent", "processed", "processing", "ingested", "ingestion", "ingest", "upload", "uploaded", "server", "updated",
        "update",
        "modified", "expires", "expiry", "expiration", "due", "birth", "dob", "registered", "signup", "load", "loaded", "etl", "collector",
        "arrival", "deleted", "end", "ended", "closed", "completed", "first", "last", "scheduled", "original", "stored", "sync", "export",
        "deadline", "valid", "until", "since", "client", "prev", "previous", "next", "joined",
    ]
    /// From 1990 on, until 2100: what lies outside is a number that counts something else.
    private static let plausible = 631_152_000_000_000...4_102_444_800_000_000 as ClosedRange<EventTime>

    init(_ survey: FieldSurvey) {
        fields = survey.fields.compactMap { Self.candidate($0, survey) }.sorted { $0.score > $1.score }
    }

    private static func candidate(_ stats: FieldStats, _ survey: FieldSurvey) -> Candidate? {
        guard stats.booleans == 0, !stats.ordered.isEmpty else { return nil }
        let times = stats.ordered.map(time)
        let read = times.compactMap { $0 }
        guard Double(read.count) >= 0.9 * Double(times.count) else { return nil }
        let words = stats.words
        let isNumber = stats.ordered.allSatisfy { $0.utf8.allSatisfy { $0 &- 48 < 10 || $0 == 46 } }
        let fit = words.fit(Self.words, beside: fillers)
        let grows = zip(read, read.dropFirst()).count { $0 <= $1 }
        let order = read.count < 2 ? 0.5 : Double(grows) / Double(read.count - 1)
        // A long number may be an id; that one after the other grows and says when is no chance.
        guard !isNumber || fit > 0 || (order > 0.95 && read.count > 5 && stats.distinct > 1) else { return nil }
        var score = 1.2 * fit + survey.share(stats) + 0.3 * order + 0.3 * stats.uniqueness + (isNumber ? 0 : 0.3)
        score -= 0.1 * Double(stats.path.path.tokens.count - 1) + (words.has(others) ? 0.8 : 0) + (stats.path.level == nil ? 0 : 0.2)
        return Candidate(
            stats: stats, score: score, needsZone: !isNumber && stats.ordered.contains { TimeText.instant($0) == nil },
            isNumberText: isNumber && stats.numeric < 1 && stats.ordered.contains { $0.contains(".") },
            unit: isNumber ? unit(stats.ordered[0]) : nil, precision: precision(read))
    }

    /// A time as the reader would take it, one without a zone as UTC; nil for what is none.
    static func time(_ text: String) -> EventTime? {
        let time: EventTime?
        if let number = Double(text), text.utf8.allSatisfy({ $0 &- 48 < 10 || $0 == 46 }) {
            let size: Double = number < 1e11 ? 1e6 : number < 1e14 ? 1e3 : number < 1e17 ? 1 : 1e-3
            time = number < 1e20 ? EventTime(number * size) : nil
        } else {
            time = TimeText.instant(text) ?? TimeText.instant(text + "Z")
        }
        return time.flatMap { plausible.contains($0) ? $0 : nil }
    }

    private static func unit(_ text: String) -> TimeUnit {
        let number = Double(text) ?? 0
        return number < 1e11 ? .seconds : number < 1e14 ? .milliseconds : number < 1e17 ? .microseconds : .nanoseconds
    }

    /// The longest unit of which all times are multiples; a microsecond where there are too few to tell.
    private static func precision(_ times: [EventTime]) -> Microseconds {
        let units: [Microseconds] = [86_400_000_000, 3_600_000_000, 60_000_000, 1_000_000]
        guard Set(times).count >= 3 else { return 1 }
        return units.first { unit in times.allSatisfy { $0 % unit == 0 } } ?? 1
    }

    /// Fields that people would take for times and the reader does not, each with an example.
    static func unreadable(_ survey: FieldSurvey) -> [(name: String, example: String)] {
        survey.fields.filter { stats in
            guard let text = stats.ordered.first, text.contains(where: \.isNumber) else { return false }
            return stats.words.fit(words, beside: fillers) > 0.4
                || text.firstMatch(of: /^[0-9]{4}[-\/.][0-9]{2}[-\/.][0-9]{2}|^[0-9]{1,2}[\/.][0-9A-Za-z]{1,3}[\/.][0-9]{2,4}/) != nil
        }.map { ($0.name, Secrets.shown($0.ordered[0], hides: Secrets.hides($0.words))) }
    }
}
