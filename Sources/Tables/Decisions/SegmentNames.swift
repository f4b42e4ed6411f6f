import Events

/// Which segments of a dimension keep their names: the largest of all days, so that a row of a day has the name that it has in the
/// table of the whole time.
struct SegmentNames {
    static let namedMax = 50
    static let other = "(other)"
    static let none = "(none)"
    static let description =
        "The field's text at the journey's first event that has one; (none): none has; (other): beyond the 50 with most journeys"

    /// Journey type, dimension and segment, as their rows show them.
    static var texts: [KeyText] {
        [.journey, .number(0) { $1.dimensions[Int($0)] }, .slice { $0 == 0 ? other : $1.text($0) }]
    }

    /// By type, dimension and segment, in keys of nothing else: the segment that it is shown as, 0 for (other).
    private var shown: [CellKey: UInt32] = [:]

    init(_ sums: TableSums) {
        let groups = (sums.whole ?? sums.cells)[SegmentTable.segments].grouped(.total, ofSegments: true, measured: false)
        for segments in Dictionary(grouping: groups, by: { CellKey(type: $0.key.type, $0.key.first) }).values {
            let named = segments.map { (key: $0.key, started: $0.value[SegmentTable.Counter.started], name: sums.names.text($0.key.slice)) }
                .sorted { $0.started != $1.started ? $0.started > $1.started : TableNames.precedes($0.name, $1.name) }
            // A log may have a segment of that name, which the others join then.
            let other = named.prefix(Self.namedMax).first { Self.isOther($0.name) }?.key.slice ?? 0
            for (place, segment) in named.enumerated() { shown[segment.key] = place < Self.namedMax ? segment.key.slice : other }
        }
    }

    static func isOther(_ name: String) -> Bool { name.utf8.elementsEqual(other.utf8) }
    static func isNone(_ name: String) -> Bool { name.utf8.elementsEqual(none.utf8) }

    /// Cells of segments under the segments that they are shown as.
    func merged(_ shape: CellShape, _ sums: TableSums) -> [CellKey: CellGroup] {
        var merged: [CellKey: CellGroup] = [:]
        for (key, group) in sums.cells[shape].grouped(sums.granularity, ofSegments: true, measured: false) {
            var key = key
            key.slice = shown[CellKey(type: key.type, slice: key.slice, key.first)] ?? 0
            merged[key, default: .empty(shape)].addCounters(group)
        }
        return merged
    }
}

/// One segment's share against that of the type's other segments together. Journeys of which no event has the field are neither
/// compared nor part of the others: a field that is first there at checkout would make progress a segment.
struct SegmentComparison {
    var rest = Share(0, of: 0)
    var difference: ShareDifference?
    var qValue: Double?

    /// - Parameters:
    ///   - family: of a row: which rows are set side by side.
    ///   - tests: of a row: within which tests count together; nil: the family's.
    ///   - isShown: whether a row stays once it was part of the others' comparisons; it is no test where it does not. Of changes every
    ///     row stays, and none is compared.
    static func compare<Row>(
        _ rows: inout [TableRow<Row>], of sums: TableSums, family: (Row) -> [String], tests: ((Row) -> [String])? = nil,
        segment: (Row) -> String,
        _ share: (Row) -> Share, _ place: WritableKeyPath<Row, SegmentComparison>, isShown: (Row) -> Bool = { _ in true }
    ) {
        guard sums.whole == nil else { return }
        func key(_ row: TableRow<Row>, _ texts: [String]) -> [[UInt8]] {
            ["\(row.day)"].map { Array($0.utf8) } + texts.map { Array($0.utf8) }
        }
        let all = rows.map { SegmentNames.isNone(segment($0.row)) ? nil : share($0.row) }
        let families = rows.map { key($0, family($0.row)) }
        var sums: [[[UInt8]]: Share] = [:]
        for (family, share) in zip(families, all) { if let share { sums[family, default: Share(0, of: 0)] += share } }
        for index in rows.indices {
            guard let mine = all[index], let sum = sums[families[index]] else { continue }
            let rest = Share(sum.part - mine.part, of: sum.whole - mine.whole)
            rows[index].row[keyPath: place] = SegmentComparison(rest: rest, difference: ShareDifference(mine, rest))
        }
        rows.removeAll { !isShown($0.row) }
        let pValues = rows.map { $0.row[keyPath: place].difference?.pValue }
        let shown = rows.map { row in key(row, tests?(row.row) ?? family(row.row)) }
        let qValues = Statistics.qValues(pValues) { shown[$0] }
        for index in rows.indices { rows[index].row[keyPath: place].qValue = qValues[index] }
    }

    /// - Parameters:
    ///   - share: name of the column that is compared.
    ///   - rest: name of the column of the others' share.
    static func columns<Row>(of share: String, rest: String, _ comparison: @escaping @Sendable (Row) -> SegmentComparison) -> [TableColumn<
        Row
    >] {
        [
            .init(rest, .ratio, "\(share) of the type's other segments together, without (none); empty for (none)", ofTotalOnly: true) {
                ReportTable.ratio(comparison($0).rest.rate)
            },
            .init("difference", .ratio, "\(share) − \(rest)", ofTotalOnly: true) {
                ReportTable.ratio(comparison($0).difference?.difference)
            },
            .init("difference_low", .ratio, "Lower end of Newcombe's 95 % interval of difference", ofTotalOnly: true) {
                ReportTable.ratio(comparison($0).difference?.low)
            },
            .init("difference_high", .ratio, "Upper end of Newcombe's 95 % interval of difference", ofTotalOnly: true) {
                ReportTable.ratio(comparison($0).difference?.high)
            },
            .init(
                "p_value", .ratio, "Two-sided pooled two-proportion z-test of the two shares; empty without variation", ofTotalOnly: true
            ) { ReportTable.ratio(comparison($0).difference?.pValue) },
            .init(
                "q_value", .ratio, "p_value after Benjamini and Hochberg over the rows of the same journey type and dimension",
                ofTotalOnly: true
            ) { ReportTable.ratio(comparison($0).qValue) },
        ]
    }
}
