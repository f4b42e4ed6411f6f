import Tables

extension ReportTable {
    /// Whether the key columns tell every row from every other, without an unknown among them. False without
    /// key columns.
    ///
    /// Texts are compared as bytes, as databases do: Swift's own comparison takes differently composed letters
    /// for the same.
    /// - Complexity: O(rows) where they ascend by key, as most tables' do; else with a copy of every key.
    var hasUniqueKey: Bool {
        if hasDistinctFilledKeys { return true }
        let places = keyColumns.compactMap { name in columns.firstIndex { $0.name == name } }
        precondition(places.count == keyColumns.count, "\(name): a key column that is no column")
        guard !places.isEmpty, !rows.contains(where: { row in places.contains { row[$0] == .unknown } }) else { return false }
        let ascends = zip(rows, rows.dropFirst()).allSatisfy { one, next in Self.precedes(one, next, places) }
        return ascends || hasNoKeyTwice(places)
    }

    /// Whether a row's key comes before another's. False where it cannot be told.
    private static func precedes(_ one: [Cell], _ next: [Cell], _ places: [Int]) -> Bool {
        for place in places {
            switch (one[place], next[place]) {
            case (.text(let left), .text(let right)):
                if TableNames.precedes(left, right) { return true }
                if !left.utf8.elementsEqual(right.utf8) { return false }
            case (.integer(let left), .integer(let right)):
                if left != right { return left < right }
            case (.day(let left), .day(let right)):
                if left != right { return left < right }
            default: return false
            }
        }
        return false
    }

    private func hasNoKeyTwice(_ places: [Int]) -> Bool {
        var seen: Set<[UInt8]> = []
        seen.reserveCapacity(rows.count)
        return rows.allSatisfy { row in
            var key: [UInt8] = []
            for place in places {
                // Quoting makes a comma inside a text differ from one between two texts.
                CSVFile.append(row[place], to: &key)
                key.append(UInt8(ascii: ","))
            }
            return seen.insert(key).inserted
        }
    }
}
