import Foundation

/// What of a log may be shown. A draft is mailed and committed, and its findings stand in a terminal: neither is a place for what
/// tells who somebody is, or opens something.
enum Secrets {
    private static let hiddenWords: Set<String> = [
        "password", "passwd", "pwd", "passphrase", "secret", "token", "jwt", "auth", "authorization", "bearer", "apikey", "api", "key",
        "cookie", "csrf", "ssn", "iban", "bic", "card", "pan", "cvv", "cvc", "pin", "otp", "mail", "email", "phone", "mobile", "msisdn",
        "tel", "telephone", "fax", "ip", "address", "street", "zip", "postcode", "birth", "birthday", "dob", "firstname", "lastname",
        "surname", "fullname", "signature", "credential", "credentials", "lat", "lon", "latitude", "longitude", "body", "comment",
        "subject",
        "ani", "passport",
    ]
    /// Whose `name` is one of somebody, and not of a page or an event.
    private static let people: Set<String> = [
        "first", "last", "full", "given", "family", "nick", "maiden", "display", "user", "customer", "contact", "person", "member",
        "patient",
        "employee", "agent", "assignee", "author", "requester", "caller", "owner", "client", "account", "recipient", "sender", "holder",
    ]

    /// Whether a field's name says that its values are nobody's business.
    static func hides(_ words: NameWords) -> Bool {
        words.endsWith(hiddenWords) || words.last.last == "name" && words.has(people)
    }

    /// Whether a text looks like something that must not be shown.
    static func isSecret(_ text: String) -> Bool { kind(of: text) != nil }

    /// What it is, in words; nil for what may be shown.
    static func kind(of text: String) -> String? {
        let bytes = Array(text.utf8.prefix(4096))
        if text.contains("@"), text.firstMatch(of: /[^\s@]@[^\s@]+\.[A-Za-z]/) != nil { return "e-mail address" }
        if text.hasPrefix("eyJ") || text.contains(".eyJ") { return "token" }
        if text.lowercased().hasPrefix("bearer ") || text.lowercased().hasPrefix("basic ") { return "token" }
        if text.contains("-----BEGIN") { return "key" }
        if text.firstMatch(of: /(^|[^0-9.])[0-9]{1,3}(\.[0-9]{1,3}){3}([^0-9.]|$)/) != nil { return "IP address" }
        for run in bytes.split(whereSeparator: { !isDigit($0) && $0 != 32 && $0 != 45 }) {
            let digits = run.filter(isDigit)
            if (13...19).contains(digits.count), passesLuhn(digits), run.first.map(isDigit) == true { return "card number" }
        }
        if text.hasPrefix("+"), (7...15).contains(bytes.count(where: isDigit)),
            bytes.dropFirst().allSatisfy({ isDigit($0) || [32, 45, 40, 41, 47].contains($0) })
        {
            return "telephone number"
        }
        if text.firstMatch(of: /^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$/) != nil { return "IBAN" }
        for run in bytes.split(whereSeparator: { !isAlphanumeric($0) }) {
            if run.count >= 16, run.allSatisfy(isHex), run.contains(where: isDigit), run.contains(where: isLetter) {
                return "long hexadecimal number"
            }
            if run.count >= 20, isRandom(run) { return "token" }
        }
        // Groups of hexadecimal digits, as a UUID has them.
        if text.firstMatch(of: /[0-9A-Fa-f]{8}-([0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}/) != nil { return "UUID" }
        return nil
    }

    /// A value as it may be shown: what it is, or its beginning.
    static func shown(_ text: String, hides: Bool) -> String {
        if hides { return "(hidden)" }
        if let kind = kind(of: text) { return "(\(kind))" }
        let bare = text.contains("://") || text.hasPrefix("/") ? String(text.prefix { $0 != "?" && $0 != "#" }) : text
        return YAMLText.line(bare, max: 28)
    }

    /// An id without what tells whose it is: letters as `a`, digits as `9`.
    static func shape(_ text: String) -> String {
        let signs = text.unicodeScalars.prefix(24).map { scalar -> Character in
            if ("0"..."9").contains(scalar) { return "9" }
            return scalar.isASCII && !scalar.properties.isAlphabetic && scalar.value > 32 && scalar.value < 127 ? Character(scalar) : "a"
        }
        return String(signs) + (text.unicodeScalars.count > 24 ? "…" : "")
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte &- 48 < 10 }
    private static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 97 < 26 }
    private static func isAlphanumeric(_ byte: UInt8) -> Bool { isDigit(byte) || isLetter(byte) || byte == 95 }
    private static func isHex(_ byte: UInt8) -> Bool { isDigit(byte) || (byte | 0x20) &- 97 < 6 }

    /// Letters of both cases and digits in one run, as no word has them.
    private static func isRandom(_ run: ArraySlice<UInt8>) -> Bool {
        let digits = run.count(where: isDigit)
        let changes = zip(run, run.dropFirst()).count { isDigit($0) != isDigit($1) }
        return digits >= 2 && digits < run.count && changes >= 4
    }

    private static func passesLuhn(_ digits: [UInt8]) -> Bool {
        let sum = digits.reversed().enumerated().reduce(0) { sum, item in
            let digit = Int(item.element - 48) * (item.offset % 2 == 1 ? 2 : 1)
            return sum + (digit > 9 ? digit - 9 : digit)
        }
        return sum % 10 == 0
    }
}
