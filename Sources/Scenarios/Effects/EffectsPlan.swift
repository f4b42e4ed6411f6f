/// The probabilities of the log whose effects are known, in per mille: with the effects, and with all else the same without them.
struct EffectsPlan {
    /// Of passing from browse, cart, address, payment to the next step, for those to whom nothing happens.
    let passes: [UInt64] = [650, 800, 800, 700]
    /// Of meeting a form error for the first time, by step from browse on.
    let formErrors: [UInt64] = [0, 0, 150, 375]
    /// Of a search without results, likewise: it happens early, so that few whom it hits get far. It has no effect.
    let noResults: [UInt64] = [300, 250, 0, 0]
    /// Of a saved address being filled in, at the address step.
    let savedAddresses: UInt64 = 300
    /// Of desktop, phone and tablet.
    let deviceShares: [UInt64] = [500, 300, 200]
    /// Of those who answer a survey.
    let surveyAnswers: UInt64 = 300

    /// What an error takes from the chance of passing the payment step.
    let errorLossAtPayment: UInt64
    /// What an error takes from that of passing the address step. Those who pass meet no other error, and convert as often as those
    /// who may still meet one: so both errors cost the same 20 points of conversion. 320 · 0.625 = 200.
    let errorLossAtAddress: UInt64
    /// What an error at the address step takes from the chance at the payment step: the loss there · the chance of an error there.
    let laterLossAfterAddress: UInt64
    /// What a saved address adds to the chance of passing the address step. 160 · 0.625 = 100: ten points of conversion.
    let savedAddressGain: UInt64
    /// What phones lose at the cart.
    let phoneLoss: UInt64
    /// What chat's chance of an answer in time loses in hours in which e-mail floods.
    let floodLoss: UInt64
    /// By how many points of seven each error lowers the answer to the survey.
    let surveyPointsPerError: Int

    static let planted = EffectsPlan(
        errorLossAtPayment: 200, errorLossAtAddress: 320, laterLossAfterAddress: 75, savedAddressGain: 160, phoneLoss: 100,
        floodLoss: 250, surveyPointsPerError: 2)
    static let nothing = EffectsPlan(
        errorLossAtPayment: 0, errorLossAtAddress: 0, laterLossAfterAddress: 0, savedAddressGain: 0, phoneLoss: 0, floodLoss: 0,
        surveyPointsPerError: 0)
}

/// How long things take; `pipelines/effects.yaml` says the same.
enum EffectsTimes {
    static let minute: Int64 = 60_000_000
    static let hour: Int64 = 60 * minute
    static let day: Int64 = 24 * hour
    /// Of the journey type purchase. All that happens in a purchase happens within it, and so do the three days of silence by which
    /// it is given up: a mature journey is decided.
    static let horizon = 7 * day
    /// Of chat and of phone: within which an answer is in time.
    static let chatSLA = 5 * minute
    static let phoneSLA = 10 * minute
}
