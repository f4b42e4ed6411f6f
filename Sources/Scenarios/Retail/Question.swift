/// What somebody wants to know of the contact centre: the same thing however often they come back for it.
struct Question {
    let topic: Topic
    let order: UInt32
    /// Keeps the case, so that nothing has to be explained twice, unless a behaviour hands it on.
    private(set) var server: Server
    private var conversations = 0
    /// The customer's first word.
    private(set) var first: Moment?
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

    /// The customer comes, for the first time or again.
    mutating func begin(_ moment: Moment) {
        first = first ?? moment
        conversations += 1
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

    /// When all has been said. Everything must have happened within seven days of the first word.
    func note(in story: Story) {
        if conversations > 1, let first, let last = story.lastOwn { story.plant(.repeatContact, from: first, to: last) }
        guard let firstServed, let lastServed else { return }
        if handOvers > 1 {
            story.plant(.reExplain, from: firstServed, to: lastServed)
        } else if handOvers == 1 {
            story.nearMiss(.reExplain, "one change of agent", from: firstServed, to: lastServed)
        }
    }
}
