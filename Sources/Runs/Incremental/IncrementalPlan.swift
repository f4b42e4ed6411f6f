import Definitions
import Events
import States

/// What every worker of an incremental run needs to know; nothing of it changes while they work.
struct IncrementalPlan: Sendable {
    let identity: (known: Int, types: [String], columns: Int, maxKnown: Int)
    let layout: RowLayout
    let words: SharedWords
    var kinds: TupleTable { words.kinds }
    /// The kind of rows that only link identifiers.
    let linksOnly: UInt32?
    let keys: IdentifierKeys
    /// By number of a file: its place in the order of positions.
    let fileRanks: [Int]
    let waiting: IncrementalFold.Waiting
    let retention: Microseconds
    /// Events that lie farther apart than this have nothing to do with each other, but that they are one person's; and
    /// whether this is so for every rule of the pipeline.
    let reach: Microseconds
    let canCut: Bool
    /// By number of a file: the last of its lines that earlier runs read; beyond all lines where this run reads none of it.
    let linesBefore: [Int64]
    /// Linking ids that are placeholders by the state, and by the state and this run: type and text.
    let placeholdersBefore: Set<[UInt8]>
    var placeholders: Set<[UInt8]>

    init(
        _ definition: PipelineDefinition, _ layout: RowLayout, words: SharedWords, keys: IdentifierKeys, _ waiting: IncrementalFold.Waiting,
        _ files: IncrementalFold.Files, placeholdersBefore: Set<[UInt8]>, placeholders: Set<[UInt8]>
    ) {
        identity = (
            definition.identity.known.count, definition.identity.types, definition.identityColumns.count, definition.identity.maxKnown
        )
        (self.layout, self.words, self.keys) = (layout, words, keys)
        linksOnly = EventKind.linksOnly(words.kinds)
        (fileRanks, linesBefore) = (files.ranks, files.linesBefore)
        self.waiting = waiting
        (retention, reach, canCut) = (definition.retention, definition.reach, definition.canCut)
        (self.placeholdersBefore, self.placeholders) = (placeholdersBefore, placeholders)
    }
}
