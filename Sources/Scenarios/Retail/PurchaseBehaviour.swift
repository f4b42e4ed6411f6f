/// Browsing, and for one person in three an order: product pages, cart, address, payment, confirmation. On the
/// way people leave for good, leave and come back, fail to pay, and change to the app or the telephone.
enum PurchaseBehaviour {
    static func play(_ story: inout Story) {
        story.goOnline()
        arrive(&story)
        let item = browse(&story)
        if story.random.percent(35) {
            // Thinks about it for a day or two; most never come back.
            guard story.random.percent(20) else { return }
            story.waitHours(26)
            story.goOnline()
            story.record(.product, .view, item: item, cents: Item.cents(item))
            story.wait(40)
        }
        guard fillCart(&story, item) else { return }
        let order = story.newOrder()
        story.logIn()
        guard giveAddress(&story, order) else { return }
        guard pay(&story, item, order, attempt: 1) else { return }
        AfterOrderBehaviour.play(&story, item, order)
    }

    private static func arrive(_ story: inout Story) {
        if story.random.percent(45) {
            story.record(.home, .view)
            story.wait(12)
        }
        guard story.random.percent(40) else { return }
        story.record(.search, .search, story.random.percent(7) ? .noResults : .ok)
        story.wait(14)
        if story.random.percent(25) {
            story.record(.search, .search, .ok)
            story.wait(14)
        }
    }

    /// The item they looked at last.
    private static func browse(_ story: inout Story) -> UInt8 {
        var item: UInt8
        repeat {
            item = Item.drawn(&story.random)
            story.record(.product, .view, item: item, cents: Item.cents(item))
            story.wait(35)
            if story.random.percent(22) {
                story.record(.product, .click, item: item)
                story.wait(15)
            }
        } while story.random.percent(58)
        return item
    }

    private static func fillCart(_ story: inout Story, _ item: UInt8) -> Bool {
        story.record(.cart, .add, .ok, item: item, cents: Item.cents(item))
        story.wait(20)
        story.record(.cart, .view)
        story.wait(30)
        guard story.random.percent(33) else { return true }
        if story.person.isMember || story.random.percent(30) {
            // The day after, we remind them.
            var reminded = story
            reminded.waitHours(24)
            reminded.sendMail(.mailReminder, opensAfterHours: reminded.random.percent(35) ? 5 : nil)
            story.random = reminded.random
        }
        guard story.random.percent(24) else { return false }
        story.waitHours(34)
        story.goOnline()
        story.record(.cart, .view)
        story.wait(40)
        return true
    }

    private static func giveAddress(_ story: inout Story, _ order: UInt32) -> Bool {
        story.record(.address, .view, order: order)
        story.wait(50)
        if story.random.percent(8) {
            story.record(.address, .submit, .error, order: order)
            story.wait(40)
            if story.random.percent(20) { return false }
        }
        if story.random.percent(7) { return false }
        story.giveEmail()
        story.record(.address, .submit, .ok, order: order)
        story.wait(6)
        return true
    }

    /// Up to three attempts. A bank transfer keeps every third person waiting for their bank, and many do not
    /// stay: the stall that the pipeline's time limit for this step should find.
    private static func pay(_ story: inout Story, _ item: UInt8, _ order: UInt32, attempt: Int) -> Bool {
        story.record(.payment, .view, cents: Item.cents(item), order: order)
        story.wait(45)
        if attempt == 1, story.random.percent(3) {
            story.record(.payment, .cancel, order: order)
            return false
        }
        if attempt == 1, story.random.percent(12) { return false }
        if story.random.percent(19) {
            story.record(.payment, .submit, story.random.percent(70) ? .declined : .error, cents: Item.cents(item), order: order)
            return recover(&story, item, order, attempt)
        }
        story.record(.payment, .submit, .ok, cents: Item.cents(item), order: order)
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

    private static func recover(_ story: inout Story, _ item: UInt8, _ order: UInt32, _ attempt: Int) -> Bool {
        story.wait(35)
        if attempt == 3 { return story.random.percent(30) && orderByPhone(&story, item, order) }
        switch story.random.below(100) {
        case ..<50: return pay(&story, item, order, attempt: attempt + 1)
        case ..<62:
            story.wait(300)
            story.goTo(story.channel == .web ? .app : .web)
            story.logIn()
            return pay(&story, item, order, attempt: attempt + 1)
        case ..<72: return orderByPhone(&story, item, order)
        default: return false
        }
    }

    /// An agent takes the order that the shop would not.
    private static func orderByPhone(_ story: inout Story, _ item: UInt8, _ order: UInt32) -> Bool {
        story.wait(420)
        SupportBehaviour.ring(&story, .payment, order)
        story.wait(240)
        let works = story.random.percent(80)
        if works { story.record(.confirmed, .submit, .ok, by: .agent, topic: .payment, item: item, cents: Item.cents(item), order: order) }
        story.wait(30)
        story.record(.phoneAgent, .hangup, works ? .resolved : .unresolved, by: .agent, topic: .payment, order: order)
        return works
    }
}
