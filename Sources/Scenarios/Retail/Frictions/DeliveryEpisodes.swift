/// Parcels that are late, and what their buyers do about it.
enum DeliveryEpisodes {
    static let all = [
        Episode(
            planted: [askWhereItIs],
            nearMisses: [waitPatiently, askAboutSomethingElse, askWhereItIsMuchLater, askWhereItIsBefore])
    ]

    // MARK: late_delivery_contact

    private static func askWhereItIs(_ story: inout Story) {
        let (order, late) = waitForParcel(&story)
        story.waitMinutes(2 * 60...6 * 24 * 60)
        var question = Question(.delivery, order, &story.random)
        story.goOnline()
        let writes = story.random.percent(60)
        if writes { story.goTo(.chat) }
        let isHelped = writes ? SupportBehaviour.chat(&story, &question) : SupportBehaviour.call(&story, &question)
        if let first = question.first { story.plant(.lateDeliveryContact, from: late, to: first) }
        if !isHelped, story.random.percent(50) {
            story.waitMinutes(5 * 60...60 * 60)
            _ = SupportBehaviour.call(&story, &question)
        }
        question.note(in: story)
    }

    private static func waitPatiently(_ story: inout Story) {
        let (_, late) = waitForParcel(&story)
        story.nearMiss(.lateDeliveryContact, "no contact", from: late, to: late)
    }

    private static func askAboutSomethingElse(_ story: inout Story) {
        let (order, late) = waitForParcel(&story)
        story.waitMinutes(2 * 60...6 * 24 * 60)
        ask(&story, story.random.percent(50) ? .returns : .payment, order, after: late, "another topic")
    }

    private static func askWhereItIsMuchLater(_ story: inout Story) {
        let (order, late) = waitForParcel(&story)
        story.waitMinutes(8 * 24 * 60...11 * 24 * 60)
        ask(&story, .delivery, order, after: late, "after more than seven days")
    }

    private static func ask(_ story: inout Story, _ topic: Topic, _ order: UInt32, after late: Moment, _ reason: StaticString) {
        var question = Question(topic, order, &story.random)
        _ = SupportBehaviour.call(&story, &question)
        if let first = question.first { story.nearMiss(.lateDeliveryContact, reason, from: late, to: first) }
    }

    private static func askWhereItIsBefore(_ story: inout Story) {
        let order = buy(&story)
        story.waitMinutes(20 * 60...30 * 60)
        var question = Question(.delivery, order, &story.random)
        _ = SupportBehaviour.call(&story, &question)
        story.waitMinutes(2 * 60...20 * 60)
        let late = sendDelay(&story, order)
        if let first = question.first { story.nearMiss(.lateDeliveryContact, "asked before the delay", from: first, to: late) }
    }

    // MARK: Before and after

    private static func waitForParcel(_ story: inout Story) -> (order: UInt32, late: Moment) {
        let order = buy(&story)
        story.waitMinutes(30 * 60...60 * 60)
        return (order, sendDelay(&story, order))
    }

    private static func sendDelay(_ story: inout Story, _ order: UInt32) -> Moment {
        story.aside { mail in
            mail.goTo(.email)
            mail.wait(20)
            return mail.record(.mailDelay, .send, .late, by: .system, order: order)
        }
    }

    /// Smoothly, to the confirmation.
    private static func buy(_ story: inout Story) -> UInt32 {
        story.goOnline()
        let item = PurchaseBehaviour.browse(&story)
        PurchaseBehaviour.fill(&story, item)
        let order = story.newOrder()
        story.record(.address, .view, order: order)
        story.wait(50)
        PurchaseBehaviour.submitAddress(&story, order)
        story.record(.payment, .view, cents: Item.cents(item), order: order)
        story.wait(45)
        PaymentBehaviour.submit(&story, item, order)
        story.wait(8)
        story.record(.confirmed, .view, .ok, item: item, cents: Item.cents(item), order: order)
        story.sendMail(.mailConfirmation, order: order, opensAfterHours: story.random.percent(50) ? 2 : nil)
        return order
    }
}
