import Testing

@testable import TestSupport

@Suite struct SessionTests {
    @Test func aSilenceEqualToTheGapStays() {
        #expect(DrawnLog.tables("0 ann web a\n30m ann web a\n1h ann web a").sessions[0].sessions == 1)
        #expect(DrawnLog.tables("0 ann web a\n30m+1 ann web a\n60m+1 ann web a").sessions[0].sessions == 2)
    }

    @Test func aChannelHasItsOwnGap() {
        let tables = DrawnLog.tables("0 ann web a\n0 ann phone a\n1h ann web a\n1h ann phone a") {
            $0.channels = [NaiveChannel(name: "phone", gap: NaiveDuration.microseconds("1h"))]
        }
        #expect(tables.sessions.map(\.channel) == ["phone", "web"])
        #expect(tables.sessions.map(\.sessions) == [1, 2])
    }

    @Test func maxLengthCountsFromTheStart() {
        let tables = DrawnLog.tables("0 ann web a\n20m ann web a\n40m ann web a\n40m+1 ann web a\n80m ann web a") {
            $0.sessions.maxLength = NaiveDuration.microseconds("40m")
        }
        // [0, 20, 40] and, from 40m+1us, two silences below the gap but the last 39m59.999999s after: 39.99 > 30.
        #expect(tables.sessions[0].sessions == 3)
        #expect(tables.sessions[0].bounces == 2)
        #expect(tables.sessions[0].durationP90 == 2_400_000_000)
        #expect(tables.sessions[0].durationP50 == 0)
    }

    @Test func agentsAndOutboundChannelsOpenNoSession() {
        let tables = DrawnLog.tables("0 ann web a\n20m ann web a by=agent\n40m ann web a\n40m ann mail a\n40m ann phone a by=system") {
            $0.channels = [NaiveChannel(name: "mail", kind: "outbound")]
            $0.journeys = [DrawnLog.journey("z")]
        }
        #expect(tables.sessions.map(\.channel) == ["web"])
        // The agent's event does not bridge the 40 minutes.
        #expect(tables.sessions[0].sessions == 2)
        #expect(tables.sessions[0].events == 2)
        #expect(tables.journeys[0].events == 5)
        #expect(tables.journeys[0].sessions == 2)
    }

    @Test func concurrentMeansASharedInstant() {
        let tables = DrawnLog.tables("0 ann web a\n10m ann web a\n10m ann app a\n20m ann app a\n20m+1 ann phone a\n10m bob phone a")
        #expect(tables.sessions.map(\.channel) == ["app", "phone", "web"])
        #expect(tables.sessions.map(\.concurrent) == [1, 0, 1])
        #expect(tables.sessions.map(\.bounces) == [0, 2, 0])
    }
}
