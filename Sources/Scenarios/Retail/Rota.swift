/// Who comes when. Everybody comes once before anybody comes again, so that what one person does lies weeks apart,
/// and so does what the members of a household do: nobody's story runs into another one of their own or is mixed with
/// that of somebody on the same computer. Computed, not stored.
struct Rota {
    let people: UInt32
    private let households: UInt32

    /// At least `people` people, in whole households.
    init(people: UInt64) {
        households = UInt32(clamping: people.clamped(to: 1...1 << 26) / UInt64(Person.peoplePerHousehold) + 1)
        self.people = households * Person.peoplePerHousehold
    }

    /// The number of the person who is the `arrival`-th to begin something.
    func person(arrival: UInt64) -> UInt32 {
        let turn = UInt32(arrival % UInt64(people))
        let household = turn % households
        // Households begin at different members; otherwise all shared computers would be busy in the same days.
        let place = (turn / households + household) % Person.peoplePerHousehold
        return household * Person.peoplePerHousehold + Self.order[Int(place)]
    }

    /// Those who may share a computer, 0 to 2, as far apart as 16 places allow.
    private static let order: [UInt32] = [0, 3, 4, 5, 6, 1, 7, 8, 9, 10, 2, 11, 12, 13, 14, 15]
}

extension Comparable {
    fileprivate func clamped(to range: ClosedRange<Self>) -> Self { min(max(self, range.lowerBound), range.upperBound) }
}
