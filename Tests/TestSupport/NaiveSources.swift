import Foundation

/// What came of each source's lines, and when.
enum NaiveSources {
    /// - Parameters:
    ///   - taking: all events of persons, duplicates included.
    ///   - kept: those of them that count.
    ///   - filtered: the sources of events that take no part.
    static func rows(
        _ pipeline: NaivePipeline, _ reader: NaiveReader, taking: [NaiveEvent], kept: [NaiveEvent], filtered: [String], asOf: Int64
    ) -> [NaiveRow] {
        pipeline.sources.map(\.name).sorted { ExactText($0) < ExactText($1) }.map { name in
            let times = taking.filter { $0.source == name }.map(\.time)
            let events = kept.filter { $0.source == name }.count
            let minutes = Set(times.map(minute)).sorted()
            let gaps = zip(minutes, minutes.dropFirst()).map { (from: $0, length: $1 - $0) }
            let longest = gaps.map(\.length).max()
            let from = gaps.first { $0.length == longest }?.from
            return [
                "source": .text(name), "lines": .integer(reader.linesOfSource[name] ?? 0), "events": .integer(events),
                "quarantined": .integer(reader.quarantine.filter { $0.source == name }.count),
                "duplicates": .integer(times.count - events), "filtered": .integer(filtered.filter { $0 == name }.count),
                "late": .integer(0), "first": .text(times.min().map(utc)), "last": .text(times.max().map(utc)),
                "behind_seconds": .exact(times.max().map { asOf - $0 }), "gap_max_seconds": .exact(longest.map { $0 * 60_000_000 }),
                "gap_max_from": .text(from.map { utc($0 * 60_000_000) }), "expanded": .integer(reader.expandedOfSource[name] ?? 0),
            ]
        }
    }

    /// Since 1970, rounded down.
    private static func minute(_ time: Int64) -> Int64 { (time - (time % 60_000_000 + 60_000_000) % 60_000_000) / 60_000_000 }

    static func fields(_ pipeline: NaivePipeline, _ reader: NaiveReader) -> [NaiveRow] {
        pipeline.sources.flatMap { source -> [NaiveRow] in
            let records = (reader.linesOfSource[source.name] ?? 0) + (reader.expandedOfSource[source.name] ?? 0)
            return fieldNames(source).map { field -> NaiveRow in
                let there = reader.there[source.name]?[field] ?? 0
                let name =
                    field.hasPrefix("id/") ? "ids.\(field.dropFirst(3))" : field.replacingOccurrences(of: "attribute/", with: "attributes.")
                return [
                    "source": .text(source.name), "field": .text(name), "there": .integer(there),
                    "share": .ratio(NaiveStatistics.ratio(there, records)),
                ]
            }
        }
    }

    /// All that a source maps, wherever it says so.
    static func fieldNames(_ source: NaiveSource) -> [String] {
        let plain = Array(source.fields.keys) + source.forms.keys + source.constants.keys + source.moments.flatMap(\.keys)
        let ids = Array(source.ids.keys) + source.moreIDs.keys
        return Set(plain + ids.map { "id/\($0)" } + source.attributes.keys.map { "attribute/\($0)" }).sorted()
    }

    private static func utc(_ time: Int64) -> String {
        let rest = (time % 86_400_000_000 + 86_400_000_000) % 86_400_000_000
        let (second, micro) = (rest / 1_000_000, rest % 1_000_000)
        func two(_ number: Int64) -> String { String("0\(number)".suffix(2)) }
        let clock = [second / 3600, second / 60 % 60, second % 60].map(two).joined(separator: ":")
        return NaiveTime.day(time, timezone: "UTC") + "T" + clock + (micro == 0 ? "" : "." + String("00000\(micro)".suffix(6))) + "Z"
    }
}
