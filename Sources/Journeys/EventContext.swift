import Events

/// What an expression's parts are worth for one event. Texts are symbols, so equality is one comparison.
enum Value: BitwiseCopyable {
    case absent
    case text(UInt32)
    case number(Double)
    case boolean(Bool)
    case duration(Microseconds)
    /// An object or array: there, but equal to nothing.
    case composite
}

/// The symbols of a kind.
///
/// Unsafe code: a kind of the merged table, which `EventSymbols` holds and which no longer grows; every `KindField` lies
/// within it.
struct KindSymbols: BitwiseCopyable {
    private let symbols: UnsafePointer<UInt32>

    init(_ number: Int, of kinds: TupleTable) {
        assert(kinds.width == EventKind.width)
        symbols = kinds[number].baseAddress!
    }

    @inline(__always)
    subscript(field: KindField) -> UInt32 { symbols[field.rawValue] }
}

/// The event an expression looks at.
struct EventContext: BitwiseCopyable {
    let kind: KindSymbols
    /// nil while tables by kind are made.
    let row: EventRow?
    /// Symbol of the step's name, 0 where it has none.
    var step: UInt32 = 0
    /// The match that the event may become part of; nil outside of patterns and before the first event is bound.
    var match: MatchSoFar?
}

/// What an expression of a pattern can ask of the match so far.
struct BoundEvents: BitwiseCopyable {
    var first: EventContext
    /// The event bound just before.
    var prev: EventContext
    /// Time since then.
    var gap: Microseconds
}

/// Bound events that lie elsewhere, so that contexts stay small and need no reference count.
///
/// Unsafe code: a search makes it, sets it before an expression looks, and releases it when it goes.
struct MatchSoFar: BitwiseCopyable {
    private let place: UnsafeMutablePointer<BoundEvents>

    /// Nothing is bound before `set`.
    init() { place = .allocate(capacity: 1) }

    func release() { place.deallocate() }

    func set(_ events: BoundEvents) { place.initialize(to: events) }

    var first: EventContext { place.pointee.first }
    var prev: EventContext { place.pointee.prev }
    var gap: Microseconds { place.pointee.gap }
}
