// The words of the shop's log. Every channel uses the same ones, so that one pipeline can speak of them.

enum Touchpoint: UInt8 {
    case home, search, product, cart, address, payment, confirmed
    case account, login, orderStatus, help, helpArticle
    case register, verify, profile, welcome
    case chatForm, chatBot, chatAgent, phoneMenu, phoneQueue, phoneAgent
    case mailNewsletter, mailReminder, mailConfirmation, mailShipping, mailDelay, mailVerify, mailOffer
    case surveyEffort, surveyRecommend
    case storeAdvice, storeTill, storePickup

    var name: StaticString {
        switch self {
        case .home: "home"
        case .search: "search"
        case .product: "product"
        case .cart: "cart"
        case .address: "checkout/address"
        case .payment: "checkout/payment"
        case .confirmed: "order/confirmed"
        case .account: "account"
        case .login: "login"
        case .orderStatus: "order/status"
        case .help: "help"
        case .helpArticle: "help/article"
        case .register: "register"
        case .verify: "register/verify"
        case .profile: "profile"
        case .welcome: "welcome"
        case .chatForm: "chat/form"
        case .chatBot: "chat/bot"
        case .chatAgent: "chat/agent"
        case .phoneMenu: "phone/menu"
        case .phoneQueue: "phone/queue"
        case .phoneAgent: "phone/agent"
        case .mailNewsletter: "mail/newsletter"
        case .mailReminder: "mail/cart-reminder"
        case .mailConfirmation: "mail/order-confirmation"
        case .mailShipping: "mail/shipping"
        case .mailDelay: "mail/delay"
        case .mailVerify: "mail/verify"
        case .mailOffer: "mail/offer"
        case .surveyEffort: "survey/effort"
        case .surveyRecommend: "survey/recommend"
        case .storeAdvice: "store/advice"
        case .storeTill: "store/till"
        case .storePickup: "store/pickup"
        }
    }
}

enum Action: UInt8 {
    case view, click, search, add, submit, pay, login, cancel, message, call, wait, answer, escalate, hangup, send, open, bounce, rate

    var name: StaticString {
        switch self {
        case .view: "view"
        case .click: "click"
        case .search: "search"
        case .add: "add"
        case .submit: "submit"
        case .pay: "pay"
        case .login: "login"
        case .cancel: "cancel"
        case .message: "message"
        case .call: "call"
        case .wait: "wait"
        case .answer: "answer"
        case .escalate: "escalate"
        case .hangup: "hangup"
        case .send: "send"
        case .open: "open"
        case .bounce: "bounce"
        case .rate: "rate"
        }
    }
}

enum Outcome: UInt8 {
    case none, ok, error, declined, timeout, resolved, unresolved, noResults, notFound, late

    var isError: Bool { self == .error || self == .declined || self == .timeout }

    var name: StaticString {
        switch self {
        case .none: ""
        case .ok: "ok"
        case .error: "error"
        case .declined: "declined"
        case .timeout: "timeout"
        case .resolved: "resolved"
        case .unresolved: "unresolved"
        case .noResults: "no-results"
        case .notFound: "not-found"
        case .late: "late"
        }
    }
}

enum Topic: UInt8 {
    case none, delivery, payment, returns, account, product

    var name: StaticString {
        switch self {
        case .none: ""
        case .delivery: "delivery"
        case .payment: "payment"
        case .returns: "returns"
        case .account: "account"
        case .product: "product"
        }
    }

    /// The team of the contact centre that knows about it.
    var team: Team {
        switch self {
        case .none: .none
        case .delivery, .returns: .logistics
        case .payment: .billing
        case .account: .accounts
        case .product: .advice
        }
    }

    /// What people ask about when nothing has happened to them before.
    static func drawn(_ random: inout Randoms) -> Topic {
        switch random.below(100) {
        case ..<34: .delivery
        case ..<56: .returns
        case ..<74: .payment
        case ..<88: .account
        default: .product
        }
    }
}

/// A team that serves customers, or one that writes to them.
enum Team: UInt8 {
    case none, logistics, billing, accounts, advice, crm, sales

    var name: StaticString {
        switch self {
        case .none: ""
        case .logistics: "logistics"
        case .billing: "billing"
        case .accounts: "accounts"
        case .advice: "advice"
        case .crm: "crm"
        case .sales: "sales"
        }
    }
}

/// What was clicked.
enum Target: UInt8 {
    case none, gallery, size, buy, voucher, next, verifyLink

    var name: StaticString {
        switch self {
        case .none: ""
        case .gallery: "gallery"
        case .size: "size"
        case .buy: "buy"
        case .voucher: "voucher"
        case .next: "next"
        case .verifyLink: "verify-link"
        }
    }
}
