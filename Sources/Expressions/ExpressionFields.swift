extension Expression {
    /// Every field the expression names, of whichever event.
    package var fields: Set<EventField> {
        var found: Set<EventField> = []
        root.collectFields(into: &found)
        return found
    }
}

extension Expression.Node {
    fileprivate func collectFields(into found: inout Set<EventField>) {
        switch self {
        case .literal, .gap: break
        case .field(let reference), .has(let reference): found.insert(reference.field)
        case .not(let inner), .call(_, let inner, argument: _): inner.collectFields(into: &found)
        case .and(let left, let right), .or(let left, let right), .compare(_, let left, let right):
            left.collectFields(into: &found)
            right.collectFields(into: &found)
        case .isIn(let value, let list):
            value.collectFields(into: &found)
            for item in list { item.collectFields(into: &found) }
        }
    }
}
