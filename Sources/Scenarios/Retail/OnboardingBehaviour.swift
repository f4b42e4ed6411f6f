/// Opening an account: register, confirm the address by mail, fill in the profile, use the app for the first
/// time. The mail is where people are lost: it is read late or never.
enum OnboardingBehaviour {
    static func play(_ story: inout Story) {
        guard story.person.isMember else { return NewsletterBehaviour.play(&story) }
        story.goOnline()
        story.record(.register, .view)
        story.wait(60)
        while story.mayFail, story.random.percent(18) {
            story.record(.register, .submit, .error)
            story.wait(30)
            // Nobody who is still unknown leaves with an error: it could not be told whose it was.
            story.record(.register, .view)
            story.wait(30)
        }
        if story.random.percent(20) { return }
        story.giveEmail()
        story.nowHasAccount()
        story.record(.register, .submit, .ok)
        story.sendMail(.mailVerify, opensAfterHours: nil)
        if story.random.percent(22) { return }
        if story.random.percent(30) { story.waitHours(30) } else { story.wait(300) }
        story.record(.verify, .click, .ok, target: .verifyLink)
        story.wait(20)
        story.record(.profile, .view)
        story.wait(90)
        if story.random.percent(18) { return }
        story.record(.profile, .submit, .ok)
        if story.random.percent(30) {
            story.waitHours(20)
            story.goTo(.app)
            story.nowHasAccount()
            story.record(.welcome, .view)
            story.wait(20)
        }
    }
}

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
