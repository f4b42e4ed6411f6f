/// A question: first the help pages, then the chat, whose bot passes some on to an agent, then the telephone.
/// Whoever gets no answer calls again some days later, with the same topic.
enum SupportBehaviour {
    static func play(_ story: inout Story, _ topic: Topic, _ order: UInt32 = 0) {
        story.goOnline()
        if readHelp(&story, topic) { return }
        if story.random.percent(62) {
            story.goTo(.chat)
            if chat(&story, topic, order) { return }
            // Half of them give up here.
            guard story.random.percent(55) else { return }
            story.wait(900)
        } else if story.random.percent(15) {
            return
        }
        if call(&story, topic, order) { return }
        guard story.random.percent(60) else { return }
        story.waitHours(42)
        if call(&story, topic, order) { return }
        guard story.random.percent(40) else { return }
        story.waitHours(50)
        _ = call(&story, topic, order)
    }

    private static func readHelp(_ story: inout Story, _ topic: Topic) -> Bool {
        story.record(.help, .view, topic: topic)
        story.wait(25)
        repeat {
            story.record(.helpArticle, .view, topic: topic)
            story.wait(60)
        } while story.random.percent(38)
        guard story.random.percent(42) else { return false }
        story.record(.helpArticle, .rate, story.random.percent(80) ? .resolved : .unresolved, topic: topic)
        story.wait(30)
        return story.random.percent(80)
    }

    private static func chat(_ story: inout Story, _ topic: Topic, _ order: UInt32) -> Bool {
        story.record(.chatBot, .message, topic: topic, order: order)
        repeat {
            story.wait(4)
            story.record(.chatBot, .answer, by: .system, topic: topic, order: order)
            story.wait(35)
            story.record(.chatBot, .message, topic: topic, order: order)
        } while story.random.percent(42)
        story.wait(4)
        guard story.random.percent(60) else {
            let helped = story.random.percent(35)
            story.record(.chatBot, .answer, helped ? .resolved : .unresolved, by: .system, topic: topic, order: order)
            return helped
        }
        story.record(.chatAgent, .wait, by: .system, topic: topic, order: order)
        story.wait(150)
        repeat {
            story.record(.chatAgent, .answer, by: .agent, topic: topic, order: order)
            story.wait(50)
            story.record(.chatAgent, .message, topic: topic, order: order)
            story.wait(45)
        } while story.random.percent(50)
        let helped = story.random.percent(64)
        story.record(.chatAgent, .answer, helped ? .resolved : .unresolved, by: .agent, topic: topic, order: order)
        return helped
    }

    private static func call(_ story: inout Story, _ topic: Topic, _ order: UInt32) -> Bool {
        ring(&story, topic, order)
        // Whoever waits too long hangs up.
        if story.random.percent(9) {
            story.record(.phoneQueue, .hangup, .unresolved, topic: topic, order: order)
            return false
        }
        story.wait(200)
        let helped = story.random.percent(70)
        story.record(.phoneAgent, .hangup, helped ? .resolved : .unresolved, by: .agent, topic: topic, order: order)
        return helped
    }

    /// From dialling to the agent's first word.
    static func ring(_ story: inout Story, _ topic: Topic, _ order: UInt32) {
        story.goTo(.phone)
        story.record(.phoneMenu, .call, topic: topic, order: order)
        story.wait(35)
        story.record(.phoneQueue, .wait, by: .system, topic: topic, order: order)
        story.wait(240)
        story.record(.phoneAgent, .answer, by: .agent, topic: topic, order: order)
    }
}
