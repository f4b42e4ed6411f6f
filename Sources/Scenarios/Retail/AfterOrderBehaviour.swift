/// What follows an order: our mails, a parcel or a pick-up in the shop, and for some a question about it.
enum AfterOrderBehaviour {
    static func play(_ story: inout Story, _ item: UInt8, _ order: UInt32) {
        story.sendMail(.mailConfirmation, order: order, opensAfterHours: story.random.percent(50) ? 2 : nil)
        story.waitHours(28)
        story.sendMail(.mailShipping, order: order, opensAfterHours: story.random.percent(45) ? 3 : nil)
        if story.random.percent(9) {
            story.waitHours(20)
            story.goTo(.store)
            story.record(.storePickup, .view, .ok, order: order)
            return
        }
        if story.random.percent(38) {
            story.waitHours(14)
            story.goOnline()
            story.logIn()
            story.record(.orderStatus, .view, order: order)
            story.wait(25)
        }
        if story.random.percent(15) {
            story.waitHours(40)
            SupportBehaviour.play(&story, story.random.percent(70) ? .delivery : .returns, order)
        }
    }
}
