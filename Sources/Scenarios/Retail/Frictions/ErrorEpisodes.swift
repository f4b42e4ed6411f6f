/// Errors in a row, errors at the end, and logins that do not last.
enum ErrorEpisodes {
    static let all = [
        Episode(planted: [failInARow], nearMisses: [failTwice, failSlowly]),
        Episode(planted: [leaveWithError], nearMisses: [goOnAfterError, lookAroundAfterError]),
        Episode(needsAccount: true, planted: [logInAgain], nearMisses: [logInAgainLater, mistypePassword]),
    ]

    // MARK: error_burst

    private static func failInARow(_ story: inout Story) {
        let (item, order) = reachAddress(&story)
        let (first, last) = fail(&story, order, times: 3 + story.random.index(2), pauses: 15_000...70_000)
        story.plant(.errorBurst, from: first, to: last)
        guard story.random.percent(55) else { return story.plant(.errorExit, from: last, to: last) }
        goOn(&story, item, order)
    }

    private static func failTwice(_ story: inout Story) {
        let (item, order) = reachAddress(&story)
        let (first, last) = fail(&story, order, times: 2, pauses: 15_000...70_000)
        story.nearMiss(.errorBurst, "two errors", from: first, to: last)
        goOn(&story, item, order)
    }

    private static func failSlowly(_ story: inout Story) {
        let (item, order) = reachAddress(&story)
        let (first, last) = fail(&story, order, times: 3, pauses: 160_000...280_000)
        story.nearMiss(.errorBurst, "three errors in more than five minutes", from: first, to: last)
        goOn(&story, item, order)
    }

    private static func fail(
        _ story: inout Story, _ order: UInt32, times: Int, pauses: ClosedRange<Int64>
    ) -> (first: Moment, last: Moment) {
        let first = story.record(.address, .submit, .error, order: order)
        var last = first
        for _ in 1..<times {
            story.waitMilliseconds(pauses)
            last = story.record(.address, .submit, story.random.percent(80) ? .error : .timeout, order: order)
        }
        return (first, last)
    }

    // MARK: error_exit

    private static func leaveWithError(_ story: inout Story) {
        let (_, order) = reachAddress(&story)
        let error = story.record(.address, .submit, .error, order: order)
        story.plant(.errorExit, from: error, to: error)
    }

    private static func goOnAfterError(_ story: inout Story) {
        let (item, order) = reachAddress(&story)
        let error = story.record(.address, .submit, .error, order: order)
        story.nearMiss(.errorExit, "goes on after the error", from: error, to: goOn(&story, item, order))
    }

    private static func lookAroundAfterError(_ story: inout Story) {
        let (_, order) = reachAddress(&story)
        let error = story.record(.address, .submit, .error, order: order)
        story.wait(40)
        story.nearMiss(.errorExit, "looks at something else before leaving", from: error, to: story.record(.home, .view))
    }

    // MARK: forced_login

    private static func logInAgain(_ story: inout Story) {
        story.goOnline()
        let first = logIn(&story, .ok)
        let item = Item.drawn(&story.random)
        story.view(item)
        story.waitMinutes(1...8)
        PurchaseBehaviour.fill(&story, item)
        story.waitMinutes(1...10)
        story.plant(.forcedLogin, from: first, to: logIn(&story, .ok))
        story.wait(10)
        PurchaseBehaviour.checkOut(&story, item)
    }

    private static func logInAgainLater(_ story: inout Story) {
        story.goOnline()
        let first = logIn(&story, .ok)
        var item: UInt8 = 0
        // More than half an hour in all, but never so long that the session ends.
        for _ in 1...4 {
            story.waitMinutes(8...14)
            item = Item.drawn(&story.random)
            story.view(item)
        }
        story.wait(30)
        story.nearMiss(.forcedLogin, "more than 30 minutes", from: first, to: logIn(&story, .ok))
        story.wait(10)
        PurchaseBehaviour.decide(&story, item)
    }

    private static func mistypePassword(_ story: inout Story) {
        story.goOnline()
        let item = PurchaseBehaviour.browse(&story)
        let first = logIn(&story, .error)
        story.wait(20)
        story.nearMiss(.forcedLogin, "the first one failed", from: first, to: logIn(&story, .ok))
        story.wait(10)
        PurchaseBehaviour.decide(&story, item)
    }

    private static func logIn(_ story: inout Story, _ outcome: Outcome) -> Moment {
        story.record(.login, .view)
        story.wait(15)
        let moment = story.record(.login, .login, outcome)
        story.wait(10)
        return moment
    }

    // MARK: Before and after

    private static func reachAddress(_ story: inout Story) -> (item: UInt8, order: UInt32) {
        story.goOnline()
        let item = PurchaseBehaviour.browse(&story)
        PurchaseBehaviour.fill(&story, item)
        let order = story.newOrder()
        story.record(.address, .view, order: order)
        story.wait(50)
        return (item, order)
    }

    /// The address that goes through at last.
    @discardableResult private static func goOn(_ story: inout Story, _ item: UInt8, _ order: UInt32) -> Moment {
        story.wait(40)
        let done = PurchaseBehaviour.submitAddress(&story, order)
        if PaymentBehaviour.play(&story, item, order) { AfterOrderBehaviour.play(&story, item, order) }
        return done
    }
}
