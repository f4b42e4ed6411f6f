/// What happens to people while they look around: clicks that do nothing, pages that are not what they wanted, searches
/// that find nothing.
enum BrowsingEpisodes {
    static let all = [
        Episode(planted: [clickInRage], nearMisses: [clickTwice, clickSlowly, clickAround]),
        Episode(planted: [comeRightBack, comeRightBackFromHelp], nearMisses: [comeBackAfterReading]),
        Episode(planted: [leaveWithNothing], nearMisses: [searchAgain]),
    ]

    // MARK: rage_click

    private static func clickInRage(_ story: inout Story) {
        let item = arrive(&story)
        let count = 3 + story.random.index(3)
        // Five of them still within one second.
        let (first, last) = click(&story, [Target](repeating: .buy, count: count), pauses: 90...230)
        story.plant(.rageClick, from: first, to: last)
        leave(&story, item)
    }

    private static func clickTwice(_ story: inout Story) {
        let item = arrive(&story)
        let (first, last) = click(&story, [.buy, .buy], pauses: 90...400)
        story.nearMiss(.rageClick, "a double click", from: first, to: last)
        leave(&story, item)
    }

    private static func clickSlowly(_ story: inout Story) {
        let item = arrive(&story)
        let (first, last) = click(&story, [.buy, .buy, .buy], pauses: 1050...1900)
        story.nearMiss(.rageClick, "three clicks in three seconds", from: first, to: last)
        leave(&story, item)
    }

    private static func clickAround(_ story: inout Story) {
        let item = arrive(&story)
        let (first, last) = click(&story, [.gallery, .size, .buy], pauses: 90...400)
        story.nearMiss(.rageClick, "different targets", from: first, to: last)
        leave(&story, item)
    }

    private static func click(_ story: inout Story, _ targets: [Target], pauses: ClosedRange<Int64>) -> (first: Moment, last: Moment) {
        let place: Touchpoint = story.random.percent(50) ? .product : .cart
        if place == .cart {
            story.record(.cart, .view)
            story.wait(20)
        }
        let first = story.record(place, .click, target: targets[0])
        var last = first
        for target in targets.dropFirst() {
            story.waitMilliseconds(pauses)
            last = story.record(place, .click, target: target)
        }
        return (first, last)
    }

    // MARK: quick_back

    private static func comeRightBack(_ story: inout Story) {
        let (item, from, back) = lookAway(&story, 900...4800)
        story.plant(.quickBack, from: from, to: back)
        leave(&story, item)
    }

    private static func comeBackAfterReading(_ story: inout Story) {
        let (item, from, back) = lookAway(&story, 6500...14_000)
        story.nearMiss(.quickBack, "more than five seconds", from: from, to: back)
        leave(&story, item)
    }

    private static func lookAway(_ story: inout Story, _ pause: ClosedRange<Int64>) -> (item: UInt8, from: Moment, back: Moment) {
        let item = arrive(&story)
        let from = story.view(item)
        story.wait(30)
        story.record(.home, .view)
        story.waitMilliseconds(pause)
        return (item, from, story.view(item))
    }

    private static func comeRightBackFromHelp(_ story: inout Story) {
        let topic = Topic.drawn(&story.random)
        story.goOnline()
        let from = story.record(.help, .view, topic: topic)
        story.wait(25)
        story.record(.helpArticle, .view, topic: topic)
        story.waitMilliseconds(900...4800)
        story.plant(.quickBack, from: from, to: story.record(.help, .view, topic: topic))
        story.wait(30)
        story.record(.helpArticle, .view, topic: topic)
        story.wait(60)
        story.record(.helpArticle, .rate, story.random.percent(60) ? .resolved : .unresolved, topic: topic)
    }

    // MARK: dead_end

    private static func leaveWithNothing(_ story: inout Story) {
        let item = arrive(&story)
        let end = findNothing(&story)
        story.plant(.deadEnd, from: end, to: end)
        guard story.random.percent(30) else { return }
        story.waitHours(26)
        story.goOnline()
        story.view(item)
        leave(&story, item)
    }

    private static func searchAgain(_ story: inout Story) {
        let item = arrive(&story)
        let nothing = findNothing(&story)
        story.wait(15)
        let again = story.record(.search, .search, .ok)
        story.nearMiss(.deadEnd, "goes on", from: nothing, to: again)
        story.wait(30)
        story.view(item)
        leave(&story, item)
    }

    private static func findNothing(_ story: inout Story) -> Moment {
        story.random.percent(70) ? story.record(.search, .search, .noResults) : story.record(.product, .view, .notFound)
    }

    // MARK: Before and after

    private static func arrive(_ story: inout Story) -> UInt8 {
        story.goOnline()
        return PurchaseBehaviour.browse(&story)
    }

    private static func leave(_ story: inout Story, _ item: UInt8) {
        story.wait(30)
        PurchaseBehaviour.decide(&story, item)
    }
}
