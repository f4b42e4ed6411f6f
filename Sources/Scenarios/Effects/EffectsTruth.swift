import Reports

/// What `truth.json` says of a log whose effects are known: probabilities as they were drawn from, and what follows from them
/// exactly. Differences are first − second, as in the tables.
struct EffectsTruth {
    let plan: EffectsPlan
    let books: EffectsBooks
    let lines: Int
    let asOf: Int64

    var members: [(String, JSONValue)] {
        let ways = ShopJourney.all(plan)
        return [
            (
                "ledger",
                .counts([("lines", lines), ("events", lines), ("quarantined", 0), ("duplicates", 0), ("filtered", 0), ("late", 0)])
            ),
            ("as_of", .text(TimeText.text(asOf))),
            ("purchase", purchase(ways)),
            ("problems", .members(ShopJourney.Problem.allCases.map { ($0.name, self.problem($0, ways)) })),
            ("devices", .members(ShopJourney.Device.allCases.map { ("\($0.name)", device($0, ways)) })),
            ("contacts", .array(ContactChannel.allCases.flatMap { channel in ContactTopic.allCases.map { contact(channel, $0) } })),
            ("chat_answers", chatAnswers),
            ("handoffs", handoffs),
            ("survey", survey(ways)),
        ]
    }

    private typealias Ways = [(journey: ShopJourney, probability: Double)]

    /// Of those that satisfy `condition`, the share that converts.
    private func conversion(_ ways: Ways, where condition: (ShopJourney) -> Bool) -> Double {
        var (all, converted) = (0.0, 0.0)
        for (journey, probability) in ways where condition(journey) {
            all += probability
            if journey.hasConverted { converted += probability }
        }
        return all > 0 ? converted / all : 0
    }

    private func purchase(_ ways: Ways) -> JSONValue {
        .members([
            ("mature", .integer(Int64(books.purchases.mature))), ("converted", .integer(Int64(books.purchases.converted))),
            ("conversion_rate", Self.number(conversion(ways) { _ in true })),
        ])
    }

    /// At each level: what converts of those who meet it there first, and of those who came there and had not met it by then; how
    /// many mature journeys met it there. `lost` is what these can be expected to have lost.
    private func problem(_ problem: ShopJourney.Problem, _ ways: Ways) -> JSONValue {
        var lost = 0.0
        var levels: [JSONValue] = []
        for level in ShopJourney.levels where books.purchases.met[problem.rawValue][level - 1] > 0 {
            let exposed = conversion(ways) { $0[problem] == level }
            let compared = conversion(ways) { $0.level >= level && ($0[problem] == 0 || $0[problem] > level) }
            let journeys = books.purchases.met[problem.rawValue][level - 1]
            lost += Double(journeys) * (compared - exposed)
            levels.append(
                .members([
                    ("level", .integer(Int64(level))), ("journeys", .integer(Int64(journeys))),
                    ("conversion_rate", Self.number(exposed)), ("expected_rate", Self.number(compared)),
                    ("difference", Self.number(exposed - compared)),
                ]))
        }
        return .members([
            ("journeys", .integer(Int64(books.purchases.met[problem.rawValue].reduce(0, +)))), ("lost", Self.number(lost)),
            ("levels", .array(levels)),
        ])
    }

    private func device(_ device: ShopJourney.Device, _ ways: Ways) -> JSONValue {
        var cart = ShopJourney(on: device)
        cart.level = 2
        let number = Int(device.rawValue)
        return .members([
            ("share", Self.number(Double(plan.deviceShares[number]) / 1000)),
            ("conversion_rate", Self.number(conversion(ways) { $0.device == device })),
            ("carts", .integer(Int64(books.purchases.carts[number]))),
            ("lost_at_cart", .integer(Int64(books.purchases.lostAtCart[number]))),
            ("lost_rate_at_cart", Self.number(1 - Double(cart.chanceToPass(plan)) / 1000)),
        ])
    }

    private func contact(_ channel: ContactChannel, _ topic: ContactTopic) -> JSONValue {
        let chances = RepeatChances.of(channel, topic)
        return .members([
            ("channel", .text("\(channel.name)")), ("topic", .text("\(topic.name)")),
            ("repeated_1d", Self.number(Double(chances.withinDay) / 1000)),
            ("repeated_7d", Self.number(Double(chances.withinDay + chances.withinWeek) / 1000)),
            ("elsewhere", Self.number(Double(RepeatChances.elsewhere) / 1000)),
        ])
    }

    private var chatAnswers: JSONValue {
        func hours(_ name: String, _ calm: UInt64) -> JSONValue {
            .members([
                ("hours", .text(name)), ("calm", Self.number(Double(calm) / 1000)),
                ("flood", Self.number(Double(calm - plan.floodLoss) / 1000)),
            ])
        }
        return .members([
            ("channel", "chat"), ("other_channel", "email"), ("sla_seconds", .integer(EffectsTimes.chatSLA / 1_000_000)),
            ("difference", Self.number(-Double(plan.floodLoss) / 1000)),
            ("within_rate", .array([hours("8 to 12", MailFloods.inTimeInMornings), hours("others", MailFloods.inTimeOtherwise)])),
            ("phone_within_rate", Self.number(Double(CallerBehaviour.phoneInTime) / 1000)),
        ])
    }

    private var handoffs: JSONValue {
        .array(
            RequestBehaviour.Team.allCases.flatMap { team -> [JSONValue] in
                [("intake", team.name, team.sendsBack), (team.name, "intake", RequestBehaviour.sameTeamAgain)].map { from, to, chance in
                    .members([("from", .text(from)), ("to", .text(to)), ("returned", Self.number(Double(chance) / 1000))])
                }
            })
    }

    /// Effort is the journey's number of errors; the answer is 6 − so many points an error, and −1, 0 or 1, each as often.
    private func survey(_ ways: Ways) -> JSONValue {
        let mean = ways.reduce(0) { $0 + $1.probability * Double($1.journey.errors) }
        let square = ways.reduce(0) { $0 + $1.probability * Double($1.journey.errors * $1.journey.errors) }
        let (variance, slope) = (square - mean * mean, -Double(plan.surveyPointsPerError))
        let noise = 2.0 / 3
        return .members([
            ("touchpoint", "survey/effort"), ("scale", .array([.integer(1), .integer(7)])),
            ("mean", Self.number(6 + slope * mean)), ("mean_effort", Self.number(mean)),
            ("correlation", Self.number(slope * (variance / (slope * slope * variance + noise)).squareRoot())),
        ])
    }

    /// With six decimals, as in the tables: what is behind them is rounding. Adding 0 takes the sign off a zero.
    private static func number(_ value: Double) -> JSONValue { .number((value * 1_000_000).rounded() / 1_000_000 + 0) }
}
