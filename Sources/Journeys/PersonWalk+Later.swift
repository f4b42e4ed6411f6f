package import Events

/// A person as of two moments, between which nothing but time passes.
extension PersonWalk {
    /// Goes through one person's events, and says what is answered otherwise as of a later moment; `holdsUntil` is told of that moment.
    /// - Parameters:
    ///   - number, rows, openWaits: as in `run`.
    ///   - questions: what is asked besides the course of journeys and their maturity.
    ///   - later: not before this walk's own moment.
    package func differences(
        person number: UInt32, rows: Span<EventRow>, openWaits: [OpenWait], in questions: AsOfQuestions, asOf later: EventTime
    ) -> AsOfQuestions {
        run(person: number, rows: rows, openWaits: openWaits, asking: later) { _ in
            if questions.contains(.visits) { for visit in visits where !visit.end.isOpen { _ = isJudged(visit) } }
        }
        if questions.contains(.outreach) { for event in 0..<events.count { _ = isJudgedOutreach(event) } }
        if questions.contains(.contacts) {
            for contact in contacts { for window in plan.contacts.windows { _ = hasPassed(window, since: contact) } }
        }
        if questions.contains(.answers) { for wait in waits { _ = isJudged(wait) } }
        return differing
    }

    /// Calls `body` as of the moment of another walk, for which the person has another number.
    /// - Parameter owner: that number, not 0.
    package func asOf(_ other: PersonWalk, owner: UInt32, _ body: () -> Void) {
        let own = self.owner
        self.owner = owner
        asOf.at(other.asOf.time, body)
        self.owner = own
    }

    /// The same with the journey at hand, as one of the other walk's.
    package func asOf(_ other: PersonWalk, owner: UInt32, _ journey: JourneyContext, _ body: (JourneyContext) -> Void) {
        other.lastJourney += 1
        var journey = journey
        (journey.owner, journey.journey) = (owner, other.lastJourney)
        asOf(other, owner: owner) {
            journey.isMature = rules.with(type) { asOf.hasReached(events.times[Int(journey.events.first!)], plus: $0.maturity, .maturity) }
            body(journey)
        }
    }
}
