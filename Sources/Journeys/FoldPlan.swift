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
    /// In the order of the pipeline.
    let dimensions: [EventKey]
    package let dimensionCount: Int
    /// What a journey's segment is called where no event has one.
    package let noText: UInt32
    let emptyText: UInt32
    package let contacts: ContactRule
    package let measures: MeasureRules
    /// By dense channel number.
    package let channels: [ChannelRule]
    /// Whether any channel of the pipeline has a `response_sla`, also one that has no event yet.
    package let hasResponseSLA: Bool
    /// By kind.
    package let kinds: Slots<KindFacts>
    package let sources: KindSources
    /// Whether persons are counted also for rows that do not show them: only where rows of few are left out.
    package let countsPersonsOfRows: Bool
    package let kindCount: Int
    package let pairCount: Int
    package let touchpointCount: Int
    package let channelCount: Int

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
        package var isActivity: Bool
        package var isByCustomer: Bool
        package var isByAgent: Bool
        package var isAssisted: Bool
        package var isOutbound: Bool
        /// Whether a machine answers there.
        package var isBot: Bool
        /// Symbol of the channel's owner, 0 where it has none.
        package var ownerSymbol: UInt32
    }

    /// What contacts in assisted channels are told apart by.
    package struct ContactRule {
        var topic: EventKey?
        package var windows: [Microseconds]
        package var handover: Microseconds
    }

    /// How answers are told in a channel.
    package struct ChannelRule {
        package var symbol: UInt32
        package var isAssisted: Bool
        var asks: Predicate?
        /// nil: any event by an agent.
        var answers: Predicate?
        package var responseSLA: Microseconds?
    }

    struct SessionRule {
        /// By dense channel number.
        var gaps: Slots<Microseconds>
        var maxLength: Microseconds
    }

    /// Throws when an expression cannot be compiled (a bad regular expression).
    package init(
        channels: [ChannelDefinition], sessions: SessionDefinition, journeys definitions: [JourneyDefinition],
        frictions: [FrictionDefinition], dimensions: [DimensionDefinition] = [], contacts: ContactDefinition = ContactDefinition(),
        measures: MeasureDefinition = MeasureDefinition(), errorOutcomes: [String], symbols: EventSymbols, layout: RowLayout,
        zone: ZoneOffsets, asOf: EventTime,
        countsPersonsOfRows: Bool = false
    ) throws {
        self.symbols = symbols
        self.layout = layout
        self.zone = zone
        self.asOf = asOf
        self.countsPersonsOfRows = countsPersonsOfRows
        journeys = try definitions.map { try JourneyRule($0, symbols: symbols) }
        self.frictions = try FrictionPlan(frictions, journeys: journeys, symbols: symbols)
        self.dimensions = dimensions.map { EventKey($0.field, symbols: symbols) }
        dimensionCount = dimensions.count
        noText = symbols.texts.intern("(none)")
        emptyText = symbols.texts.intern("")
        self.contacts = ContactRule(
            topic: contacts.topic.map { EventKey($0, symbols: symbols) }, windows: contacts.windows, handover: contacts.handover)
        let declared = Dictionary(channels.map { (symbols.texts.intern($0.name), $0) }) { first, _ in first }
        self.measures = try MeasureRules(
            measures, channels: channels, journeys: definitions, frictions: frictions, symbols: symbols)
        let bots = Set(measures.botTouchpoints.map { symbols.texts.intern($0) })
        let errors = Set(errorOutcomes.map { symbols.texts.intern($0) })
        var channelNumbers: [UInt32: Int32] = [:]
        var touchpointNumbers: [UInt32: Int32] = [:]
        var gaps: [Microseconds] = []
        var pairNumbers: [UInt64: Int32] = [:]
        var rules: [ChannelRule] = []
        let facts = try (0..<symbols.kinds.count).map { number in
            let kind = symbols.kind(number)
            let channel = symbols.symbol(.channel, of: kind)
            let touchpoint = symbols.symbol(.touchpoint, of: kind)
            if channelNumbers[channel] == nil {
                channelNumbers[channel] = Int32(gaps.count)
                gaps.append(declared[channel]?.gap ?? sessions.gap)
                rules.append(try ChannelRule(declared[channel], symbol: channel, symbols))
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
                isActivity: symbols.isCustomer(kind) && declared[channel]?.kind != .outbound, isByCustomer: symbols.isCustomer(kind),
                isByAgent: symbols.isAgent(kind), isAssisted: declared[channel]?.kind == .assisted,
                isOutbound: declared[channel]?.kind == .outbound, isBot: declared[channel]?.isBot == true || bots.contains(touchpoint),
                ownerSymbol: declared[channel]?.owner.map { symbols.texts.intern($0) } ?? 0)
        }
        kinds = Slots(facts)
        sources = KindSources(symbols.kinds)
        kindCount = facts.count
        pairCount = pairNumbers.count
        touchpointCount = touchpointNumbers.count
        channelCount = gaps.count
        self.channels = rules
        hasResponseSLA = channels.contains { $0.responseSLA != nil }
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
    package static func scalars(
        of journeys: [JourneyDefinition], _ frictions: [FrictionDefinition], channels: [ChannelDefinition] = [],
        besides: [EventField] = []
    ) -> [EventField] {
        var fields = Set(besides)
        for expression in channels.flatMap({ [$0.asks, $0.answers] }).compactMap({ $0 }) { fields.formUnion(expression.fields) }
        for friction in frictions {
            for expression in friction.expressions { fields.formUnion(expression.fields) }
            fields.formUnion(friction.partitionBy)
        }
        for journey in journeys {
            let expressions =
                [journey.scope, journey.start, journey.goal, journey.fail, journey.valueWhen].compactMap { $0 } + journey.steps.map(\.match)
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

extension FoldPlan.ChannelRule {
    fileprivate init(_ definition: ChannelDefinition?, symbol: UInt32, _ symbols: EventSymbols) throws {
        func compile(_ expression: Expression?) throws -> Predicate? {
            try expression.map { try Predicate($0, symbols: symbols, stepOfKind: nil) }
        }
        self.symbol = symbol
        isAssisted = definition?.kind == .assisted
        asks = try compile(definition?.asks)
        answers = try compile(definition?.answers)
        responseSLA = definition?.responseSLA
    }
}
