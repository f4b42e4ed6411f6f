import Tables

extension ReportTable {
    /// Whether the key columns tell every row from every other, without an unknown among them. False without
    /// key columns.
    ///
    /// Texts are compared as bytes, as databases do: Swift's own comparison takes differently composed letters
    /// for the same.
    /// - Complexity: O(rows), with a copy of every key.
    var hasUniqueKey: Bool {
        let places = keyColumns.compactMap { name in columns.firstIndex { $0.name == name } }
        precondition(places.count == keyColumns.count, "\(name): a key column that is no column")
        guard !places.isEmpty else { return false }
        var seen: Set<[UInt8]> = []
        seen.reserveCapacity(rows.count)
        for row in rows {
            var key: [UInt8] = []
            for place in places {
                guard row[place] != .unknown else { return false }
                // Quoting makes a comma inside a text differ from one between two texts.
                CSVFile.append(row[place], to: &key)
                key.append(UInt8(ascii: ","))
            }
            guard seen.insert(key).inserted else { return false }
        }
        return true
    }
}
