import Ingest

/// Ids of several sources that are the same customers': one type, so that journeys go through all sources.
enum SharedIdentity {
    /// Of the values of the source with fewer, so many must be in the other.
    private static let shareMin = 0.05
    private static let valuesMin = 3

    /// Gives ids the type's name of an earlier source, where they share values with it or are called the same.
    static func unite(_ sources: inout [SourceDraft]) {
        var seen: [IdentityGuess.ID] = []
        for index in sources.indices where sources[index].format == nil {
            var taken: Set<String> = []
            for place in sources[index].identity.ids.indices {
                let id = sources[index].identity.ids[place]
                let same = seen.first { $0.isKnown == id.isKnown && $0.type != id.type && !taken.contains($0.type) && share($0, id) }
                if let same { sources[index].identity.ids[place].type = same.type }
                // A type is known or linking in all sources.
                let type = sources[index].identity.ids[place].type
                if seen.contains(where: { $0.type == type && $0.isKnown != id.isKnown }) || taken.contains(type) {
                    sources[index].identity.ids[place].type = type + "_" + sources[index].name
                }
                taken.insert(sources[index].identity.ids[place].type)
            }
            seen += sources[index].identity.ids
        }
        for index in sources.indices where sources[index].format == nil { takeShared(&sources[index], seen) }
    }

    /// Fields that no name gives away, but that hold the ids of other sources.
    private static func takeShared(_ source: inout SourceDraft, _ seen: [IdentityGuess.ID]) {
        let taken = Set(
            source.identity.ids.map(\.stats.path) + [source.identity.eventID?.path, source.identity.key?.path].compactMap { $0 })
        for stats in source.survey.fields
        where !taken.contains(stats.path) && stats.distinct >= 10 && stats.longest <= 256 && stats.booleans == 0 {
            // Short numbers are the same everywhere.
            guard stats.ordered.allSatisfy({ $0.utf8.count >= 6 }) else { continue }
            let types = source.identity.ids.map(\.type)
            guard
                let same = seen.first(where: { id in
                    !types.contains(id.type) && count(stats, id.stats) * 5 >= min(stats.counts.count, id.stats.counts.count)
                })
            else { continue }
            source.identity.ids.append(IdentityGuess.ID(stats: stats, type: same.type, isKnown: same.isKnown))
        }
    }

    private static func count(_ one: FieldStats, _ other: FieldStats) -> Int { one.counts.keys.count { other.counts[$0] != nil } }

    private static func share(_ one: IdentityGuess.ID, _ other: IdentityGuess.ID) -> Bool {
        let (few, many) = one.stats.counts.count < other.stats.counts.count ? (one.stats, other.stats) : (other.stats, one.stats)
        let both = few.counts.keys.count { many.counts[$0] != nil }
        return both >= valuesMin && Double(both) >= shareMin * Double(few.counts.count)
    }
}
