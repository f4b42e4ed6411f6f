/// What one part of the shop says without knowing what the other does: prices and mails.
enum OfferEpisodes {
    static let all = [
        Episode(
            needsAccount: true, planted: [seeAnotherPrice, hearAnotherPrice],
            nearMisses: [seeSamePrice, seeAnotherPriceMuchLater, seeAnotherPriceInOneChannel]),
        Episode(needsAccount: true, planted: [hearFromTwoTeams], nearMisses: [hearTwiceFromOneTeam, hearFromTwoTeamsInTwoDays]),
    ]

    // MARK: terms_drift

    private static func seeAnotherPrice(_ story: inout Story) {
        let (item, first) = see(&story)
        story.waitMinutes(10...36 * 60)
        story.goToTheOtherShop()
        let other = story.record(.product, .view, item: item, cents: changedCents(item, &story.random))
        story.plant(.termsDrift, from: first, to: other)
        leave(&story, item)
    }

    private static func hearAnotherPrice(_ story: inout Story) {
        let (item, first) = see(&story)
        story.waitMinutes(10...36 * 60)
        var question = Question(.product, 0, &story.random)
        SupportBehaviour.dial(&story, &question)
        story.server = question.server
        let cents = changedCents(item, &story.random)
        let offer = story.record(.phoneAgent, .answer, by: .agent, topic: .product, item: item, cents: cents)
        story.plant(.termsDrift, from: first, to: offer)
        story.wait(200)
        SupportBehaviour.hangUp(&story, &question, .resolved)
    }

    private static func seeSamePrice(_ story: inout Story) {
        let (item, first) = see(&story)
        story.waitMinutes(10...36 * 60)
        story.goToTheOtherShop()
        story.nearMiss(.termsDrift, "the same price", from: first, to: story.view(item))
        leave(&story, item)
    }

    private static func seeAnotherPriceMuchLater(_ story: inout Story) {
        let (item, first) = see(&story)
        story.waitMinutes(50 * 60...90 * 60)
        story.goToTheOtherShop()
        let other = story.record(.product, .view, item: item, cents: changedCents(item, &story.random))
        story.nearMiss(.termsDrift, "after more than two days", from: first, to: other)
        leave(&story, item)
    }

    private static func seeAnotherPriceInOneChannel(_ story: inout Story) {
        let (item, first) = see(&story)
        story.waitMinutes(10...36 * 60)
        story.goOnline()
        let other = story.record(.product, .view, item: item, cents: changedCents(item, &story.random))
        story.nearMiss(.termsDrift, "the same channel", from: first, to: other)
    }

    private static func see(_ story: inout Story) -> (item: UInt8, first: Moment) {
        story.goOnline()
        let item = Item.drawn(&story.random)
        return (item, story.view(item))
    }

    /// Up to an eighth more or less, but never the same.
    private static func changedCents(_ item: UInt8, _ random: inout Randoms) -> UInt32 {
        let cents = Item.cents(item)
        let change = 1 + UInt32(random.below(UInt64(cents / 8)))
        return random.percent(60) ? cents + change : cents - change
    }

    /// Half of them never want to see it again.
    private static func leave(_ story: inout Story, _ item: UInt8) {
        guard story.random.percent(50) else { return }
        story.wait(60)
        // Channels change no more: the price would change with them.
        PurchaseBehaviour.fill(&story, item)
    }

    // MARK: outreach_collision

    private static func hearFromTwoTeams(_ story: inout Story) {
        guard let (item, reminder) = forgetCart(&story) else { return }
        story.waitMinutes(60...22 * 60)
        if let offer = story.sendMail(.mailOffer, team: .sales, mayBounce: false) {
            story.plant(.outreachCollision, from: reminder, to: offer)
        }
        comeBack(&story, item)
    }

    private static func hearTwiceFromOneTeam(_ story: inout Story) {
        guard let (item, reminder) = forgetCart(&story) else { return }
        story.waitMinutes(60...22 * 60)
        if let second = story.sendMail(.mailOffer, team: .crm, mayBounce: false) {
            story.nearMiss(.outreachCollision, "one team", from: reminder, to: second)
        }
        comeBack(&story, item)
    }

    private static func hearFromTwoTeamsInTwoDays(_ story: inout Story) {
        guard let (item, reminder) = forgetCart(&story) else { return }
        story.waitMinutes(25 * 60...44 * 60)
        if let offer = story.sendMail(.mailOffer, team: .sales, mayBounce: false) {
            story.nearMiss(.outreachCollision, "more than a day apart", from: reminder, to: offer)
        }
        comeBack(&story, item)
    }

    /// Leaves a full cart, and is reminded of it the day after.
    private static func forgetCart(_ story: inout Story) -> (item: UInt8, reminder: Moment)? {
        story.goOnline()
        let item = PurchaseBehaviour.browse(&story)
        PurchaseBehaviour.fill(&story, item)
        story.waitMinutes(18 * 60...30 * 60)
        return story.sendMail(.mailReminder, team: .crm, mayBounce: false).map { (item, $0) }
    }

    private static func comeBack(_ story: inout Story, _ item: UInt8) {
        guard story.random.percent(20) else { return }
        story.waitHours(5)
        story.goOnline()
        story.record(.cart, .view)
        story.wait(40)
        PurchaseBehaviour.checkOut(&story, item)
    }
}
