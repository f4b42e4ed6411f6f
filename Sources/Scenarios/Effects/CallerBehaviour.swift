/// What a contact is about.
enum ContactTopic: UInt8, CaseIterable {
    case billing, delivery
    /// Only ever what somebody asks besides: a contact about it repeats nothing.
    case account

    var name: StaticString {
        switch self {
        case .billing: "billing"
        case .delivery: "delivery"
        case .account: "account"
        }
    }
}

/// Where a contact begins.
enum ContactChannel: UInt8, CaseIterable {
    case chat, phone

    var name: StaticString { self == .chat ? "chat" : "phone" }
}

/// How often contacts are repeated, in per mille.
enum RepeatChances {
    struct Chances {
        /// By another of the same topic, begun within a day of the end, and from one day to seven.
        let withinDay, withinWeek: UInt64
        /// After more than seven days, which is no repeat there.
        let later: UInt64 = 100
        /// By a question about the account within a day, which is none either.
        let another: UInt64 = 80
    }

    /// That a repeat is in the other channel.
    static let elsewhere: UInt64 = 300

    static func of(_ channel: ContactChannel, _ topic: ContactTopic) -> Chances {
        switch (channel, topic) {
        case (.chat, .billing): Chances(withinDay: 150, withinWeek: 200)
        case (.chat, .delivery): Chances(withinDay: 100, withinWeek: 120)
        case (.chat, .account): Chances(withinDay: 60, withinWeek: 60)
        case (.phone, .billing): Chances(withinDay: 50, withinWeek: 100)
        case (.phone, .delivery): Chances(withinDay: 100, withinWeek: 160)
        case (.phone, .account): Chances(withinDay: 40, withinWeek: 80)
        }
    }
}

/// Somebody with a question: one contact, and what comes after it.
struct CallerBehaviour {
    private let number: UInt64
    private let plan: EffectsPlan
    private let floods: MailFloods
    private var random: Randoms
    private(set) var events: [EffectsEvent] = []

    /// A repeat comes by its own chance, so chains have no last link. What would come later than this is left out: the log has ended.
    private static let maxAhead = 75 * EffectsTimes.day

    init(_ number: UInt64, _ plan: EffectsPlan, _ floods: MailFloods, _ random: Randoms) {
        (self.number, self.plan, self.floods, self.random) = (number, plan, floods, random)
    }

    mutating func play(from start: Int64) {
        var topic: ContactTopic = random.percent(50) ? .billing : .delivery
        var channel: ContactChannel = random.percent(60) ? .chat : .phone
        var begin = start
        while begin - start < Self.maxAhead {
            let end = contact(channel, topic, at: begin)
            let chances = RepeatChances.of(channel, topic)
            var draw = random.below(1000)
            // Every pause is longer than the gaps of the channels, and well on its side of the window.
            func falls(_ chance: UInt64) -> Bool {
                guard draw >= chance else { return true }
                draw -= chance
                return false
            }
            if falls(chances.withinDay) {
                begin = end + random.among(3 * EffectsTimes.hour...23 * EffectsTimes.hour)
            } else if falls(chances.withinWeek) {
                begin = end + random.among(25 * EffectsTimes.hour...167 * EffectsTimes.hour)
            } else if falls(chances.later) {
                begin = end + random.among(169 * EffectsTimes.hour...240 * EffectsTimes.hour)
            } else if topic != .account, falls(chances.another) {
                // Never back to the earlier topic: that would repeat it.
                topic = .account
                begin = end + random.among(3 * EffectsTimes.hour...23 * EffectsTimes.hour)
            } else {
                return
            }
            if random.chance(perMille: RepeatChances.elsewhere) { channel = channel == .chat ? .phone : .chat }
        }
    }

    /// One question and its answer. Now and then somebody who waits on the telephone opens a chat as well, which is the same contact;
    /// when does not depend on either answer, or the rush in one channel would tell of answers in the other.
    /// - Returns: when it ends.
    private mutating func contact(_ channel: ContactChannel, _ topic: ContactTopic, at begin: Int64) -> Int64 {
        guard channel == .phone else { return ask(.chat, topic, at: begin, answered: chatWait(at: begin)) }
        let end = ask(.phone, topic, at: begin, answered: phoneWait())
        guard random.percent(10) else { return end }
        let second = begin + random.among(EffectsTimes.minute...4 * EffectsTimes.minute)
        return max(end, ask(.chat, topic, at: second, answered: chatWait(at: second)))
    }

    private mutating func ask(
        _ touchpoint: EffectsEvent.Touchpoint, _ topic: ContactTopic, at begin: Int64, answered wait: Int64
    ) -> Int64 {
        var event = EffectsEvent(time: begin, kind: .caller, number: number, touchpoint: touchpoint, topic: topic)
        events.append(event)
        event.isByAgent = true
        event.time += wait
        events.append(event)
        return event.time
    }

    private mutating func chatWait(at time: Int64) -> Int64 {
        let hour = UInt64((time - Arrivals.start) / Arrivals.hourMicroseconds)
        return random.chance(perMille: floods.chanceOfAnswer(inHour: hour, plan))
            ? random.among(EffectsTimes.minute / 3...EffectsTimes.chatSLA - EffectsTimes.minute / 6)
            : random.among(EffectsTimes.chatSLA + EffectsTimes.minute...40 * EffectsTimes.minute)
    }

    private mutating func phoneWait() -> Int64 {
        random.chance(perMille: Self.phoneInTime)
            ? random.among(EffectsTimes.minute / 2...EffectsTimes.phoneSLA - EffectsTimes.minute)
            : random.among(EffectsTimes.phoneSLA + EffectsTimes.minute...30 * EffectsTimes.minute)
    }

    static let phoneInTime: UInt64 = 800
}
