extension Expression {
    /// Every field the expression names, of whichever event.
    package var fields: Set<EventField> {
        var found: Set<EventField> = []
        root.forEachReference { if let reference = $0 { found.insert(reference.field) } }
        return found
    }

    /// Whether it asks for `prev.FIELD`, `first.FIELD` or `gap`: its answer depends on the match so far.
    package var looksAtMatch: Bool {
        var found = false
        root.forEachReference { found = found || $0?.event != .current }
        return found
    }

    /// Whether it asks for `first.FIELD`.
    package var looksAtFirst: Bool {
        var found = false
        root.forEachReference { found = found || $0?.event == .first }
        return found
    }

    /// Whether it holds only for an event of another channel than one bound before: `channel != prev.channel` or
    /// `channel != first.channel` is one of the parts that `&&` joins. Only once an event is bound.
    package var demandsAnotherChannel: Bool { root.demandsAnotherChannel }
}

extension Expression.Node {
    fileprivate var demandsAnotherChannel: Bool {
        switch self {
        case .and(let left, let right): left.demandsAnotherChannel || right.demandsAnotherChannel
        case .compare(.notEqual, .field(let one), .field(let other)):
            one.field == .channel && other.field == .channel && (one.event == .current) != (other.event == .current)
        default: false
        }
    }

    /// Every field that is asked for; nil stands for `gap`.
    fileprivate func forEachReference(_ body: (FieldReference?) -> Void) {
        switch self {
        case .literal: break
        case .gap: body(nil)
        case .field(let reference), .has(let reference): body(reference)
        case .not(let inner), .call(_, let inner, argument: _): inner.forEachReference(body)
        case .and(let left, let right), .or(let left, let right), .compare(_, let left, let right):
            left.forEachReference(body)
            right.forEachReference(body)
        case .isIn(let value, let list):
            value.forEachReference(body)
            for item in list { item.forEachReference(body) }
        }
    }
}
