import Reports

/// What is true of a retail log, counted while its lines are written and never by reading them. All of it is
/// about lines that are in the log: what was planned for later than its end is not counted.
struct RetailTruth {
    private let people: UInt32
    /// For each person, bits: seen in a usable line, seen with the customer number.
    private var seen: [UInt8]
    /// For each household, a bit for each member seen with their customer number on the shared computer.
    private var households: [UInt8]
    private var placeholders: [PlaceholderTally]

    private var usable = [Int](repeating: 0, count: Source.allCases.count)
    private var copies = [Int](repeating: 0, count: Source.allCases.count)
    private var faults = [[Int]](repeating: [Int](repeating: 0, count: Fault.allCases.count), count: Source.allCases.count)
    private var channels = [Int](repeating: 0, count: Channel.allCases.count)
    private var firstTime = Int64.max
    /// As-of, when the log ends here.
    private(set) var lastTime = Int64.min

    private var ordersConfirmed = 0
    private var ordersByPhone = 0
    private var paymentErrors = 0
    private var paymentStalls = 0
    private var phoneCalls = 0
    private var resolved = 0
    private var accountsRegistered = 0

    /// One of the ids that many people share, with the first customers seen on it and the lines that show nothing else.
    private struct PlaceholderTally {
        var customers: [UInt32] = []
        var loneEvents = 0
    }

    /// More known ids than this on one linking id make it a placeholder: the default of a pipeline.
    private static let maxKnown = 5

    init(people: UInt32) {
        self.people = people
        seen = Array(repeating: 0, count: Int(people))
        households = Array(repeating: 0, count: Int(people / Person.peoplePerHousehold) + 1)
        placeholders = Array(repeating: PlaceholderTally(), count: 1 + Int(Person.tills))
    }

    mutating func count(_ event: RetailEvent) {
        let source = event.channel.source.rawValue
        guard event.fault == .none else {
            faults[source][Int(event.fault.rawValue)] += 1
            return
        }
        // A copy has the same time as its original, which is always written before it.
        guard !event.isCopy else {
            copies[source] += 1
            return
        }
        usable[source] += 1
        channels[Int(event.channel.rawValue)] += 1
        firstTime = min(firstTime, event.time)
        lastTime = max(lastTime, event.time)
        countIdentity(event)
        countStory(event)
    }

    private mutating func countIdentity(_ event: RetailEvent) {
        let isKnown = event.shows.contains(.customer)
        seen[Int(event.person)] |= isKnown ? 3 : 1
        if event.device.kind == .householdCookie, isKnown {
            households[Int(event.device.number)] |= 1 << UInt8(event.person % Person.peoplePerHousehold)
        }
        guard event.device.isPlaceholder else { return }
        let place = event.device.kind == .till ? 1 + Int(event.device.number) : 0
        if event.showsOnlyPlaceholder { placeholders[place].loneEvents += 1 }
        if isKnown, placeholders[place].customers.count <= Self.maxKnown, !placeholders[place].customers.contains(event.person) {
            placeholders[place].customers.append(event.person)
        }
    }

    private mutating func countStory(_ event: RetailEvent) {
        if event.touchpoint == .confirmed { ordersConfirmed += 1 }
        if event.touchpoint == .confirmed, event.channel == .phone { ordersByPhone += 1 }
        if event.touchpoint == .payment, event.action == .submit, event.outcome != .ok { paymentErrors += 1 }
        if event.plant == .paymentStall { paymentStalls += 1 }
        if event.touchpoint == .phoneMenu { phoneCalls += 1 }
        if event.outcome == .resolved { resolved += 1 }
        if event.touchpoint == .register, event.outcome == .ok { accountsRegistered += 1 }
    }

    /// The part of `truth.json` that this scenario knows.
    func members(sources: [SourceLog]) -> [(String, JSONValue)] {
        let quarantined = faults.map { $0.reduce(0, +) }
        let filtered = placeholders.map { $0.customers.count > Self.maxKnown ? $0.loneEvents : 0 }.reduce(0, +)
        let reasons = Fault.allCases.dropFirst().map { fault in (fault.reason, faults.map { $0[Int(fault.rawValue)] }.reduce(0, +)) }
        let households = self.households.map(\.nonzeroBitCount)
        let perSource = sources.indices.map { index in
            (sources[index].name, [("lines", sources[index].lines), ("quarantined", quarantined[index]), ("duplicates", copies[index])])
        }
        return [
            (
                "ledger",
                .counts([
                    ("lines", sources.map(\.lines).reduce(0, +)), ("events", usable.reduce(0, +) - filtered),
                    ("quarantined", quarantined.reduce(0, +)), ("duplicates", copies.reduce(0, +)), ("filtered", filtered), ("late", 0),
                ])
            ),
            ("quarantined_by_reason", .counts(reasons.sorted { $0.0 < $1.0 })),
            ("sources", .members(perSource.map { ($0.0, .counts($0.1)) })),
            ("usable_lines_by_channel", .counts(Channel.allCases.map { ("\($0.name)", channels[Int($0.rawValue)]) })),
            ("first_time", .text(firstTime > lastTime ? "" : TimeText.text(firstTime))),
            ("as_of", .text(firstTime > lastTime ? "" : TimeText.text(lastTime))),
            (
                "people",
                .counts([
                    ("simulated", seen.count { $0 != 0 }), ("with_customer_number", seen.count { $0 & 2 != 0 }),
                    ("never_with_customer_number", seen.count { $0 == 1 }),
                ])
            ),
            (
                "devices",
                .counts([
                    ("shared", households.count { $0 > 1 } + placeholders.count { (2...Self.maxKnown).contains($0.customers.count) }),
                    ("placeholders", placeholders.count { $0.customers.count > Self.maxKnown }),
                ])
            ),
            (
                "happened",
                .counts([
                    ("orders_confirmed", ordersConfirmed), ("orders_taken_by_phone", ordersByPhone), ("payments_failed", paymentErrors),
                    ("payment_stalls_planted", paymentStalls), ("phone_calls", phoneCalls), ("questions_resolved", resolved),
                    ("accounts_registered", accountsRegistered),
                ])
            ),
        ]
    }
}
