/// Questions that need more than one contact, that go round in circles, or that nobody answers. Those who come back
/// about the same thing are found among the ordinary questions.
enum ContactEpisodes {
    static let all = [
        Episode(planted: [askOnce], nearMisses: [askSomethingElse, askAgainMuchLater]),
        Episode(planted: [writeInVain], nearMisses: [waitForAnswer]),
        Episode(planted: [goInCircles], nearMisses: [goThreeRounds, findAnswerInTheFourthRound, goInSlowCircles]),
    ]

    // MARK: repeat_contact

    /// An ordinary question.
    private static func askOnce(_ story: inout Story) { SupportBehaviour.play(&story, .drawn(&story.random)) }

    private static func askSomethingElse(_ story: inout Story) {
        var question = Question(.payment, 0, &story.random)
        _ = SupportBehaviour.call(&story, &question)
        story.waitMinutes(60...80 * 60)
        var other = Question(story.random.percent(50) ? .returns : .account, 0, &story.random)
        _ = SupportBehaviour.call(&story, &other)
        noteSecond(&story, question, other, "another topic")
    }

    private static func askAgainMuchLater(_ story: inout Story) {
        var question = Question(.drawn(&story.random), 0, &story.random)
        _ = SupportBehaviour.call(&story, &question)
        story.waitMinutes(8 * 24 * 60...12 * 24 * 60)
        var again = Question(question.topic, 0, &story.random)
        _ = SupportBehaviour.call(&story, &again)
        noteSecond(&story, question, again, "after more than seven days")
    }

    private static func noteSecond(_ story: inout Story, _ one: Question, _ two: Question, _ reason: StaticString) {
        if let first = one.first, let last = two.first { story.nearMiss(.repeatContact, reason, from: first, to: last) }
    }

    // MARK: unanswered

    private static func writeInVain(_ story: inout Story) {
        var question = Question(.drawn(&story.random), 0, &story.random)
        let last = write(&story, &question)
        if let first = question.first { story.plant(.unanswered, from: first, to: last) }
        guard story.random.percent(40) else { return }
        story.waitMinutes(26 * 60...60 * 60)
        _ = SupportBehaviour.call(&story, &question)
        question.note(in: story)
    }

    private static func waitForAnswer(_ story: inout Story) {
        var question = Question(.drawn(&story.random), 0, &story.random)
        let last = write(&story, &question)
        story.waitMinutes(15 * 60...22 * 60)
        story.server = question.server
        story.record(.chatForm, .answer, story.random.percent(60) ? .resolved : .unresolved, by: .agent, topic: question.topic)
        if let first = question.first { story.nearMiss(.unanswered, "answered within a day", from: first, to: last) }
    }

    /// One message or some, within the hour.
    private static func write(_ story: inout Story, _ question: inout Question) -> Moment {
        story.goOnline()
        story.goTo(.chat)
        var last = story.record(.chatForm, .message, topic: question.topic)
        question.begin(last, in: story)
        for _ in 0..<story.random.index(3) {
            story.waitMinutes(2...20)
            last = story.record(.chatForm, .message, topic: question.topic)
        }
        return last
    }

    // MARK: bot_loop

    private static func goInCircles(_ story: inout Story) {
        var question = Question(.drawn(&story.random), 0, &story.random)
        let rounds = 4 + story.random.index(4)
        let (first, last) = askBot(&story, &question, rounds: rounds, pauses: 12_000...90_000, .unresolved)
        story.plant(.botLoop, from: first, to: last)
        guard story.random.percent(50) else { return }
        story.waitMinutes(3...70)
        _ = SupportBehaviour.call(&story, &question)
        question.note(in: story)
    }

    private static func goThreeRounds(_ story: inout Story) {
        var question = Question(.drawn(&story.random), 0, &story.random)
        let (first, last) = askBot(&story, &question, rounds: 3, pauses: 12_000...90_000, .unresolved)
        story.nearMiss(.botLoop, "three rounds", from: first, to: last)
    }

    private static func findAnswerInTheFourthRound(_ story: inout Story) {
        var question = Question(.drawn(&story.random), 0, &story.random)
        let (first, last) = askBot(&story, &question, rounds: 4, pauses: 12_000...90_000, .resolved)
        story.nearMiss(.botLoop, "resolved in the fourth round", from: first, to: last)
    }

    private static func goInSlowCircles(_ story: inout Story) {
        var question = Question(.drawn(&story.random), 0, &story.random)
        let (first, last) = askBot(&story, &question, rounds: 4, pauses: 1_300_000...1_700_000, .unresolved)
        story.nearMiss(.botLoop, "more than an hour", from: first, to: last)
    }

    private static func askBot(
        _ story: inout Story, _ question: inout Question, rounds: Int, pauses: ClosedRange<Int64>, _ outcome: Outcome
    ) -> (first: Moment, last: Moment) {
        story.goOnline()
        story.goTo(.chat)
        let first = story.record(.chatBot, .message, topic: question.topic)
        question.begin(first, in: story)
        for _ in 1..<rounds {
            story.wait(4)
            story.record(.chatBot, .answer, by: .system, topic: question.topic)
            story.waitMilliseconds(pauses)
            story.record(.chatBot, .message, topic: question.topic)
        }
        story.wait(4)
        return (first, story.record(.chatBot, .answer, outcome, by: .system, topic: question.topic))
    }
}
