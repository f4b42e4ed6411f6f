/// Back and forth on the way to an order, in one channel or from one to the other.
enum CheckoutEpisodes {
    static let all = [
        Episode(planted: [changeAddressTwice, compareWithCart], nearMisses: [changeAddressOnce, changeAddressNextDay]),
        Episode(
            needsAccount: true, planted: [fillCartAgain, typeAddressAgain],
            nearMisses: [goOnElsewhere, fillCartWithSomethingElse, typeAddressAgainNextDay]),
        Episode(planted: [payAgain], nearMisses: [payLater]),
    ]

    // MARK: rework_loop

    private static func changeAddressTwice(_ story: inout Story) {
        let (item, order) = reachAddress(&story)
        let left = doAddress(&story, order)
        lookAtPayment(&story, item, order)
        doAddress(&story, order)
        lookAtPayment(&story, item, order)
        let back = story.record(.address, .view, order: order)
        story.plant(.reworkLoop, from: left, to: back)
        story.wait(40)
        PurchaseBehaviour.submitAddress(&story, order)
        pay(&story, item, order)
    }

    private static func changeAddressOnce(_ story: inout Story) {
        let (item, order) = reachAddress(&story)
        let left = doAddress(&story, order)
        lookAtPayment(&story, item, order)
        let back = doAddress(&story, order)
        story.nearMiss(.reworkLoop, "back only once", from: left, to: back)
        pay(&story, item, order)
    }

    private static func changeAddressNextDay(_ story: inout Story) {
        let (item, order) = reachAddress(&story)
        let left = doAddress(&story, order)
        lookAtPayment(&story, item, order)
        doAddress(&story, order)
        lookAtPayment(&story, item, order)
        story.waitMinutes(26 * 60...60 * 60)
        story.goOnline()
        let back = doAddress(&story, order)
        story.nearMiss(.reworkLoop, "back for the second time after more than a day", from: left, to: back)
        pay(&story, item, order)
    }

    private static func compareWithCart(_ story: inout Story) {
        story.goOnline()
        let item = PurchaseBehaviour.browse(&story)
        let left = story.view(item)
        for _ in 1...2 {
            story.wait(30)
            story.record(.cart, .view)
            story.wait(30)
            if story.random.percent(50) {
                story.record(.cart, .click, target: .voucher)
                story.wait(30)
            }
            story.view(item)
        }
        if let back = story.lastOwn { story.plant(.reworkLoop, from: left, to: back) }
        story.wait(30)
        PurchaseBehaviour.fill(&story, item)
        PurchaseBehaviour.checkOut(&story, item)
    }

    // MARK: channel_restart

    private static func fillCartAgain(_ story: inout Story) {
        story.goOnline()
        let item = Item.drawn(&story.random)
        let first = addToCart(&story, item)
        changeChannel(&story)
        story.plant(.channelRestart, from: first, to: addToCart(&story, item))
        PurchaseBehaviour.checkOut(&story, item)
    }

    private static func typeAddressAgain(_ story: inout Story) {
        let (item, order) = reachAddress(&story)
        let first = doAddress(&story, order)
        changeChannel(&story)
        story.plant(.channelRestart, from: first, to: doAddress(&story, order))
        pay(&story, item, order)
    }

    private static func goOnElsewhere(_ story: inout Story) {
        let (item, order) = reachAddress(&story)
        let first = doAddress(&story, order)
        changeChannel(&story)
        let next = story.record(.payment, .view, cents: Item.cents(item), order: order)
        story.nearMiss(.channelRestart, "goes on where it stopped", from: first, to: next)
        story.wait(30)
        pay(&story, item, order)
    }

    private static func fillCartWithSomethingElse(_ story: inout Story) {
        story.goOnline()
        let item = Item.drawn(&story.random)
        let first = addToCart(&story, item)
        changeChannel(&story)
        let other = Item.another(than: item, &story.random)
        story.nearMiss(.channelRestart, "another item", from: first, to: addToCart(&story, other))
        PurchaseBehaviour.checkOut(&story, other)
    }

    private static func typeAddressAgainNextDay(_ story: inout Story) {
        let (item, order) = reachAddress(&story)
        let first = doAddress(&story, order)
        story.waitMinutes(26 * 60...70 * 60)
        story.goToTheOtherShop()
        story.nearMiss(.channelRestart, "after more than a day", from: first, to: doAddress(&story, order))
        pay(&story, item, order)
    }

    private static func changeChannel(_ story: inout Story) {
        story.waitMinutes(3...600)
        story.goToTheOtherShop()
    }

    private static func addToCart(_ story: inout Story, _ item: UInt8) -> Moment {
        story.view(item)
        story.wait(35)
        let added = story.record(.cart, .add, .ok, item: item, cents: Item.cents(item))
        story.wait(20)
        story.record(.cart, .view)
        story.wait(30)
        return added
    }

    // MARK: payment_retry

    private static func payAgain(_ story: inout Story) {
        let (item, order) = reachAddress(&story)
        doAddress(&story, order)
        let failure = failToPay(&story, item, order)
        story.waitMinutes(1...20)
        story.plant(.paymentRetry, from: failure, to: payAtLast(&story, item, order))
    }

    /// Whose payment fails and who tries again after more than half an hour has left with an error.
    private static func payLater(_ story: inout Story) {
        let (item, order) = reachAddress(&story)
        doAddress(&story, order)
        let failure = failToPay(&story, item, order)
        story.plant(.errorExit, from: failure, to: failure)
        story.waitMinutes(35...240)
        story.goOnline()
        story.nearMiss(.paymentRetry, "more than 30 minutes", from: failure, to: payAtLast(&story, item, order))
    }

    private static func failToPay(_ story: inout Story, _ item: UInt8, _ order: UInt32) -> Moment {
        story.record(.payment, .view, cents: Item.cents(item), order: order)
        story.wait(45)
        return story.record(.payment, .submit, .declined, cents: Item.cents(item), order: order)
    }

    /// Returns when it goes through.
    private static func payAtLast(_ story: inout Story, _ item: UInt8, _ order: UInt32) -> Moment {
        story.record(.payment, .view, cents: Item.cents(item), order: order)
        story.wait(45)
        let done = PaymentBehaviour.submit(&story, item, order)
        if PaymentBehaviour.awaitConfirmation(&story, item, order) { AfterOrderBehaviour.play(&story, item, order) }
        return done
    }

    // MARK: Parts of the way

    private static func reachAddress(_ story: inout Story) -> (item: UInt8, order: UInt32) {
        story.goOnline()
        let item = PurchaseBehaviour.browse(&story)
        PurchaseBehaviour.fill(&story, item)
        return (item, story.newOrder())
    }

    /// Returns when it is sent.
    @discardableResult private static func doAddress(_ story: inout Story, _ order: UInt32) -> Moment {
        story.record(.address, .view, order: order)
        story.wait(40)
        return PurchaseBehaviour.submitAddress(&story, order)
    }

    private static func lookAtPayment(_ story: inout Story, _ item: UInt8, _ order: UInt32) {
        story.record(.payment, .view, cents: Item.cents(item), order: order)
        story.wait(40)
    }

    private static func pay(_ story: inout Story, _ item: UInt8, _ order: UInt32) {
        if PaymentBehaviour.play(&story, item, order) { AfterOrderBehaviour.play(&story, item, order) }
    }
}
