package import Events
package import Expressions

/// Everything the fold of a person depends on besides the person's events: the pipeline compiled against the run's
/// symbols, and as-of. No clock, no environment.
package final class FoldPlan: @unchecked Sendable {  // never changed after `init`
    let symbols: EventSymbols
    let layout: RowLayout
    package let zone: ZoneOffsets
    package let asOf: EventTime
    let sessions: SessionRule
    package let journeys: [JourneyRule]
    let frictions: FrictionPlan
    /// By kind.
    package let kinds: Slots<KindFacts>
    /// Whether persons are counted also for rows that do not show them: only where rows of few are left out.
    package let countsPersonsOfRows: Bool
    package var kindCount: Int { symbols.kinds.count }
    package let pairCount: Int
    package let touchpointCount: Int
    package var channelCount: Int { sessions.gaps.count }

    /// What the fold asks of an event's kind.
    package struct KindFacts: BitwiseCopyable {
        /// Dense number of the channel.
        package var channel: Int32
        package var channelSymbol: UInt32
        package var touchpointSymbol: UInt32
        /// 0 where it has none.
        package var actionSymbol: UInt32
        /// Dense number of the touchpoint, whatever its channel.
        package var touchpoint: Int32
        /// Dense number of (channel, touchpoint).
        package var pair: Int32
        package var isError: Bool
        /// By the customer and not in an outbound channel: opens and extends sessions.
        var isActivity: Bool
    }

    struct SessionRule {
        /// By dense channel number.
        var gaps: Slots<Microseconds>
        var maxLength: Microseconds
    }

    /// Throws when an expression cannot be compiled (a bad regular expression).
    package init(
        channels: [ChannelDefinition], sessions: SessionDefinition, journeys definitions: [JourneyDefinition],
        frictions: [FrictionDefinition],
        errorOutcomes: [String], symbols: EventSymbols, layout: RowLayout, zone: ZoneOffsets, asOf: EventTime,
        countsPersonsOfRows: Bool = false
    ) throws {
        self.symbols = symbols
        self.layout = layout
        self.zone = zone
        self.asOf = asOf
        self.countsPersonsOfRows = countsPersonsOfRows
        journeys = try definitions.map { try JourneyRule($0, symbols: symbols) }
        self.frictions = try FrictionPlan(frictions, journeys: journeys, symbols: symbols)
        let outbound = Set(channels.filter { $0.kind == .outbound }.map { symbols.texts.intern($0.name) })
        let errors = Set(errorOutcomes.map { symbols.texts.intern($0) })
        let gapOfChannel = Dictionary(channels.map { (symbols.texts.intern($0.name), $0.gap ?? sessions.gap) }) { first, _ in first }
        var channelNumbers: [UInt32: Int32] = [:]
        var touchpointNumbers: [UInt32: Int32] = [:]
        var gaps: [Microseconds] = []
        var pairNumbers: [UInt64: Int32] = [:]
        let facts = (0..<symbols.kinds.count).map { number in
            let kind = symbols.kind(number)
            let channel = symbols.symbol(.channel, of: kind)
            let touchpoint = symbols.symbol(.touchpoint, of: kind)
            if channelNumbers[channel] == nil {
                channelNumbers[channel] = Int32(gaps.count)
                gaps.append(gapOfChannel[channel] ?? sessions.gap)
            }
            let touchpointNumber = touchpointNumbers[touchpoint] ?? Int32(touchpointNumbers.count)
            touchpointNumbers[touchpoint] = touchpointNumber
            let pair = UInt64(channel) << 32 | UInt64(touchpoint)
            let pairNumber = pairNumbers[pair] ?? Int32(pairNumbers.count)
            pairNumbers[pair] = pairNumber
            return KindFacts(
                channel: channelNumbers[channel]!, channelSymbol: channel, touchpointSymbol: touchpoint,
                actionSymbol: symbols.symbol(.action, of: kind), touchpoint: touchpointNumber, pair: pairNumber,
                isError: errors.contains(symbols.symbol(.outcome, of: kind)),
                isActivity: symbols.isCustomer(kind) && !outbound.contains(channel))
        }
        kinds = Slots(facts)
        pairCount = pairNumbers.count
        touchpointCount = touchpointNumbers.count
        self.sessions = SessionRule(gaps: Slots(gaps), maxLength: sessions.maxLength)
    }

    deinit {
        kinds.release()
        sessions.gaps.release()
    }

    /// Whether an event at as-of would begin a new session.
    func isOver(_ session: Session, _ asOf: AsOf) -> Bool {
        asOf.isLater(than: session.last, plus: sessions.gaps[session.channel])
            || asOf.isLater(than: session.start, plus: sessions.maxLength)
    }

    /// The fields of dynamic type that the expressions and keys of these journeys and rules need kept, in a fixed order.
    package static func scalars(of journeys: [JourneyDefinition], _ frictions: [FrictionDefinition]) -> [EventField] {
        var fields: Set<EventField> = []
        for friction in frictions {
            for expression in friction.expressions { fields.formUnion(expression.fields) }
            fields.formUnion(friction.partitionBy)
        }
        for journey in journeys {
            let expressions = [journey.scope, journey.start, journey.goal, journey.fail].compactMap { $0 } + journey.steps.map(\.match)
            for expression in expressions { fields.formUnion(expression.fields) }
            if let key = journey.key { fields.insert(key) }
        }
        return fields.compactMap { field in
            switch field {
            case .value: ("", field)
            case .attribute(let name): ("." + name, field)
            default: nil
            }
        }.sorted { $0.0.utf8.lexicographicallyPrecedes($1.0.utf8) }.map(\.1)
    }
}
