/// A question: first the help pages, then the chat, whose bot passes some on to an agent, then the telephone.
/// Whoever gets no answer calls again some days later, with the same topic.
enum SupportBehaviour {
    static func play(_ story: inout Story, _ topic: Topic, _ order: UInt32 = 0) {
        story.goOnline()
        if readHelp(&story, topic) { return }
        // A member who does not say who they are would not be known again, so they come once.
        story.isIdentified = !story.person.isMember || story.random.percent(85)
        var question = Question(topic, order, &story.random)
        ask(&story, &question)
        question.note(in: story)
        SurveyBehaviour.rateEffort(&story, returns: question.returnCount)
    }

    /// Until it is answered or they give up.
    static func ask(_ story: inout Story, _ question: inout Question) {
        if story.random.percent(62) {
            story.goTo(.chat)
            if chat(&story, &question) { return }
            // Half of them give up here.
            guard story.isIdentified, story.random.percent(55) else { return }
            story.waitMinutes(3...70)
        } else if story.random.percent(15) {
            return
        }
        if call(&story, &question) { return }
        // Together less than the seven days after which a call is no longer about the first one.
        for (percent, hours) in [(60, 8...80), (40, 10...80)] as [(UInt64, ClosedRange<Int64>)] {
            guard story.isIdentified, story.random.percent(percent) else { return }
            story.waitMinutes(hours.lowerBound * 60...hours.upperBound * 60)
            question.mayMeetColleague(&story.random)
            if call(&story, &question) { return }
        }
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

    /// Whether it helped.
    static func chat(_ story: inout Story, _ question: inout Question) -> Bool {
        let (topic, order) = (question.topic, question.order)
        let opening = story.record(.chatBot, .message, topic: topic, order: order)
        question.begin(opening, in: story)
        var rounds = 0
        repeat {
            story.wait(4)
            story.record(.chatBot, .answer, by: .system, topic: topic, order: order)
            story.wait(35)
            story.record(.chatBot, .message, topic: topic, order: order)
            rounds += 1
        } while rounds < 2 && story.random.percent(42)
        story.wait(4)
        guard story.random.percent(60) else {
            let helped = story.random.percent(35)
            let end = story.record(.chatBot, .answer, helped ? .resolved : .unresolved, by: .system, topic: topic, order: order)
            if rounds == 2, !helped, story.isTraceable { story.nearMiss(.botLoop, "three rounds", from: opening, to: end) }
            return helped
        }
        story.record(.chatAgent, .wait, by: .system, topic: topic, order: order)
        story.wait(150)
        story.server = question.server
        repeat {
            question.served(story.record(.chatAgent, .answer, by: .agent, topic: topic, order: order))
            story.wait(50)
            story.record(.chatAgent, .message, topic: topic, order: order)
            story.wait(45)
        } while story.random.percent(50)
        let helped = story.random.percent(64)
        question.served(story.record(.chatAgent, .answer, helped ? .resolved : .unresolved, by: .agent, topic: topic, order: order))
        return helped
    }

    /// Whether it helped.
    static func call(_ story: inout Story, _ question: inout Question) -> Bool {
        dial(&story, &question)
        // Whoever waits too long hangs up.
        if story.random.percent(9) {
            story.record(.phoneQueue, .hangup, .unresolved, topic: question.topic, order: question.order)
            return false
        }
        answer(&story, &question)
        story.wait(200)
        let helped = story.random.percent(70)
        hangUp(&story, &question, helped ? .resolved : .unresolved)
        return helped
    }

    /// The number, the menu and the queue.
    static func dial(_ story: inout Story, _ question: inout Question) {
        story.goTo(.phone)
        question.begin(story.record(.phoneMenu, .call, topic: question.topic, order: question.order), in: story)
        story.wait(35)
        story.record(.phoneQueue, .wait, by: .system, topic: question.topic, order: question.order)
        story.wait(240)
    }

    /// The agent takes up the receiver.
    @discardableResult static func answer(_ story: inout Story, _ question: inout Question) -> Moment {
        story.server = question.server
        let moment = story.record(.phoneAgent, .answer, by: .agent, topic: question.topic, order: question.order)
        question.served(moment)
        return moment
    }

    static func hangUp(_ story: inout Story, _ question: inout Question, _ outcome: Outcome) {
        question.served(story.record(.phoneAgent, .hangup, outcome, by: .agent, topic: question.topic, order: question.order))
    }
}
