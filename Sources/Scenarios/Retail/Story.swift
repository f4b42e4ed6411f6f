/// One person doing one thing after another: the pen with which behaviours write. It knows where the person is,
/// whether they are logged in, and what time it is for them.
struct Story {
    let person: Person
    var random: Randoms
    /// Microseconds since 1970.
    private(set) var clock: Int64
    private(set) var channel = Channel.web
    private(set) var isLoggedIn = false
    private var device = Device.none
    /// Typed in since the person came to this channel.
    private var hasGivenEmail = false
    private let plan: RetailPlan

    init(_ person: Person, at clock: Int64, random: Randoms, plan: RetailPlan) {
        self.person = person
        self.clock = clock
        self.random = random
        self.plan = plan
    }

    mutating func newOrder() -> UInt32 { plan.newOrder() }

    /// A pause around `median` seconds, of at least one second, so that clocks without fractions keep the order.
    mutating func wait(_ median: Int64) { clock += 1_000_000 + random.span(median: median * 1_000_000) }
    mutating func waitHours(_ median: Int64) { wait(median * 3600) }
    /// Between two bounds, in minutes.
    mutating func waitMinutes(_ range: ClosedRange<Int64>) {
        clock += random.among(range.lowerBound * 60_000_000...range.upperBound * 60_000_000)
    }

    /// Web or app, as the person likes it.
    mutating func goOnline() { goTo(person.prefersApp ? .app : .web) }

    mutating func goTo(_ next: Channel) {
        channel = next
        switch next {
        case .web:
            device = person.hasWorkComputer && random.percent(40) ? person.workBrowser : person.browser
            isLoggedIn = person.isMember && random.percent(35)
        case .app:
            device = person.phone
            isLoggedIn = person.isMember && random.percent(75)
        case .chat:
            // Opens inside the page or the app, with the same device and login.
            if device.kind == .none || device.kind == .till { device = person.browser }
        case .phone:
            device = .none
            // The menu asks for the customer number; the others are known by their e-mail.
            isLoggedIn = person.isMember && random.percent(85)
        case .email:
            device = .none
            isLoggedIn = person.isMember
        case .store:
            device = Device(kind: .till, number: person.shop * (Person.tills / Person.shops) + UInt32(random.below(2)))
            isLoggedIn = person.usesLoyaltyCard && random.percent(80)
        }
        hasGivenEmail = next == .email || next == .phone && !isLoggedIn
    }

    mutating func logIn() {
        guard person.isMember, !isLoggedIn else { return }
        record(.login, .view)
        wait(15)
        if random.percent(9) {
            record(.login, .login, .error)
            wait(20)
        }
        isLoggedIn = true
        hasGivenEmail = true
        record(.login, .login, .ok)
        wait(5)
    }

    mutating func giveEmail() { hasGivenEmail = true }
    mutating func nowHasAccount() { isLoggedIn = true }

    /// One event, here and now.
    mutating func record(
        _ touchpoint: Touchpoint, _ action: Action, _ outcome: Outcome = .none, by initiator: Initiator = .customer,
        topic: Topic = .none, item: UInt8 = 0, cents: UInt32 = 0, order: UInt32 = 0, plant: Plant = .none
    ) {
        var event = RetailEvent(
            time: clock, number: 0, person: person.number, order: order, cents: cents, item: item, channel: channel,
            touchpoint: touchpoint, action: action, outcome: outcome, initiator: initiator, topic: topic, device: device, plant: plant)
        if isLoggedIn { event.shows.insert(.customer) }
        if hasGivenEmail { event.shows.insert(.email) }
        if isLoggedIn {
            // Some browsers refuse the cookie; the source then writes a blocked value or nothing.
            if random.chance(perMille: 6) { event.device = .none }
        } else if random.chance(perMille: 15) {
            event.shows.insert(.blockedCustomer)
        }
        plan.add(event, &random)
        // The hash goes with one line or two, not with every page that follows.
        if channel == .web || channel == .app, random.percent(60) { hasGivenEmail = false }
    }

    /// A mail of ours. The person's own place and clock stay what they are.
    mutating func sendMail(_ touchpoint: Touchpoint, order: UInt32 = 0, opensAfterHours: Int64? = nil) {
        var mail = self
        mail.goTo(.email)
        mail.wait(20)
        if mail.random.chance(perMille: 12) {
            mail.record(touchpoint, .bounce, .error, by: .system, order: order)
        } else {
            mail.record(touchpoint, .send, .ok, by: .system, order: order)
            if let opensAfterHours {
                mail.waitHours(opensAfterHours)
                mail.record(touchpoint, .open, order: order)
            }
        }
        random = mail.random
    }
}

/// Something put into the log on purpose, told by the event that completes it and counted when that is written.
enum Plant: UInt8 { case none, paymentStall }
