/// A share that is compared: which table has it, what it is a share of, and by what it is told apart. Counts are sums over days, so
/// that those of a period are the sums of its days'; how many different persons there were is none, and is not compared.
package enum FigureKind: String, CaseIterable, Sendable {
    case conversion
    case stepLoss = "step_loss"
    case stall
    case friction
    case repeatContact = "repeat_contact"
    case answer

    var table: String {
        switch self {
        case .conversion: "journeys"
        case .stepLoss: "funnel"
        case .stall: "stalls"
        case .friction: "frictions"
        case .repeatContact: "contacts"
        case .answer: "responses"
        }
    }

    var part: String {
        switch self {
        case .conversion: "converted"
        case .stepLoss: "lost"
        case .stall: "stalled"
        case .friction: "journeys"
        case .repeatContact: "repeated"
        case .answer: "within_sla"
        }
    }

    /// The column that counts the whole; nil: it stands in journeys, as `started` of the type.
    var whole: String? {
        switch self {
        case .conversion, .stepLoss: "mature"
        case .stall, .repeatContact, .answer: "judged"
        case .friction: nil
        }
    }

    /// The column with the name within a journey type; nil: the type is all.
    var name: String? {
        switch self {
        case .conversion: nil
        case .stepLoss, .stall: "step"
        case .friction: "friction"
        case .repeatContact, .answer: "channel"
        }
    }

    /// What the share is, for people.
    package var words: String {
        switch self {
        case .conversion: "conversion"
        case .stepLoss: "lost at step"
        case .stall: "stalled"
        case .friction: "friction"
        case .repeatContact: "came back"
        case .answer: "answered in time"
        }
    }

    package var meaning: String {
        switch self {
        case .conversion: "converted of mature journeys (journeys.csv)"
        case .stepLoss:
            "of the mature journeys that reached the step, those that were lost there, without days of which mature journeys are still open: who will be lost takes longest (funnel by day)"
        case .stall: "stalled of judged visits to the step (stalls.csv)"
        case .friction: "journeys with the friction, of all that were started (frictions.csv)"
        case .repeatContact: "contacts that were followed by another within the window, of judged ones (contacts.csv)"
        case .answer: "waits that were answered within the channel's time, of judged ones (responses.csv)"
        }
    }

    /// `3 conversions`
    package func counted(_ number: Int) -> String {
        let (one, many) =
            switch self {
            case .conversion: ("conversion", "conversions")
            case .stepLoss: ("loss at a step", "losses at steps")
            case .stall: ("stall rate", "stall rates")
            case .friction: ("friction", "frictions")
            case .repeatContact: ("share of repeated contacts", "shares of repeated contacts")
            case .answer: ("share of answers in time", "shares of answers in time")
            }
        return "\(number) \(number == 1 ? one : many)"
    }

    /// Whether more of it is what one wants.
    package var isBetterHigher: Bool { self == .conversion || self == .answer }

    /// Where figures come from.
    static let tables = Set(allCases.map(\.table)).sorted()
}
