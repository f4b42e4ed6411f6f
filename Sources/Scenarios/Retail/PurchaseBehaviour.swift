/// Browsing, and for one person in three an order: product pages, cart, address, payment, confirmation. On the
/// way people leave for good, leave and come back, fail to pay, and change to the app or the telephone.
enum PurchaseBehaviour {
    static func play(_ story: inout Story) {
        story.goOnline()
        arrive(&story)
        let item = browse(&story)
        decide(&story, item)
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
    static func browse(_ story: inout Story) -> UInt8 {
        var item: UInt8
        repeat {
            item = Item.drawn(&story.random)
            story.record(.product, .view, item: item, cents: Item.cents(item))
            story.wait(35)
            if story.random.percent(22) {
                story.record(.product, .click, item: item, target: story.random.percent(70) ? .gallery : .size)
                story.wait(15)
            }
        } while story.random.percent(58)
        return item
    }

    /// Having seen enough: to the cart, today or later or never, and from there perhaps to an order.
    static func decide(_ story: inout Story, _ item: UInt8) {
        if story.random.percent(35) {
            // Thinks about it for a day or two; most never come back.
            guard story.mayComeBack, story.random.percent(20) else { return }
            story.waitHours(26)
            story.goOnline()
            story.record(.product, .view, item: item, cents: Item.cents(item))
            story.wait(40)
        }
        fill(&story, item)
        guard stays(&story) else { return }
        checkOut(&story, item)
    }

    /// Puts it into the cart and looks at that.
    static func fill(_ story: inout Story, _ item: UInt8) {
        story.record(.cart, .add, .ok, item: item, cents: Item.cents(item))
        story.wait(20)
        story.record(.cart, .view)
        story.wait(30)
    }

    /// Or leaves the cart, to come back after a day or never.
    private static func stays(_ story: inout Story) -> Bool {
        guard story.random.percent(33) else { return true }
        if story.person.isMember || story.random.percent(30) {
            // The day after, we remind them.
            story.aside { reminded in
                reminded.waitHours(24)
                reminded.sendMail(.mailReminder, team: .crm, opensAfterHours: reminded.random.percent(35) ? 5 : nil)
            }
        }
        guard story.mayComeBack, story.random.percent(24) else { return false }
        // Always less than the week that ends a purchase.
        story.waitHours(28)
        story.goOnline()
        story.record(.cart, .view)
        story.wait(40)
        return true
    }

    /// From the full cart to the order and what follows it.
    static func checkOut(_ story: inout Story, _ item: UInt8) {
        let order = story.newOrder()
        story.logIn()
        guard giveAddress(&story, order), PaymentBehaviour.play(&story, item, order) else { return }
        AfterOrderBehaviour.play(&story, item, order)
    }

    private static func giveAddress(_ story: inout Story, _ order: UInt32) -> Bool {
        story.record(.address, .view, order: order)
        story.wait(50)
        if story.mayStumble, story.random.percent(8) {
            let error = story.record(.address, .submit, .error, order: order)
            if story.random.percent(20) {
                story.plant(.errorExit, from: error, to: error)
                return false
            }
            story.wait(40)
            let next = submitAddress(&story, order)
            story.nearMiss(.errorExit, "goes on after the error", from: error, to: next)
            return true
        }
        if story.random.percent(7) { return false }
        submitAddress(&story, order)
        return true
    }

    @discardableResult static func submitAddress(_ story: inout Story, _ order: UInt32) -> Moment {
        story.giveEmail()
        let moment = story.record(.address, .submit, .ok, order: order)
        story.wait(6)
        return moment
    }
}

/// A visit to a shop: advice, the till, or both. Without the loyalty card only the till is known, and every
/// till has served hundreds of people.
enum StoreBehaviour {
    static func play(_ story: inout Story) {
        story.goTo(.store)
        let item = Item.drawn(&story.random)
        if story.random.percent(35) {
            story.record(.storeAdvice, .view, by: .agent, topic: .product, item: item)
            story.wait(500)
        }
        guard story.random.percent(85) else { return }
        if story.random.percent(5) {
            story.record(.storeTill, .pay, .declined, item: item, cents: Item.cents(item))
            story.wait(45)
        }
        story.record(.storeTill, .pay, .ok, item: item, cents: Item.cents(item))
    }
}

/// What follows an order: our mails, a parcel or a pick-up in the shop, and for some a question about it.
enum AfterOrderBehaviour {
    static func play(_ story: inout Story, _ item: UInt8, _ order: UInt32) {
        story.sendMail(.mailConfirmation, order: order, opensAfterHours: story.random.percent(50) ? 2 : nil)
        story.waitHours(28)
        story.sendMail(.mailShipping, order: order, opensAfterHours: story.random.percent(45) ? 3 : nil)
        SurveyBehaviour.recommend(&story)
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
