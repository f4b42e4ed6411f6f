/// Up to three attempts to pay. A bank transfer keeps every third person waiting for their bank, and many do not
/// stay: the stall that the pipeline's time limit for this step should find.
enum PaymentBehaviour {
    /// Whether the order is confirmed.
    static func play(_ story: inout Story, _ item: UInt8, _ order: UInt32) -> Bool {
        var tries = Tries()
        var hasChangedChannel = false
        for attempt in 1... {
            story.record(.payment, .view, cents: Item.cents(item), order: order)
            story.wait(45)
            if attempt == 1, story.random.percent(3) {
                story.record(.payment, .cancel, order: order)
                return false
            }
            if attempt == 1, story.random.percent(12) { return false }
            guard attempt <= 3, story.mayStumble, story.random.percent(19) else { break }
            let failure = story.record(
                .payment, .submit, story.random.percent(70) ? .declined : .error, cents: Item.cents(item), order: order)
            tries.add(failure)
            switch story.random.below(100) {
            case ..<50 where attempt < 3: story.wait(35)
            case ..<62 where attempt < 3 && story.person.isMember && !hasChangedChannel:
                story.plant(.errorExit, from: failure, to: failure)
                hasChangedChannel = true
                story.waitMinutes(1...6)
                story.goTo(story.channel == .web ? .app : .web)
                story.logIn()
            case ..<72:
                story.plant(.errorExit, from: failure, to: failure)
                tries.note(in: story)
                story.wait(420)
                return orderByPhone(&story, item, order)
            default:
                story.plant(.errorExit, from: failure, to: failure)
                tries.note(in: story)
                return false
            }
        }
        if !tries.isEmpty {
            tries.add(submit(&story, item, order))
            tries.note(in: story)
        } else {
            submit(&story, item, order)
        }
        return awaitConfirmation(&story, item, order)
    }

    @discardableResult static func submit(_ story: inout Story, _ item: UInt8, _ order: UInt32) -> Moment {
        story.record(.payment, .submit, .ok, cents: Item.cents(item), order: order)
    }

    static func awaitConfirmation(_ story: inout Story, _ item: UInt8, _ order: UInt32) -> Bool {
        let waitsForBank = story.random.percent(36)
        if waitsForBank { story.waitMinutes(25...240) } else { story.wait(8) }
        // Some of those who wait are gone when the answer comes.
        if waitsForBank, story.random.percent(45) {
            story.record(.payment, .submit, .timeout, by: .system, order: order)
            return false
        }
        story.record(.confirmed, .view, .ok, item: item, cents: Item.cents(item), order: order, plant: waitsForBank ? .paymentStall : .none)
        return true
    }

    /// An agent takes the order that the shop would not.
    private static func orderByPhone(_ story: inout Story, _ item: UInt8, _ order: UInt32) -> Bool {
        var question = Question(.payment, order, &story.random)
        SupportBehaviour.dial(&story, &question)
        SupportBehaviour.answer(&story, &question)
        story.wait(240)
        let works = story.random.percent(80)
        if works { story.record(.confirmed, .submit, .ok, by: .agent, topic: .payment, item: item, cents: Item.cents(item), order: order) }
        story.wait(30)
        SupportBehaviour.hangUp(&story, &question, works ? .resolved : .unresolved)
        return works
    }

    /// A first failure and what was tried after it, all within half an hour.
    private struct Tries {
        private var first: Moment?
        private var last: Moment?

        var isEmpty: Bool { first == nil }

        mutating func add(_ moment: Moment) {
            first = first ?? moment
            last = moment
        }

        func note(in story: Story) {
            guard let first, let last else { return }
            if first.time == last.time {
                story.nearMiss(.paymentRetry, "given up", from: first, to: last)
            } else {
                story.plant(.paymentRetry, from: first, to: last)
            }
        }
    }
}
