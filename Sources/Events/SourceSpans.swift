/// The first and the last time of each source, by the symbol of its name.
public struct SourceSpans: Sendable, Equatable {
    public struct Span: Sendable, Equatable {
        public var first: EventTime
        public var last: EventTime

        public init(first: EventTime, last: EventTime) { (self.first, self.last) = (first, last) }

        /// Of nothing.
        public static var empty: Span { Span(first: .max, last: .min) }
        public var isEmpty: Bool { first > last }

        @inlinable
        public mutating func add(_ time: EventTime) {
            if time < first { first = time }
            if time > last { last = time }
        }

        public mutating func add(_ other: Span) {
            first = min(first, other.first)
            last = max(last, other.last)
        }
    }

    public private(set) var spans: [UInt32: Span] = [:]

    public init(_ spans: [UInt32: Span] = [:]) { self.spans = spans }

    public mutating func add(_ source: UInt32, _ span: Span) { spans[source, default: .empty].add(span) }

    public mutating func absorb(_ other: SourceSpans) { for (source, span) in other.spans { add(source, span) } }

    /// Forgets what the times of some events, which go, decide and those that come instead do not.
    /// - Returns: whether that is anything: what stands there then, others have to say.
    mutating func take(_ before: SourceSpans, by now: SourceSpans) -> Bool {
        var isLost = false
        for (source, less) in before.spans {
            guard let span = spans[source] else { continue }
            let more = now.spans[source] ?? .empty
            guard less.first <= span.first && more.first > span.first || less.last >= span.last && more.last < span.last else { continue }
            spans[source] = nil
            isLost = true
        }
        return isLost
    }
}

/// The source that each kind's events come from, as a small number.
public struct KindSources: Sendable {
    /// By number: the symbol of its name; 0 for none.
    public private(set) var symbols: [UInt32] = []
    /// By kind.
    public private(set) var ofKind: [Int] = []

    public init(_ kinds: TupleTable) {
        var numbers: [UInt32: Int] = [:]
        for kind in 0..<kinds.count {
            let symbol = kinds[kind][EventKind.source]
            let number = numbers[symbol] ?? symbols.count
            if number == symbols.count {
                numbers[symbol] = number
                symbols.append(symbol)
            }
            ofKind.append(number)
        }
    }
}
