import Events

/// What an expression's parts are worth for one event. Texts are symbols, so equality is one comparison.
enum Value {
    case absent
    case text(UInt32)
    case number(Double)
    case boolean(Bool)
    case duration(Microseconds)
    /// An object or array: there, but equal to nothing.
    case composite
}

/// The event an expression looks at.
struct EventContext {
    /// The five symbols of its kind.
    let kind: UnsafePointer<UInt32>
    /// nil while tables by kind are made.
    let row: UnsafeRawPointer?
    /// Symbol of the step's name, 0 where it has none.
    var step: UInt32 = 0
    /// The match that the event may become part of; nil outside of patterns and before the first event is bound.
    var match: UnsafePointer<BoundEvents>?
}

/// What an expression of a pattern can ask of the match so far.
struct BoundEvents {
    var first: UnsafePointer<EventContext>
    /// The event bound just before.
    var prev: UnsafePointer<EventContext>
    /// Time since then.
    var gap: Microseconds
}
