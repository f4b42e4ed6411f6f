package import Events

/// Linking ids seen with too many known ids: they link nothing (pipelines/rules.md, 6).
package enum Placeholders {
    /// How many known ids a linking id may be seen with.
    static func limit(_ maxKnown: Int) -> Int { max(1, maxKnown) }

    /// Those by a run's tuples alone.
    /// - Parameter used: by tuple, whether it counts.
    package static func among(_ tuples: TupleTable, _ used: [Bool], _ identity: IdentityDefinition) -> Set<UInt32> {
        let (knownTypes, limit) = (identity.known.count, limit(identity.maxKnown))
        var partners: [UInt32: Set<UInt32>] = [:]
        var found: Set<UInt32> = []
        for tuple in 0..<tuples.count where used[tuple] {
            let symbols = tuples[tuple]
            guard let known = symbols.prefix(knownTypes).first(where: { $0 != 0 }) else { continue }
            for link in symbols.dropFirst(knownTypes) where link != 0 && !found.contains(link) {
                partners[link, default: []].insert(known)
                if partners[link]!.count > limit {
                    found.insert(link)
                    partners[link] = nil
                }
            }
        }
        return found
    }
}
