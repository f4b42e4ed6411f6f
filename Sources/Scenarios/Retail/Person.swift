/// One simulated customer. Everything about them follows from the seed and their number, so a million people
/// take no memory.
struct Person {
    let number: UInt32
    private let seed: UInt64
    private let traits: UInt64

    init(_ number: UInt32, seed: UInt64) {
        self.number = number
        self.seed = seed
        traits = Randoms.mix(seed ^ (UInt64(number) << 8 | 0xA5))
    }

    /// Has an account. The others only ever show a device and, when they order, an e-mail hash; none of them is left
    /// to a shared computer, where the log could not tell them from its owners.
    var isMember: Bool { traits & 0xFF < 150 || sharesComputer }
    var prefersApp: Bool { traits >> 8 & 0xFF < 90 }
    var hasWorkComputer: Bool { traits >> 16 & 0xFF < 64 }
    var usesLoyaltyCard: Bool { isMember && traits >> 24 & 0xFF < 180 }
    /// 0 to 15: which browser, language and town the noise of their lines shows.
    var flavour: Int { Int(traits >> 32 & 15) }
    var shop: UInt32 { UInt32(traits >> 40 & 0xFF) % Self.shops }

    static let shops: UInt32 = 6
    static let tills: UInt32 = 12

    /// Two or three of every 16 people share a computer at home.
    static let peoplePerHousehold: UInt32 = 16
    var household: UInt32 { number / Self.peoplePerHousehold }
    var placeInHousehold: UInt32 { number % Self.peoplePerHousehold }

    var sharesComputer: Bool { placeInHousehold < (Randoms.mix(seed ^ UInt64(household) << 32) & 1 == 0 ? 2 : 3) }

    var browser: Device {
        sharesComputer ? Device(kind: .householdCookie, number: household) : Device(kind: .cookie, number: number)
    }

    var workBrowser: Device { Device(kind: .workCookie, number: number) }

    /// One phone in 50 is of the make that gives every phone the same id.
    var phone: Device {
        traits >> 48 & 0xFF < 5 ? Device(kind: .faultyInstall, number: 0) : Device(kind: .install, number: number)
    }

    /// Beyond 2⁵³: a reader that keeps numbers as floating point takes several customers for one.
    var customerNumber: UInt64 { 9_007_199_254_740_992 + UInt64(number &* 2_654_435_761) }

    /// First half of the e-mail hash; unique, since mixing maps different numbers to different ones.
    var emailHash: (UInt64, UInt64) { (Self.identifier(7, number, seed), Self.identifier(8, number, seed)) }

    /// An identifier's bits, unique among all of one seed for `kind` and `number`.
    static func identifier(_ kind: UInt64, _ number: UInt32, _ seed: UInt64) -> UInt64 {
        Randoms.mix(Randoms.mix(seed) ^ (kind << 40 | UInt64(number)))
    }
}

extension ByteWriter {
    mutating func emailHash(of person: Person) {
        let (first, second) = person.emailHash
        hex(first)
        hex(second)
    }

    /// The device's id as its own source writes it.
    mutating func deviceID(_ device: Device, seed: UInt64) {
        let bits = Person.identifier(UInt64(device.kind.rawValue), device.number, seed)
        switch device.kind {
        case .none: text("none")
        case .cookie, .workCookie, .householdCookie:
            text("ck_")
            hex(bits)
        case .install:
            hex(bits, width: 8, upperCase: true)
            byte(UInt8(ascii: "-"))
            hex(bits << 32, width: 4, upperCase: true)
            text("-4")
            hex(bits << 48, width: 3, upperCase: true)
            byte(UInt8(ascii: "-"))
            // With this digit all 64 bits are in the id, so no two ids are equal; the rest only looks the part.
            hex(bits << 60, width: 1, upperCase: true)
            hex(Randoms.mix(bits), width: 3, upperCase: true)
            byte(UInt8(ascii: "-"))
            hex(Randoms.mix(bits) << 12, width: 12, upperCase: true)
        case .faultyInstall: text("9774d56d682e549c")
        case .till:
            text("till-")
            digits(UInt64(device.number), width: 2)
        }
    }
}
