/// One attempt to buy something, as far as its chances depend on it.
struct ShopJourney {
    enum Device: UInt8, CaseIterable {
        case desktop, phone, tablet

        var name: StaticString {
            switch self {
            case .desktop: "desktop"
            case .phone: "phone"
            case .tablet: "tablet"
            }
        }
    }

    /// What may happen to it; each at most once.
    enum Problem: Int, CaseIterable {
        case formError, noResults, savedAddress

        /// As `pipelines/effects.yaml` calls the rule that finds it.
        var name: String {
            switch self {
            case .formError: "form_error"
            case .noResults: "no_results"
            case .savedAddress: "saved_address"
            }
        }
    }

    static let levels = 1...4

    let device: Device
    /// The highest step reached: 1 browse, 2 cart, 3 address, 4 payment; 5 confirmed.
    var level = 1
    /// By problem: the level at which it happened; 0: it did not.
    var met = [0, 0, 0]

    init(on device: Device) { self.device = device }

    subscript(problem: Problem) -> Int {
        get { met[problem.rawValue] }
        set { met[problem.rawValue] = newValue }
    }

    var hasConverted: Bool { level > Self.levels.upperBound }
    /// Events with an error outcome.
    var errors: Int { (self[.formError] > 0 ? 1 : 0) + (self[.noResults] > 0 ? 1 : 0) }

    /// That `problem` happens at the level at hand, whatever else does there: in per mille.
    func chance(of problem: Problem, _ plan: EffectsPlan) -> UInt64 {
        guard self[problem] == 0 else { return 0 }
        return switch problem {
        case .formError: plan.formErrors[level - 1]
        case .noResults: plan.noResults[level - 1]
        case .savedAddress: level == 3 ? plan.savedAddresses : 0
        }
    }

    /// That it goes on to the next level, when all that happens at this one has: in per mille.
    func chanceToPass(_ plan: EffectsPlan) -> UInt64 {
        var chance = plan.passes[level - 1]
        switch level {
        case 2 where device == .phone: chance -= plan.phoneLoss
        case 3:
            if self[.savedAddress] == 3 { chance += plan.savedAddressGain }
            if self[.formError] == 3 { chance -= plan.errorLossAtAddress }
        case 4:
            if self[.formError] == 4 { chance -= plan.errorLossAtPayment }
            if self[.formError] == 3 { chance -= plan.laterLossAfterAddress }
        default: break
        }
        return chance
    }
}

extension ShopJourney {
    /// Every way a journey can go, with its probability.
    static func all(_ plan: EffectsPlan) -> [(journey: ShopJourney, probability: Double)] {
        Device.allCases.flatMap { device in
            ends(of: ShopJourney(on: device), Double(plan.deviceShares[Int(device.rawValue)]) / 1000, plan)
        }
    }

    private static func ends(of journey: ShopJourney, _ probability: Double, _ plan: EffectsPlan) -> [(ShopJourney, Double)] {
        if journey.hasConverted { return [(journey, probability)] }
        var states = [(journey, probability)]
        for problem in Problem.allCases {
            states = states.flatMap { journey, probability -> [(ShopJourney, Double)] in
                let chance = Double(journey.chance(of: problem, plan)) / 1000
                guard chance > 0 else { return [(journey, probability)] }
                var met = journey
                met[problem] = journey.level
                return [(journey, probability * (1 - chance)), (met, probability * chance)]
            }
        }
        return states.flatMap { journey, probability -> [(ShopJourney, Double)] in
            let chance = Double(journey.chanceToPass(plan)) / 1000
            var next = journey
            next.level += 1
            return [(journey, probability * (1 - chance))] + ends(of: next, probability * chance, plan)
        }
    }
}
