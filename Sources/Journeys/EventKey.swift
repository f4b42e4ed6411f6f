import Events
import Expressions

/// A field whose values split events: the key of a journey type, or a part of `partition_by`.
enum EventKey {
    case kind(KindField)
    case channelKind
    case step
    case scalar(offset: Int)
    /// A field that no source has.
    case nothing

    init(_ field: EventField, symbols: EventSymbols) {
        self =
            switch field {
            case .channel: .kind(.channel)
            case .touchpoint: .kind(.touchpoint)
            case .action: .kind(.action)
            case .outcome: .kind(.outcome)
            case .initiator: .kind(.initiator)
            case .channelKind: .channelKind
            case .step: .step
            case .value, .attribute: symbols.scalarOffsets[field].map { .scalar(offset: $0) } ?? .nothing
            }
    }

    /// The symbol of the event's value, 0 where it has none (an object or array is none). A number and a text of the
    /// same characters are one value.
    func text(_ event: EventContext, symbols: EventSymbols) -> UInt32 {
        switch self {
        case .kind(let field): return symbols.symbol(field, of: event.kind)
        case .channelKind: return symbols.channelKind(of: event.kind[.channel])
        case .step: return event.step
        case .scalar(let offset):
            guard let row = event.row else { return 0 }
            let scalar = Scalar(bits: row.load(offset, as: UInt32.self))
            return scalar.isAbsent || scalar.type == .composite ? 0 : scalar.symbol
        case .nothing: return 0
        }
    }
}
