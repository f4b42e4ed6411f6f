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
