import Events
import Ingest
import States

extension IncrementalFold {
    /// Keeps the events that carry nothing but placeholders, and drops those that were sealed. Answers how many more there
    /// are, sealed ones left out of account, and by number of a file how many were sealed.
    func storeNobodys(
        _ connection: Connection, _ state: StateFile, sealedBefore: EventTime, _ symbols: MergedSymbols, _ plan: IncrementalPlan
    ) throws -> (added: Int64, sealed: [Int: Int64]) {
        let store = NobodyStore(state)
        let before = try store.events()
        if reload != nil { try store.remove() }
        let rows = ComponentRows(layout: layout, identityColumns: definition.identityColumns.count)
        var latest = EventTime.min
        connection.nobodys.withUnsafeBytes { bytes in
            let all = (0..<(bytes.count / layout.stride)).map { EventRow(bytes.baseAddress! + $0 * layout.stride) }
            append(all.span, symbols, connection.homes, to: rows)
            for row in 0..<rows.count { latest = max(latest, rows.time(row)) }
        }
        if rows.count > 0 {
            try store.add(
                rows.encode(Array(0..<rows.count), texts: symbols.texts, words: plan.words), events: rows.count, latest: latest)
        }
        let added = try store.events() - before
        var sealed: [Int: Int64] = [:]
        for bytes in try store.all(before: sealedBefore) {
            rows.clear()
            try bytes.withUnsafeBytes { try rows.decode($0, component: 0, texts: symbols.texts, words: plan.words) }
            for row in 0..<rows.count { sealed[RowPosition.file(rows.position(row)), default: 0] += 1 }
        }
        try store.remove(before: sealedBefore)
        return (added, sealed)
    }
}
