/// From the first product page to the order, or to where the shopper gives up.
enum ShopperBehaviour {
    /// How a journey went, and its events.
    struct Play {
        var journey: ShopJourney
        var events: [EffectsEvent] = []
    }

    /// How long a step is stayed in does not depend on what happens there nor on how it ends: slow steps cost nothing. From under an
    /// hour to 17 hours a step, so that orders come on the first days of the horizon and not all at once.
    private static let stay = 3 * EffectsTimes.hour

    static func play(_ number: UInt64, at start: Int64, _ plan: EffectsPlan, _ random: inout Randoms) -> Play {
        var play = Play(journey: ShopJourney(on: device(plan, &random)))
        var clock = start
        while !play.journey.hasConverted {
            let level = play.journey.level
            record(enter[level - 1], at: clock, number, &play)
            let stay = random.span(median: Self.stay)
            for problem in ShopJourney.Problem.allCases where random.chance(perMille: play.journey.chance(of: problem, plan)) {
                play.journey[problem] = level
                record(touchpoint(problem, level), at: clock + stay / 100 * place(problem, &random), number, &play)
            }
            clock += stay
            guard random.chance(perMille: play.journey.chanceToPass(plan)) else { break }
            play.journey.level += 1
        }
        if play.journey.hasConverted { record(.order, at: clock, number, &play, value: 20 + random.below(60)) }
        if random.chance(perMille: plan.surveyAnswers) {
            let noise = random.index(3) - 1
            let points = 6 - plan.surveyPointsPerError * play.journey.errors + noise
            record(.survey, at: clock + random.among(EffectsTimes.hour...20 * EffectsTimes.hour), number, &play, value: UInt64(points))
        }
        return play
    }

    private static let enter: [EffectsEvent.Touchpoint] = [.product, .cart, .address, .payment]

    private static func device(_ plan: EffectsPlan, _ random: inout Randoms) -> ShopJourney.Device {
        let draw = random.below(1000)
        return draw < plan.deviceShares[0] ? .desktop : draw < plan.deviceShares[0] + plan.deviceShares[1] ? .phone : .tablet
    }

    private static func touchpoint(_ problem: ShopJourney.Problem, _ level: Int) -> EffectsEvent.Touchpoint {
        switch problem {
        case .formError: level == 3 ? .addressError : .paymentError
        case .noResults: .search
        case .savedAddress: .savedAddress
        }
    }

    /// In hundredths of the stay. An address is filled in before it can be wrong.
    private static func place(_ problem: ShopJourney.Problem, _ random: inout Randoms) -> Int64 {
        problem == .formError ? random.among(50...95) : random.among(5...45)
    }

    private static func record(
        _ touchpoint: EffectsEvent.Touchpoint, at time: Int64, _ number: UInt64, _ play: inout Play, value: UInt64? = nil
    ) {
        let device = touchpoint == .survey ? nil : play.journey.device
        play.events.append(EffectsEvent(time: time, kind: .shopper, number: number, touchpoint: touchpoint, device: device, value: value))
    }
}
