package import Events
package import Ingest
import Synchronization

/// The pipeline's `identity` section (pipelines/rules.md, 6).
package struct IdentityDefinition: Sendable, Equatable {
    /// Types in order of preference.
    package var known: [String] = []
    /// Types in order of trust.
    package var linking: [String] = []
    /// A linking id seen with more known ids than this is a placeholder.
    package var maxKnown: Int = 5
    /// Values that are no ids, besides the built-in ones; compared exactly.
    package var block: [String] = []
    package var blockDefaults: Bool = true

    package init() {}

    /// All types: known ones first, then linking ones. Their places are the columns of an identity tuple.
    package var types: [String] { known + linking }
}

/// Gives every row its person. Rows change in place: from identity tuple to person.
///
/// Unsafe code: columns lie where the layout of the rows says.
package struct Stitching {
    package let persons: Int
    /// Events that have only placeholders, or only link identifiers.
    package let filtered: Int64
    /// By identity type.
    package let counts: [IdentityCounts]
    package let hubs: HubIDs
    /// Who is who, where names will be asked for.
    package let graph: IdentityGraph?
    /// By input: the latest time of its events that are somebody's; nil where it has none.
    package let latest: [EventTime?]

    private struct Share: Sendable {
        let scratch = RowScratch()
        var sightings: [SharedLinks.Sighting] = []
        var filtered: Int64 = 0
        /// Persons that got an event by nearness in time, with the identity types it carries.
        var masks: [UInt32: UInt64] = [:]
        /// By input that the worker met.
        var latest: [Int: EventTime] = [:]
    }

    /// Passes over the rows: translation of symbols, sightings of shared ids where there are any, persons.
    /// - Parameter keepsGraph: for names of persons.
    package init(
        _ log: EventLog, symbols: MergedSymbols, definition: IdentityDefinition, keepsGraph: Bool, threads: Int,
        cancellation: Cancellation
    ) throws {
        let graph = try Self.graph(
            log, symbols: symbols, definition: definition, threads: threads, cancellation: cancellation)
        let needed = SharedLinks.needed(graph)
        // Only shared ids need to know when they were seen with whom.
        let sighted = try Parallel.run(
            count: needed.isEmpty ? 0 : log.blocks.count, threads: threads, cancellation: cancellation, state: { _ in Share() }
        ) { share, index in
            let rows = log.blocks[index].rows
            try rows.access(share.scratch, writing: false) { rows in
                rows.forEach { row, _ in
                    let tuple = Int(EventRow(row).identity)
                    SharedLinks.forEachSighting(tuple, graph, needed: needed) { link, person in
                        let time = EventRow(row).time
                        share.sightings.append(.init(link: link, time: time, person: person))
                    }
                }
            }
        }
        let linksOnly = EventKind.linksOnly(symbols.kinds)
        let shared = SharedLinks(sighted.flatMap(\.sightings), graph: graph)
        let counted = Mutex<(counts: [IdentityCounts], masks: [UInt64], hubs: HubIDs)>(([], [], HubIDs()))
        let shares = try Parallel.run(count: log.blocks.count + 1, threads: threads, cancellation: cancellation, state: { _ in Share() }) {
            share, index in
            guard index > 0 else {
                // One worker counts identifiers while the others give rows their persons.
                var hubs = HubIDs()
                hubs.add(graph)
                let result = (graph.counts(), graph.personMasks(), hubs)
                counted.withLock { $0 = result }
                return
            }
            let (rows, input) = (log.blocks[index - 1].rows, log.blocks[index - 1].input)
            var latest = EventTime.min
            try rows.access(share.scratch, writing: true) { rows in
                rows.forEach { row, _ in
                    let tuple = Int(EventRow(row).identity)
                    let time = EventRow(row).time
                    let isOwned = EventRow(row).kind != linksOnly
                    let (person, isNearest) =
                        isOwned ? shared.owner(ofTuple: tuple, at: time, graph) : (nil, false)
                    if person == nil { share.filtered += 1 } else if time > latest { latest = time }
                    if isNearest, let person { share.masks[person, default: 0] |= graph.typeMask(tuple) }
                    row.storeBytes(of: person ?? RowLayout.nobody, toByteOffset: RowLayout.identityOffset, as: UInt32.self)
                }
            }
            if latest > .min { share.latest[input] = max(latest, share.latest[input] ?? .min) }
        }
        persons = graph.representatives.count
        self.graph = keepsGraph ? graph : nil
        filtered = shares.reduce(0) { $0 + $1.filtered }
        latest = log.inputs.indices.map { input in shares.compactMap { $0.latest[input] }.max() }
        let (counts, masks, hubs) = counted.withLock { $0 }
        self.hubs = hubs
        self.counts = Self.count((counts, masks), byTime: shares.map(\.masks))
    }

    /// Builds the graph on one worker while the others translate the rows to the merged symbols.
    private static func graph(
        _ log: EventLog, symbols: MergedSymbols, definition: IdentityDefinition, threads: Int, cancellation: Cancellation
    ) throws -> IdentityGraph {
        let built = Mutex<IdentityGraph?>(nil)
        _ = try Parallel.run(count: log.blocks.count + 1, threads: threads, cancellation: cancellation, state: { _ in RowScratch() }) {
            scratch, index in
            guard index > 0 else {
                let graph = IdentityGraph(
                    identities: symbols.identities, identifiers: symbols.identifiers, types: definition.types.count,
                    knownTypes: definition.known.count,
                    maxKnown: definition.maxKnown)
                built.withLock { $0 = graph }
                return
            }
            let block = log.blocks[index - 1]
            try block.rows.access(scratch, writing: true) { symbols.translate(block, $0) }
        }
        // Some worker took the first index, or there had been an error.
        return built.withLock { $0! }
    }

    /// Adds, for each type, the persons that have it.
    private static func count(_ counted: (counts: [IdentityCounts], masks: [UInt64]), byTime: [[UInt32: UInt64]]) -> [IdentityCounts] {
        var (counts, masks) = counted
        for share in byTime {
            for (person, mask) in share { masks[Int(person)] |= mask }
        }
        for mask in masks {
            for type in counts.indices where mask >> UInt64(type) & 1 == 1 { counts[type].persons += 1 }
        }
        return counts
    }
}
