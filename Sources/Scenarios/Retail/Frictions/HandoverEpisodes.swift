/// Cases that wander between agents and teams, and cases that are escalated.
enum HandoverEpisodes {
    static let all = [
        Episode(planted: [playPingPong], nearMisses: [comeBackToFirstTeam, goToThirdTeam, goToSecondTeam]),
        Episode(planted: [meetThreeAgents, callThreeAgents], nearMisses: [meetTwoAgents]),
        Episode(planted: [escalateForNothing, escalateAndWait], nearMisses: [escalateAndResolve]),
    ]

    // MARK: ping_pong

    private static func playPingPong(_ story: inout Story) {
        let (here, there) = servers(&story)
        let moments = pass(&story, [here, there, here, there], story.random.percent(40) ? .resolved : .unresolved)
        story.plant(.pingPong, from: moments[0], to: moments[3])
    }

    private static func comeBackToFirstTeam(_ story: inout Story) {
        let (here, there) = servers(&story)
        let moments = pass(&story, [here, there, here], story.random.percent(80) ? .resolved : .unresolved)
        story.nearMiss(.pingPong, "not away again", from: moments[0], to: moments[2])
    }

    private static func goToThirdTeam(_ story: inout Story) {
        let (here, there) = servers(&story)
        let third = Server.drawn(here.team == .advice ? .accounts : .advice, &story.random)
        let moments = pass(&story, [here, there, third, here], .unresolved)
        story.nearMiss(.pingPong, "a third team in between", from: moments[0], to: moments[3])
    }

    private static func goToSecondTeam(_ story: inout Story) {
        let (here, there) = servers(&story)
        let moments = pass(&story, [here, there], .resolved)
        story.nearMiss(.pingPong, "one hand-over", from: moments[0], to: moments[1])
    }

    /// One of each of two teams, of which the first is asked first.
    private static func servers(_ story: inout Story) -> (Server, Server) {
        let here: Team = story.random.percent(50) ? .logistics : .accounts
        return (.drawn(here, &story.random), .drawn(.billing, &story.random))
    }

    // MARK: re_explain

    private static func meetThreeAgents(_ story: inout Story) {
        let one = Server.drawn(.billing, &story.random)
        let two = one.colleague(&story.random)
        pass(&story, [one, two, story.random.percent(50) ? one : two.colleague(&story.random)], .resolved)
    }

    private static func meetTwoAgents(_ story: inout Story) {
        let one = Server.drawn(.billing, &story.random)
        pass(&story, [one, one.colleague(&story.random)], .resolved)
    }

    /// Each time somebody else.
    private static func callThreeAgents(_ story: inout Story) {
        var question = Question(.drawn(&story.random), 0, &story.random)
        for call in 1...3 {
            SupportBehaviour.dial(&story, &question)
            SupportBehaviour.answer(&story, &question)
            story.wait(200)
            SupportBehaviour.hangUp(&story, &question, call == 3 && story.random.percent(60) ? .resolved : .unresolved)
            guard call < 3 else { break }
            story.waitMinutes(5 * 60...70 * 60)
            question.handOver(to: question.server.colleague(&story.random))
        }
        question.note(in: story)
    }

    /// A call that one after the other deals with, at once or over some days. Returns when each begins.
    @discardableResult private static func pass(_ story: inout Story, _ servers: [Server], _ outcome: Outcome) -> [Moment] {
        let topic: Topic = servers[0].team == .logistics ? .delivery : servers[0].team == .accounts ? .account : .payment
        var question = Question(topic, servers[0])
        let takesDays = story.random.percent(50)
        SupportBehaviour.dial(&story, &question)
        var moments: [Moment] = []
        for server in servers {
            if !moments.isEmpty {
                if takesDays { story.waitMinutes(60...30 * 60) } else { story.wait(150) }
                question.handOver(to: server)
            }
            moments.append(SupportBehaviour.answer(&story, &question))
        }
        story.wait(150)
        SupportBehaviour.hangUp(&story, &question, outcome)
        question.note(in: story)
        return moments
    }

    // MARK: escalation_unresolved

    private static func escalateForNothing(_ story: inout Story) {
        let (_, escalation) = escalate(&story)
        story.plant(.escalationUnresolved, from: escalation, to: escalation)
    }

    /// Somebody calls back, but not within three days.
    private static func escalateAndWait(_ story: inout Story) {
        let (topic, escalation) = escalate(&story)
        story.plant(.escalationUnresolved, from: escalation, to: escalation)
        story.waitMinutes(76 * 60...140 * 60)
        story.record(.phoneAgent, .answer, .resolved, by: .agent, topic: topic)
    }

    private static func escalateAndResolve(_ story: inout Story) {
        let (topic, escalation) = escalate(&story)
        story.waitMinutes(3 * 60...60 * 60)
        let resolved = story.record(.phoneAgent, .answer, .resolved, by: .agent, topic: topic)
        story.nearMiss(.escalationUnresolved, "resolved within three days", from: escalation, to: resolved)
    }

    private static func escalate(_ story: inout Story) -> (Topic, Moment) {
        var question = Question(.drawn(&story.random), 0, &story.random)
        SupportBehaviour.dial(&story, &question)
        SupportBehaviour.answer(&story, &question)
        story.wait(200)
        let escalation = story.record(.phoneAgent, .escalate, by: .agent, topic: question.topic)
        story.wait(30)
        SupportBehaviour.hangUp(&story, &question, .unresolved)
        return (question.topic, escalation)
    }
}
