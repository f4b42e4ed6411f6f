/// A newsletter. Most are never opened; a few bring their reader to the shop.
enum NewsletterBehaviour {
    static func play(_ story: inout Story) {
        let opens = story.random.percent(28)
        story.sendMail(.mailNewsletter, team: .crm, opensAfterHours: opens ? 6 : nil)
        guard opens, story.random.percent(20) else { return }
        story.waitHours(8)
        PurchaseBehaviour.play(&story)
    }
}
