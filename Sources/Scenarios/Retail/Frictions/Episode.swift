/// Stories in which a friction happens on purpose, and stories that only look like it.
struct Episode {
    typealias Behaviour = @Sendable (inout Story) -> Void

    private let planted: [Behaviour]
    private let nearMisses: [Behaviour]
    /// It takes place in several channels, between which only an account tells who somebody is.
    private let needsAccount: Bool

    init(needsAccount: Bool = false, planted: [Behaviour], nearMisses: [Behaviour]) {
        self.planted = planted
        self.nearMisses = nearMisses
        self.needsAccount = needsAccount
    }

    /// One for each friction, but for those that ordinary behaviour has often enough.
    private static let all =
        BrowsingEpisodes.all + ErrorEpisodes.all + CheckoutEpisodes.all + ContactEpisodes.all + HandoverEpisodes.all + OfferEpisodes.all
        + DeliveryEpisodes.all

    private static let forGuests = all.filter { !$0.needsAccount }
    /// Guests cannot have what needs an account, so members have it twice as often.
    private static let forMembers = all + all.filter(\.needsAccount)

    /// Plays one of them.
    static func play(_ story: inout Story) {
        let choice = story.person.isMember ? forMembers : forGuests
        let episode = choice[story.random.index(choice.count)]
        let behaviours = story.random.percent(50) ? episode.planted : episode.nearMisses
        // Whose events they are must be as certain as what they are.
        story.isIdentified = true
        behaviours[story.random.index(behaviours.count)](&story)
    }
}

extension Story {
    mutating func goToTheOtherShop() { goTo(channel == .web ? .app : .web) }

    @discardableResult mutating func view(_ item: UInt8) -> Moment {
        record(.product, .view, item: item, cents: Item.cents(item))
    }
}
