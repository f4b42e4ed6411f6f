import Testing

@testable import TestSupport

@Suite struct IdentityTests {
    /// Customers seen at each touchpoint, and together.
    private func customers(_ drawing: String, _ change: (inout NaivePipeline) -> Void = { _ in }) -> Int {
        DrawnLog.tables(drawing, change).sessions.first { $0.channel == "web" }?.customers ?? 0
    }

    @Test func theKnownTypeDeclaredFirstCounts() {
        #expect(customers("0 ann web x account=1\n1m ann web x account=2\n2m - web x account=1") == 2)
    }

    @Test func aDeviceOfOneCustomerIsTheirsAtAnyTime() {
        #expect(customers("0 - web x device=d\n9h ann web x device=d\n3d - web x device=d") == 1)
    }

    @Test func aSharedDeviceGoesToTheNearestInTime() {
        let tables = DrawnLog.tables("0 ann web a device=d\n4m - web q device=d\n10m bob web b device=d\n8m - web r device=d") {
            $0.journeys = [DrawnLog.journey("z")]
        }
        #expect(tables.transitions.map { "\($0.from)\($0.to)" } == ["aq", "rb"])
    }

    @Test func onATieTheEarlierThenTheOneThatSortsFirst() {
        // 5m lies between both: ann's is the earlier. At 0 bob and abe are equally near and early: abe.
        let tables = DrawnLog.tables("0 ann web a device=d\n5m - web q device=d\n10m bob web b device=d") {
            $0.journeys = [DrawnLog.journey("z")]
        }
        #expect(tables.transitions.map { "\($0.from)\($0.to)" } == ["aq"])
        let same = DrawnLog.tables("0 bob web b device=d\n0 abe web a device=d\n5m - web q device=d") {
            $0.journeys = [DrawnLog.journey("z")]
        }
        #expect(same.transitions.map { "\($0.from)\($0.to)" } == ["aq"])
    }

    @Test func trustDecidesBeforeTime() {
        // The e-mail is ann's, the device bob's.
        let tables = DrawnLog.tables("0 ann web a email=m\n0 bob web b device=d\n1m - web q device=d email=m") {
            $0.journeys = [DrawnLog.journey("z")]
        }
        #expect(tables.transitions.map { "\($0.from)\($0.to)" } == ["aq"])
    }

    @Test func groupsLinkTransitively() {
        // e2 - d2 - e1 - d1 - ann
        #expect(
            customers(
                """
                0 ann web x device=d1
                1m - web x email=e1 device=d1
                2m - web x email=e1 device=d2
                3m - web x email=e2 device=d2
                4m - web x email=e2
                """
            ) == 1)
    }

    @Test func aGroupThatReachesTwoCustomersIsRefused() {
        // d3 hangs on both e1 (ann) and e2 (bob): an anonymous third person.
        #expect(
            customers(
                """
                0 ann web x email=e1
                0 bob web x email=e2
                1m - web x email=e1 device=d3
                1m - web x email=e2 device=d3
                2m - web x device=d3
                """
            ) == 3)
    }

    @Test func groupsWithoutACustomerAreAnonymousPersons() {
        #expect(customers("0 - web x device=d1\n0 - web x device=d2\n0 - web x device=d2 email=m\n0 - web x email=m") == 2)
    }

    @Test func aLinkingIDOfTooManyCustomersLinksNothing() {
        let drawing = "0 a web x device=d\n0 b web x device=d\n0 c web x device=d\n1m - web x device=d\n1m - web x device=d email=m"
        let tables = DrawnLog.tables(drawing) { $0.identity.maxKnown = 2 }
        #expect(tables.ledger.filtered == 1)
        #expect(tables.sessions[0].customers == 4)
        // With exactly max_known it is a shared device.
        #expect(DrawnLog.tables(drawing) { $0.identity.maxKnown = 3 }.sessions[0].customers == 3)
    }

    @Test func blockedValuesAreNoIDs() {
        let drawing = "0 Unknown web x\n0 -- web x\n0 0-0 web x\n0 -1 web x\n0 0 web x\n0 NULL web x account=7\n0 test web x"
        let tables = DrawnLog.tables(drawing) { $0.identity.block = ["test"] }
        #expect(tables.ledger.quarantined == [.missingIdentity: 6])
        #expect(tables.ledger.events == 1)
        #expect(DrawnLog.tables(drawing) { $0.identity.blockDefaults = false }.ledger.events == 7)
    }
}
