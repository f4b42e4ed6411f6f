/// A case that the intake sorts and a team works on; one of the teams sends many back.
enum RequestBehaviour {
    enum Team: Int, CaseIterable {
        case billing, technical

        var name: String { self == .billing ? "billing" : "technical" }
        var touchpoint: EffectsEvent.Touchpoint { self == .billing ? .billing : .technical }
        /// That it sends a case back, in per mille.
        var sendsBack: UInt64 { self == .billing ? 300 : 50 }
    }

    /// That a case which came back goes to the same team again, in per mille.
    static let sameTeamAgain: UInt64 = 500

    static func play(_ number: UInt64, at start: Int64, _ random: inout Randoms) -> [EffectsEvent] {
        var events: [EffectsEvent] = []
        var clock = start
        func record(_ touchpoint: EffectsEvent.Touchpoint) {
            events.append(EffectsEvent(time: clock, kind: .request, number: number, touchpoint: touchpoint, isByAgent: true))
            clock += random.among(5 * EffectsTimes.minute...60 * EffectsTimes.minute)
        }
        record(.register)
        var team: Team = random.percent(50) ? .billing : .technical
        while true {
            record(team.touchpoint)
            guard random.chance(perMille: team.sendsBack) else { break }
            record(.sorted)
            if !random.chance(perMille: sameTeamAgain) { team = team == .billing ? .technical : .billing }
        }
        record(.solved)
        return events
    }
}
