/// What the generator notes of journeys while it plays them. Those that are not mature yet wait, so that memory holds a week of them.
struct EffectsBooks {
    /// Of mature purchases.
    struct Purchases {
        var mature = 0
        var converted = 0
        /// By problem and level: those that met it there.
        var met = Array(repeating: [Int](repeating: 0, count: ShopJourney.levels.count), count: ShopJourney.Problem.allCases.count)
        /// By device: those that came to the cart, and those that went no further.
        var carts = [Int](repeating: 0, count: ShopJourney.Device.allCases.count)
        var lostAtCart = [Int](repeating: 0, count: ShopJourney.Device.allCases.count)

        mutating func add(_ journey: ShopJourney) {
            mature += 1
            if journey.hasConverted { converted += 1 }
            for problem in ShopJourney.Problem.allCases where journey[problem] > 0 { met[problem.rawValue][journey[problem] - 1] += 1 }
            guard journey.level >= 2 else { return }
            carts[Int(journey.device.rawValue)] += 1
            if journey.level == 2 { lostAtCart[Int(journey.device.rawValue)] += 1 }
        }
    }

    private(set) var purchases = Purchases()
    private var young: [(start: Int64, journey: ShopJourney)] = []

    mutating func add(_ journey: ShopJourney, start: Int64) { young.append((start, journey)) }

    /// Notes what is mature as of `time`, which must not go backwards.
    mutating func grow(asOf time: Int64) {
        var rest: [(start: Int64, journey: ShopJourney)] = []
        for (start, journey) in young {
            if time - start >= EffectsTimes.horizon { purchases.add(journey) } else { rest.append((start, journey)) }
        }
        young = rest
    }
}
