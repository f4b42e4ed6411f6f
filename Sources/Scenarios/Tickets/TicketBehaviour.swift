/// From registering to closing. The second level is where tickets lie: most of them for days.
enum TicketBehaviour {
    static func play(_ story: inout TicketStory) {
        story.record(.register)
        story.work(25)
        story.record(.triage)
        story.work(40)
        if story.random.percent(5) {
            story.record(.reject)
            return
        }
        story.record(.assign)
        story.work(120)
        solve(&story)
        if story.random.percent(9) {
            story.work(900)
            story.record(.reopen)
            story.work(90)
            solve(&story)
        }
        // Who never confirms leaves the ticket open for ever.
        guard story.random.percent(88) else { return }
        story.work(1440)
        story.record(.close)
    }

    private static func solve(_ story: inout TicketStory) {
        story.record(.work)
        story.work(70)
        while story.random.percent(24) {
            story.record(.askCustomer)
            story.work(600)
            story.record(.customerReplies)
            story.work(60)
            story.record(.work)
            story.work(50)
        }
        if story.random.percent(18) {
            story.record(.escalate)
            story.work(45)
            story.record(.secondLevel)
            story.work(2880)
        }
        story.record(.resolve)
    }
}
