import Testing

@testable import TestSupport

@Suite struct RandomCaseTests {
    @Test func theSameSeedGivesTheSameBytes() {
        let (first, second) = (RandomCase(seed: 7), RandomCase(seed: 7))
        #expect(first.yaml == second.yaml)
        #expect(first.files.map(\.bytes) == second.files.map(\.bytes))
        #expect(first.asOf == second.asOf)
        #expect(first.expected == second.expected)
    }

    @Test func everyLineGoesSomewhere() {
        for seed in UInt64(0)..<40 {
            let ledger = RandomCase(seed: seed).expected.ledger
            #expect(
                ledger.lines + ledger.expanded == ledger.events + ledger.quarantinedTotal + ledger.duplicates + ledger.filtered,
                "seed \(seed)")
        }
    }

    /// The cases must reach what they are for. Each count is over the same cases.
    @Test func casesReachTheCornersOfTheRules() {
        var reasons: Set<NaiveReason> = []
        var (duplicates, filtered, withAsOf, failed, abandoned, open, concurrent, stallPoints, learned, deepFunnels) = (
            0, 0, 0, 0, 0, 0, 0, 0, 0, 0
        )
        var (sessionLimits, inactivityLimits, horizonLimits, windowLimits, slaLimits) = (0, 0, 0, 0, 0)
        for seed in UInt64(0)..<120 {
            let drawn = RandomCase(seed: seed, frictions: false)
            let tables = drawn.expected
            reasons.formUnion(tables.ledger.quarantined.keys)
            duplicates += tables.ledger.duplicates
            filtered += tables.ledger.filtered
            withAsOf += drawn.asOf == nil ? 0 : 1
            failed += tables.journeys.map(\.failed).reduce(0, +)
            abandoned += tables.journeys.map(\.abandoned).reduce(0, +)
            open += tables.journeys.map(\.open).reduce(0, +)
            concurrent += tables.sessions.map(\.concurrent).reduce(0, +)
            stallPoints += tables.stalls.filter(\.isStallPoint).count
            learned += tables.stalls.filter { $0.thresholdSource == "learned" }.count
            deepFunnels += tables.funnel.filter { $0.stepIndex == 3 && $0.reached > 0 }.count

            // A limit one microsecond shorter changes a table only where something is exactly as long as the limit.
            func changed(_ change: (inout NaivePipeline) -> Void, _ table: (NaiveTables) -> [some Equatable]) -> Int {
                var pipeline = drawn.pipeline
                change(&pipeline)
                return table(NaiveReference.tables(pipeline, drawn.files, asOf: drawn.asOf)) == table(tables) ? 0 : 1
            }
            guard seed < 90 else { continue }
            sessionLimits += changed(
                {
                    $0.sessions.gap -= 1
                    for index in $0.channels.indices { $0.channels[index].gap? -= 1 }
                }, \.sessions)
            inactivityLimits += changed({ for index in $0.journeys.indices { $0.journeys[index].inactivity -= 1 } }, \.journeys)
            horizonLimits += changed({ for index in $0.journeys.indices { $0.journeys[index].horizon? -= 1 } }, \.journeys)
            windowLimits += changed({ for index in $0.journeys.indices { $0.journeys[index].funnelWindow? -= 1 } }, \.funnel)
            slaLimits += changed({
                for index in $0.journeys.indices {
                    for step in $0.journeys[index].steps.indices { $0.journeys[index].steps[step].sla? -= 1 }
                }
            }) { $0.stalls.map(\.slow) }
        }
        let limits = (
            sessions: sessionLimits, inactivity: inactivityLimits, horizons: horizonLimits, windows: windowLimits, slas: slaLimits
        )
        #expect(reasons == Set(NaiveReason.allCases))
        #expect(min(duplicates, filtered, withAsOf, failed, abandoned, open, concurrent) >= 10)
        #expect(min(stallPoints, learned, deepFunnels) >= 3)
        #expect(
            limits.sessions >= 10 && limits.inactivity >= 10 && limits.horizons >= 3 && limits.windows >= 3 && limits.slas >= 5, "\(limits)"
        )
    }
    /// The same for frictions: matches there are, and each part of a rule matters in some case.
    @Test func frictionsReachTheCornersOfTheRules() {
        var (frictions, found, ofManyEvents, unmeasurable, withoutRules) = (0, 0, 0, 0, 0)
        var changes: [String: Int] = [:]
        for seed in UInt64(0)..<40 {
            let drawn = RandomCase(seed: seed, frictions: true)
            let tables = drawn.expected
            #expect(!tables.gaveUpPattern)
            frictions += tables.frictions.count
            found += tables.frictions.filter { $0.occurrences ?? 0 > 0 }.count
            ofManyEvents += tables.frictions.filter { $0.events ?? 0 > $0.occurrences ?? 0 }.count
            unmeasurable += tables.frictions.filter { !$0.missing.isEmpty }.count
            withoutRules += drawn.pipeline.frictions.isEmpty ? 1 : 0

            func change(_ name: String, _ change: (inout NaiveFrictionRules) -> Void) {
                var pipeline = drawn.pipeline
                for index in pipeline.frictions.indices { change(&pipeline.frictions[index]) }
                let changed = NaiveReference.tables(pipeline, drawn.files, asOf: drawn.asOf).frictions != tables.frictions
                changes[name, default: 0] += changed ? 1 : 0
            }
            if drawn.pipeline.frictions.contains(where: { $0.within != nil }) { change("within") { $0.within? -= 1 } }
            if drawn.pipeline.frictions.contains(where: { $0.absent != nil }) { change("absent") { $0.absent = nil } }
            if drawn.pipeline.frictions.contains(where: { !$0.partitionBy.isEmpty }) { change("partition") { $0.partitionBy = [] } }
            if drawn.pipeline.frictions.contains(where: { $0.scope != .journey }) { change("scope") { $0.scope = .journey } }
        }
        let counts = (frictions: frictions, found: found, ofManyEvents: ofManyEvents, unmeasurable: unmeasurable, without: withoutRules)
        #expect(frictions >= 80 && found >= 40 && ofManyEvents >= 20 && min(unmeasurable, withoutRules) >= 3, "\(counts)")
        #expect(changes.count == 4 && changes.values.allSatisfy { $0 >= 3 }, "\(changes)")
    }

    @Test func frictionsAreThereOnlyWhenAskedFor() {
        for seed in UInt64(0)..<10 { #expect(RandomCase(seed: seed, frictions: false).pipeline.frictions.isEmpty) }
    }
}
