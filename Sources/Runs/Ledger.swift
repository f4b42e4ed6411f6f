/// Where every line went (pipelines/rules.md, 4): `lines + expanded + released = events + quarantined +
/// duplicates + filtered + late`.
package struct Ledger: Sendable, Equatable {
    package var lines: Int64 = 0
    /// The sum over lines of records less one.
    package var expanded: Int64 = 0
    /// Events that waited in the state behind an explicit as-of.
    package var released: Int64 = 0
    package var events: Int64 = 0
    package var quarantined: Int64 = 0
    package var duplicates: Int64 = 0
    package var filtered: Int64 = 0
    /// For sealed time; without a state nothing is sealed.
    package var late: Int64 = 0

    /// As outputs name and order them.
    var counts: [(name: String, value: Int64)] {
        [
            ("lines", lines), ("expanded", expanded), ("released", released), ("events", events), ("quarantined", quarantined),
            ("duplicates", duplicates), ("filtered", filtered),
            ("late", late),
        ]
    }

    package var balances: Bool { lines + expanded + released == events + quarantined + duplicates + filtered + late }
}
