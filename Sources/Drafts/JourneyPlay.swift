import Events

/// Journeys as the definition would find them, on the sample; without scopes and keys.
struct JourneyPlay {
    private(set) var begun = 0
    /// Of those that came to the goal, the longest silence, the length and the events.
    private(set) var reached: [(silence: Microseconds, length: Microseconds, way: [SampledEvents.Event])] = []
    /// Goals that no journey led to.
    private(set) var missed = 0

    init(
        _ persons: [[SampledEvents.Event]], start: JourneyGuess.Moment?, ends: [JourneyGuess.Moment], goal: JourneyGuess.Moment?,
        inactivity: Microseconds
    ) {
        for events in persons {
            var open: (first: EventTime, last: EventTime, silence: Microseconds, place: Int)?
            for (place, event) in events.enumerated() {
                if let running = open {
                    if event.time - running.last > inactivity {
                        open = nil
                    } else {
                        open = (running.first, event.time, max(running.silence, event.time - running.last), running.place)
                    }
                }
                if open == nil, start.map({ $0.matches(event) }) ?? true {
                    open = (event.time, event.time, 0, place)
                    begun += 1
                }
                guard ends.contains(where: { $0.matches(event) }) else { continue }
                if goal?.matches(event) == true {
                    if let open {
                        reached.append((open.silence, event.time - open.first, Array(events[open.place...place])))
                    } else {
                        missed += 1
                    }
                }
                open = nil
            }
        }
    }
}

/// What a type of journey is called after the words of its steps.
enum JourneyNames {
    private static let names: [(String, Set<String>)] = [
        ("purchase", ["order", "checkout", "cart", "basket", "purchase", "payment", "buy", "bought", "sale"]),
        ("onboarding", ["signup", "register", "registration", "onboarding", "verify", "activation", "trial", "account"]),
        ("ticket", ["ticket", "incident", "resolve", "resolved", "solved", "escalate", "triage", "seriousness"]),
        ("claim", ["claim", "loss", "insurance"]), ("application", ["application", "permit", "loan", "apply", "submit"]),
        ("treatment", ["admission", "discharge", "triage", "er", "treatment"]), ("fine", ["fine", "penalty"]),
        ("booking", ["booking", "book", "booked", "reservation", "flight"]), ("support", ["help", "support", "call", "chat", "contact"]),
    ]

    static func name(_ texts: [String]) -> String {
        let words = texts.flatMap(NameWords.words)
        let counts = names.map { name in (name.0, words.count { name.1.contains($0) }) }
        return counts.max { $0.1 < $1.1 }.flatMap { $0.1 == 0 ? nil : $0.0 } ?? "journey"
    }
}
