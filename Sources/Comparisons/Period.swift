import Events
import Reports

/// Days from one to another, both among them, in the pipeline's time zone.
package struct Period: Sendable, Equatable, CustomStringConvertible {
    /// Days since 1970-01-01.
    package let first: Int64
    package let last: Int64

    package init(first: Int64, last: Int64) { (self.first, self.last) = (first, max(first, last)) }

    /// `2026-03-01..2026-03-31`. Throws `ComparisonError.usage` where the text is nothing like it, a day does not exist, or the period
    /// ends before it begins.
    package init(_ text: String, option: String) throws {
        func wrong(_ reason: String) -> ComparisonError {
            .usage("\(option) \(text): \(reason); give a period as its first and last day, e.g. 2026-03-01..2026-03-31")
        }
        let parts = text.split(separator: "..", omittingEmptySubsequences: false)
        guard parts.count == 2 else { throw wrong("this is no period") }
        guard let first = Self.day(parts[0]) else { throw wrong("`\(parts[0])` is no day") }
        guard let last = Self.day(parts[1]) else { throw wrong("`\(parts[1])` is no day") }
        guard first <= last else { throw wrong("it ends before it begins") }
        self.init(first: first, last: last)
    }

    /// `YYYY-MM-DD`, a day that there is.
    static func day(_ text: some StringProtocol) -> Int64? {
        let bytes = Array(text.utf8)
        guard bytes.count == 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-") else { return nil }
        func number(_ range: Range<Int>) -> Int? {
            bytes[range].allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
                ? bytes[range].reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) } : nil
        }
        guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10), (1...12).contains(month),
            (1...CivilDate.daysInMonth(year: year, month: month)).contains(day)
        else { return nil }
        return CivilDate.days(year: year, month: month, day: day)
    }

    package static func text(ofDay day: Int64) -> String {
        var bytes: [UInt8] = []
        DecimalText.append(day: Int32(clamping: day), to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    package var firstDay: String { Self.text(ofDay: first) }
    package var lastDay: String { Self.text(ofDay: last) }
    package var days: Int64 { last - first + 1 }
    package var description: String { "\(firstDay) to \(lastDay)" }

    /// The days that both have; nil: none.
    package func shared(with other: Period) -> Period? {
        let (from, to) = (max(first, other.first), min(last, other.last))
        return from <= to ? Period(first: from, last: to) : nil
    }

    /// Whether every day of the other is one of this.
    package func holds(_ other: Period) -> Bool { first <= other.first && other.last <= last }
}

/// Why nothing could be compared.
package enum ComparisonError: Error, Equatable, CustomStringConvertible {
    /// Something else has to be asked for.
    case usage(String)

    package var description: String {
        switch self {
        case .usage(let words): words
        }
    }
}
