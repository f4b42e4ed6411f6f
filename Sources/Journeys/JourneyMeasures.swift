package import Events
import Expressions

/// What a journey asks of the customer, in counts and time.
package struct JourneyEffort {
    /// Contacts that begin in it.
    package var contacts: Int64 = 0
    /// Directly following events in different channels.
    package var switches: Int64 = 0
    /// Visits of a step that it has visited before.
    package var repeats: Int64 = 0
    /// Events with an error outcome.
    package var errors: Int64 = 0
    /// How long it was the organization's move.
    package var held: Microseconds = 0

    /// The greatest that is counted: its square fits into 64 bits.
    static let most: Int64 = 1 << 31 - 1
    private static let hour: Int128 = 3_600_000_000

    /// All of it as the parts weigh, in thousandths of a point.
    package func weighed(by weights: EffortDefinition) -> Int64 {
        let counts =
            Int128(contacts) * Int128(weights.contact) + Int128(switches) * Int128(weights.channelSwitch)
            + Int128(repeats) * Int128(weights.repeatedStep) + Int128(errors) * Int128(weights.error)
        let time = (Int128(held) * Int128(weights.hour) + Self.hour / 2) / Self.hour
        return Int64(min(counts + time, Int128(Self.most)))
    }
}

/// What is measured of the journey at hand.
extension PersonWalk {
    /// Whether the time between two events of a journey that follow each other is the organization's (pipelines/rules.md, 21).
    package func isOrganizationsMove(from event: Int, to next: Int) -> Bool {
        let (one, other) = (plan.kinds[Int(events.kinds[event])], plan.kinds[Int(events.kinds[next])])
        return one.isByCustomer && one.isAssisted || !other.isByCustomer && !other.isOutbound
    }

    /// O(n log n) in the journey's events, however much else the person does.
    /// - Parameter steps: room to note those visited.
    package func effort(of journey: JourneyContext, _ steps: inout Set<Int>) -> JourneyEffort {
        var effort = JourneyEffort()
        var previous = -1
        for event in journey.events {
            let event = Int(event)
            let kind = plan.kinds[Int(events.kinds[event])]
            if kind.isError { effort.errors += 1 }
            if kind.isAssisted, beginsContact(event) { effort.contacts += 1 }
            if previous >= 0 {
                if plan.kinds[Int(events.kinds[previous])].channel != kind.channel { effort.switches += 1 }
                if isOrganizationsMove(from: previous, to: event) { effort.held += events.times[event] - events.times[previous] }
            }
            previous = event
        }
        steps.removeAll(keepingCapacity: true)
        for visit in visits where !steps.insert(visit.step).inserted { effort.repeats += 1 }
        return effort
    }

    private func beginsContact(_ event: Int) -> Bool {
        let place = contacts.partitioningIndex { $0.event >= event }
        return place < contacts.count && contacts[place].event == event
    }

    /// The first answer on the scale at the journey's last event or after it, and no later than the time in which answers count.
    package func answer(_ survey: Int, to journey: JourneyContext) -> Int64? {
        let end = events.times[Int(journey.events.last!)]
        for answer in answers[answers.partitioningIndex { events.times[$0.event] >= end }...] {
            guard events.times[answer.event] - end <= MeasureDefinition.answerMax else { return nil }
            if answer.survey == survey, let number = answer.number { return number }
        }
        return nil
    }

    /// The first event that gives the customer what the journey is for.
    package func valueEvent(of journey: JourneyContext) -> Int? {
        rules.with(journey.type) { valueEvent(of: journey, $0) }
    }

    private func valueEvent(of journey: JourneyContext, _ rule: JourneyRule) -> Int? {
        guard let valueWhen = rule.valueWhen else { return journey.status == .completed ? Int(journey.events.last!) : nil }
        for event in journey.events {
            var context = plan.context(Int(event), events)
            let step = Int(events.facts[Int(event)].step)
            context.step = step < 0 ? 0 : rule.stepNames[step]
            if valueWhen.holds(kind: Int(events.kinds[Int(event)]), context) { return Int(event) }
        }
        return nil
    }

    /// When a journey that is over was over, by the limits of its type: of an abandoned one, not its last event.
    package func closingTime(of journey: JourneyContext) -> EventTime {
        let last = events.times[Int(journey.events.last!)]
        guard journey.status == .abandoned else { return last }
        let (inactivity, maxLength) = rules.with(journey.type) { ($0.definition.inactivity, $0.definition.maxLength) }
        let silence = last.addingReportingOverflow(inactivity)
        let length = maxLength.map { events.times[Int(journey.events.first!)].addingReportingOverflow($0) }
        return min(silence.overflow ? .max : silence.partialValue, length.map { $0.overflow ? .max : $0.partialValue } ?? .max)
    }

    /// Whether a machine answered in it, and whether no agent was there afterwards.
    package func containment(of journey: JourneyContext) -> (isTouched: Bool, isContained: Bool) {
        guard let first = journey.events.firstIndex(where: { plan.kinds[Int(events.kinds[Int($0)])].isBot }) else { return (false, false) }
        return (true, !journey.events[(first + 1)...].contains { plan.kinds[Int(events.kinds[Int($0)])].isByAgent })
    }

    /// How many channels its events are in, up to two, and whether one of its events is in a concurrent session.
    package func channels(of journey: JourneyContext) -> (areSeveral: Bool, areConcurrent: Bool) {
        let first = plan.kinds[Int(events.kinds[Int(journey.events.first!)])].channel
        guard journey.events.contains(where: { plan.kinds[Int(events.kinds[Int($0)])].channel != first }) else { return (false, false) }
        let isConcurrent = journey.events.contains {
            let session = sessionizer.sessionOfEvent[Int($0)]
            return session >= 0 && sessions[Int(session)].isConcurrent
        }
        return (true, isConcurrent)
    }
}
