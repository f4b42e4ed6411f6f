/// What somebody wants to know of the contact centre: the same thing however often they come back for it.
struct Question {
    let topic: Topic
    let order: UInt32
    /// Keeps the case, so that nothing has to be explained twice, unless a behaviour hands it on.
    private(set) var server: Server
    /// The customer's first word, and the first one of the contact at hand.
    private(set) var first: Moment?
    private var contact: Moment?
    /// Where the customer came back: from the first word of one contact to that of the next; and where they were only
    /// handed on.
    private var returns: [(from: Moment, to: Moment)] = []
    private var passings: [(from: Moment, to: Moment)] = []
    /// How often the customer had to come back.
    var returnCount: Int { returns.count }
    private var firstServed: Moment?
    private var lastServed: Moment?
    private var handOvers = 0

    init(_ topic: Topic, _ order: UInt32 = 0, _ random: inout Randoms) {
        self.topic = topic
        self.order = order
        server = .drawn(topic.team, &random)
    }

    init(_ topic: Topic, _ server: Server) {
        self.topic = topic
        order = 0
        self.server = server
    }

    /// Who speaks to somebody else within so many microseconds of the last word is still in the same contact.
    private static let handOverMicroseconds: Int64 = 600_000_000

    /// The customer has just said the first word of a conversation, the first one or another.
    mutating func begin(_ moment: Moment, in story: Story) {
        guard let contact, let before = story.spokenBefore else {
            (first, self.contact) = (moment, moment)
            return
        }
        if moment.time - before.time <= Self.handOverMicroseconds {
            passings.append((contact, moment))
        } else {
            returns.append((contact, moment))
            self.contact = moment
        }
    }

    /// An agent has said something.
    mutating func served(_ moment: Moment?) {
        firstServed = firstServed ?? moment
        lastServed = moment
    }

    /// From here on somebody else has the case.
    mutating func handOver(to next: Server) {
        guard firstServed != nil, next != server else { return }
        server = next
        handOvers += 1
    }

    /// Once in the life of a question that nothing special happens to, a colleague takes over.
    mutating func mayMeetColleague(_ random: inout Randoms) {
        if handOvers == 0, random.percent(40) { handOver(to: server.colleague(&random)) }
    }

    /// When all has been said. The customer must have come back within seven days each time, and what agents said must lie
    /// within seven days in all.
    func note(in story: Story) {
        for (from, to) in returns { story.plant(.repeatContact, from: from, to: to) }
        for (from, to) in passings { story.nearMiss(.repeatContact, "handed on within ten minutes", from: from, to: to) }
        guard let firstServed, let lastServed else { return }
        if handOvers > 1 {
            story.plant(.reExplain, from: firstServed, to: lastServed)
        } else if handOvers == 1 {
            story.nearMiss(.reExplain, "one change of agent", from: firstServed, to: lastServed)
        }
    }
}
