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
    /// The same for the whole story, so that what was begun anonymously belongs to whoever logs in later.
    private let usesWorkComputer: Bool
    /// Typed in since the person came to this channel.
    private var hasGivenEmail = false
    /// Whoever has an account is logged in wherever they go, and the others leave their e-mail in the chat.
    var isIdentified = false
    /// Who answers when an agent does.
    var server = Server.nobody

    /// The last event, and the last one by the person themselves.
    private(set) var last: Moment?
    private(set) var lastOwn: Moment?
    /// The last word spoken with the contact centre, by either side, and the one before it.
    private var lastSpoken: Moment?
    private(set) var spokenBefore: Moment?
    private var lastError = Int64.min / 2
    private var errorBefore = Int64.min / 2
    /// When the latest of the story's lines is delivered, so far.
    private var delivered = Int64.min
    private let plan: RetailPlan

    init(_ person: Person, at clock: Int64, random: Randoms, plan: RetailPlan) {
        self.person = person
        self.clock = clock
        var random = random
        let isAtWork = random.percent(40)
        self.random = random
        self.plan = plan
        usesWorkComputer = person.hasWorkComputer && isAtWork
    }

    mutating func newOrder() -> UInt32 { plan.newOrder() }

    /// A pause around `median` seconds, of at least one second, so that clocks without fractions keep the order.
    mutating func wait(_ median: Int64) { clock += 1_000_000 + random.span(median: median * 1_000_000) }
    mutating func waitHours(_ median: Int64) { wait(median * 3600) }
    /// Between two bounds, in minutes.
    mutating func waitMinutes(_ range: ClosedRange<Int64>) { waitMilliseconds(range.lowerBound * 60_000...range.upperBound * 60_000) }
    mutating func waitMilliseconds(_ range: ClosedRange<Int64>) {
        clock += random.among(range.lowerBound * 1000...range.upperBound * 1000)
    }

    /// Web or app, as the person likes it. Somebody who must be told from others does not come with one of the phones
    /// that all have the same id.
    mutating func goOnline() {
        let isLost = isIdentified && !person.isMember && person.phone.isPlaceholder
        goTo(person.prefersApp && !isLost ? .app : .web)
    }

    mutating func goTo(_ next: Channel) {
        channel = next
        server = .nobody
        let isKnown = person.isMember && isIdentified
        switch next {
        case .web:
            device = usesWorkComputer ? person.workBrowser : person.browser
            isLoggedIn = isKnown || person.isMember && random.percent(35)
        case .app:
            device = person.phone
            isLoggedIn = isKnown || person.isMember && (device.isPlaceholder || random.percent(75))
        case .chat:
            // Opens inside the page or the app, with the same device and login.
            if device.kind == .none || device.kind == .till { device = person.browser }
            isLoggedIn = isLoggedIn || isKnown
        case .phone:
            device = .none
            // The menu asks for the customer number; the others are known by their e-mail.
            isLoggedIn = isKnown || person.isMember && random.percent(85)
        case .email:
            device = .none
            isLoggedIn = person.isMember
        case .store:
            device = Device(kind: .till, number: person.shop * (Person.tills / Person.shops) + UInt32(random.below(2)))
            isLoggedIn = person.usesLoyaltyCard && random.percent(80)
        }
        hasGivenEmail = next == .email || !isLoggedIn && (next == .phone || next == .chat && isIdentified)
    }

    mutating func logIn() {
        guard person.isMember, !isLoggedIn else { return }
        record(.login, .view)
        wait(15)
        if mayFail, random.percent(9) {
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
    @discardableResult mutating func record(
        _ touchpoint: Touchpoint, _ action: Action, _ outcome: Outcome = .none, by initiator: Initiator = .customer,
        topic: Topic = .none, item: UInt8 = 0, cents: UInt32 = 0, order: UInt32 = 0, target: Target = .none, team: Team = .none,
        answer: UInt8 = 0, plant: Plant = .none
    ) -> Moment {
        var event = RetailEvent(
            time: clock, number: 0, person: person.number, order: order, cents: cents, item: item, answer: answer, channel: channel,
            touchpoint: touchpoint, action: action, outcome: outcome, initiator: initiator, topic: topic, team: team, target: target,
            device: device, plant: plant)
        if initiator == .agent {
            event.agent = server.agent
            event.team = server.team
        }
        if isLoggedIn { event.shows.insert(.customer) }
        if hasGivenEmail { event.shows.insert(.email) }
        if isLoggedIn {
            // Some browsers refuse the cookie; the source then writes a blocked value or nothing.
            if random.chance(perMille: 6) { event.device = .none }
        } else if random.chance(perMille: 15) {
            event.shows.insert(.blockedCustomer)
        }
        let planned = plan.add(event, &random)
        delivered = max(delivered, planned.delivered)
        // The hash goes with one line or two, not with every page that follows.
        if channel == .web || channel == .app, random.percent(60) { hasGivenEmail = false }

        let moment = Moment(planned.event, delivered: delivered)
        last = moment
        if channel == .phone || channel == .chat { (spokenBefore, lastSpoken) = (lastSpoken, moment) }
        if initiator == .customer {
            lastOwn = moment
            if outcome.isError { (errorBefore, lastError) = (lastError, clock) }
        }
        return moment
    }

    /// A mail of ours; nil when it bounces. The person's own place and clock stay what they are.
    @discardableResult mutating func sendMail(
        _ touchpoint: Touchpoint, _ outcome: Outcome = .ok, order: UInt32 = 0, team: Team = .none, mayBounce: Bool = true,
        opensAfterHours: Int64? = nil
    ) -> Moment? {
        aside { mail in
            mail.goTo(.email)
            mail.wait(20)
            if mayBounce, mail.random.chance(perMille: 12) {
                mail.record(touchpoint, .bounce, .error, by: .system, order: order)
                return nil
            }
            let sent = mail.record(touchpoint, .send, outcome, by: .system, order: order, team: team)
            if let opensAfterHours {
                mail.waitHours(opensAfterHours)
                mail.record(touchpoint, .open, order: order)
            }
            return sent
        }
    }

    /// Something that happens beside the story, which then goes on from where and when it was.
    mutating func aside<Result>(_ body: (inout Story) -> Result) -> Result {
        var beside = self
        let result = body(&beside)
        random = beside.random
        delivered = beside.delivered
        return result
    }
}

// What keeps the log's frictions known: a behaviour that lets somebody stumble asks first whether it may, and notes it.
extension Story {
    /// A third error within five minutes would be a burst of them that nobody has noted.
    var mayFail: Bool { clock - errorBefore > 360_000_000 }

    /// Whether what happens here and now shows whose it is. An anonymous member may be taken for somebody else at home,
    /// and the phones with the same id are taken for nobody's.
    var isTraceable: Bool { isLoggedIn || !person.isMember && (channel == .phone || channel == .chat || !device.isPlaceholder) }

    var mayStumble: Bool { mayFail && isTraceable }

    /// Whether a later visit belongs to the same person for whoever reads the log.
    var mayComeBack: Bool { isLoggedIn || device.kind != .householdCookie }

    /// Notes that the events between two moments are a friction, all of which are recorded.
    func plant(_ friction: Friction, from first: Moment, to last: Moment) { note(friction, nil, first, last) }

    /// The same of events that only look like it; `reason` says what is missing.
    func nearMiss(_ friction: Friction, _ reason: StaticString, from first: Moment, to last: Moment) {
        note(friction, reason, first, last)
    }

    private func note(_ friction: Friction, _ nearMiss: StaticString?, _ first: Moment, _ last: Moment) {
        let note = FrictionNote(
            friction: friction, nearMiss: nearMiss, person: person.number, sign: last.sign, first: first.time, last: last.time)
        plan.add(note, settled: max(last.delivered, last.time + friction.openMicroseconds))
    }
}

/// Something put into the log on purpose that is no friction, told by the event that completes it and counted when that
/// is written.
enum Plant: UInt8 { case none, paymentStall }

/// An agent of the contact centre and their team.
struct Server: Equatable {
    let agent: UInt8
    let team: Team

    static let nobody = Server(agent: 0, team: .none)
    private static let agentsPerTeam = 8

    static func drawn(_ team: Team, _ random: inout Randoms) -> Server {
        Server(agent: (team.rawValue - 1) * UInt8(agentsPerTeam) + UInt8(random.index(agentsPerTeam)) + 1, team: team)
    }

    /// A colleague in the same team.
    func colleague(_ random: inout Randoms) -> Server {
        let first = (team.rawValue - 1) * UInt8(Self.agentsPerTeam) + 1
        let step = UInt8(random.index(Self.agentsPerTeam - 1)) + 1
        return Server(agent: first + (agent - first + step) % UInt8(Self.agentsPerTeam), team: team)
    }
}
