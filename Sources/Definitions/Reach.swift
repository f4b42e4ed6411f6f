package import Events
import Journeys

extension PipelineDefinition {
    /// The longest time over which one event may decide what another one counts for: silences and lengths of sessions and
    /// journeys, windows of frictions. At least a day.
    package var reach: Microseconds {
        var times: [Microseconds] = [86_400_000_000, sessions.gap, sessions.maxLength] + channels.compactMap(\.gap)
        for journey in journeys { times += [journey.inactivity] + [journey.maxLength].compactMap { $0 } }
        for friction in frictions { times.append((friction.within ?? 0) + (friction.absent?.time ?? 0)) }
        return times.max() ?? 0
    }

    /// Whether no rule looks at all of a person's events however far they lie apart.
    package var canCut: Bool { frictions.allSatisfy { $0.scope != .person || $0.within != nil && !$0.pattern.hasAnchor } }
}
