import Events
package import Identity

/// What is counted beside cells.
package struct Totals: Sendable, Equatable {
    package var events: Int64 = 0
    package var duplicates: Int64 = 0
    package var filtered: Int64 = 0
    package var persons: Int64 = 0
    /// By identity type.
    package var identity: [IdentityCounts]

    package init(types: Int) { identity = Array(repeating: IdentityCounts(), count: types) }

    package static func += (left: inout Totals, right: Totals) {
        left.events += right.events
        left.duplicates += right.duplicates
        left.filtered += right.filtered
        left.persons += right.persons
        for type in left.identity.indices { left.identity[type] += right.identity[type] }
    }

    package static func -= (left: inout Totals, right: Totals) {
        left.events -= right.events
        left.duplicates -= right.duplicates
        left.filtered -= right.filtered
        left.persons -= right.persons
        for type in left.identity.indices { left.identity[type] -= right.identity[type] }
    }
}

/// The sums beside cells, as the state keeps them.
package enum StoredTotals {
    package static func load(_ state: StateFile, types: Int) throws -> Totals {
        var totals = Totals(types: types)
        totals.events = try state.number(.events) ?? 0
        totals.duplicates = try state.number(.duplicates) ?? 0
        totals.filtered = try state.number(.filtered) ?? 0
        totals.persons = try state.number(.persons) ?? 0
        guard let text = try state.text(.identity), !text.isEmpty else { return totals }
        let numbers = text.split(separator: " ").compactMap { Int64($0) }
        guard numbers.count == types * 4 else { throw DamagedBytes() }
        for type in 0..<types {
            let counts = numbers[(type * 4)..<(type * 4 + 4)]
            totals.identity[type].values = counts[counts.startIndex]
            totals.identity[type].persons = counts[counts.startIndex + 1]
            totals.identity[type].shared = counts[counts.startIndex + 2]
            totals.identity[type].refused = counts[counts.startIndex + 3]
        }
        return totals
    }

    package static func store(_ totals: Totals, _ state: StateFile) throws {
        try state.set(.events, totals.events)
        try state.set(.duplicates, totals.duplicates)
        try state.set(.filtered, totals.filtered)
        try state.set(.persons, totals.persons)
        let counts = totals.identity.flatMap { [$0.values, $0.persons, $0.shared, $0.refused] }
        try state.set(.identity, counts.map(String.init).joined(separator: " "))
    }
}
