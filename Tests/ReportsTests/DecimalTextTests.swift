import Foundation
import Reports
import TestSupport
import Testing

struct DecimalTextTests {
    private func text(_ append: (inout [UInt8]) -> Void) -> String {
        var bytes: [UInt8] = []
        append(&bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    private func ratio(_ value: Double, decimals: Int = 6) -> String { text { DecimalText.append(value, decimals: decimals, to: &$0) } }
    private func seconds(_ value: Int64) -> String { text { DecimalText.appendSeconds(microseconds: value, to: &$0) } }
    private func day(_ value: Int32) -> String { text { DecimalText.append(day: value, to: &$0) } }

    @Test func integers() {
        for value in [0, 1, -1, 9, 10, 99, 1_000_000, Int64.max, Int64.min] {
            #expect(text { DecimalText.append(value, to: &$0) } == String(value))
        }
    }

    @Test func secondsRoundHalfAwayFromZero() {
        let known: [(Int64, String)] = [
            (0, "0.000"), (499, "0.000"), (500, "0.001"), (501, "0.001"), (1499, "0.001"), (1500, "0.002"), (2500, "0.003"),
            (-499, "0.000"), (-500, "-0.001"), (-1500, "-0.002"), (999_499, "0.999"), (999_500, "1.000"), (1_000_000, "1.000"),
            (61_001_000, "61.001"), (86_400_000_000, "86400.000"), (Int64.max, "9223372036854.776"), (Int64.min, "-9223372036854.776"),
        ]
        for (microseconds, expected) in known { #expect(seconds(microseconds) == expected, "\(microseconds) µs") }
    }

    @Test func ratios() {
        let known: [(Double, String)] = [
            (0, "0.000000"), (1, "1.000000"), (0.5, "0.500000"), (1.0 / 3, "0.333333"), (2.0 / 3, "0.666667"), (-0.25, "-0.250000"),
            (0.9999994, "0.999999"), (0.9999996, "1.000000"), (0.0000005, "0.000000"), (0.00000051, "0.000001"),
            // Ties of the exact binary value go to the even digit.
            (0.0078125, "0.007812"), (0.0234375, "0.023438"),
            (123456.789, "123456.789000"), (1e15, "1000000000000000.000000"), (1e18, "1000000000000000000.000000"),
        ]
        for (value, expected) in known { #expect(ratio(value) == expected, "\(value)") }
    }

    @Test func zeroHasNoSign() {
        for value in [-0.0, -1e-9, -4e-7, -.leastNonzeroMagnitude] { #expect(ratio(value) == "0.000000", "\(value)") }
        #expect(ratio(-0.0004, decimals: 3) == "0.000")
    }

    @Test func whatIsNoNumberIsEmpty() {
        for value in [Double.nan, .infinity, -.infinity, .signalingNaN] { #expect(ratio(value) == "") }
    }

    /// C's own formatting is the reference, except for the sign of zero.
    @Test func ratiosAgreeWithTheCLibrary() {
        let seed: UInt64 = 77
        var generator = SeededGenerator(seed: seed)
        for round in 0..<15_000 {
            let value =
                switch round % 3 {
                case 0: Double.random(in: -1...1, using: &generator)
                case 1: Double(Int64.random(in: -5000...5000, using: &generator)) / Double(Int64.random(in: 1...5000, using: &generator))
                default: Double(bitPattern: UInt64.random(in: 0...UInt64.max, using: &generator))
                }
            guard value.isFinite else { continue }
            for decimals in [0, 3, 6] {
                var expected = String(format: "%.\(decimals)f", value)
                if expected.hasPrefix("-"), !expected.contains(where: { "123456789".contains($0) }) { expected.removeFirst() }
                if ratio(value, decimals: decimals) != expected { Issue.record("\(value) with \(decimals) decimals, seed \(seed)") }
            }
        }
    }

    @Test func days() {
        let known: [(Int32, String)] = [
            (0, "1970-01-01"), (-1, "1969-12-31"), (59, "1970-03-01"), (789, "1972-02-29"), (11_016, "2000-02-29"), (11_017, "2000-03-01"),
            (-25_509, "1900-02-28"), (-25_508, "1900-03-01"), (19_782, "2024-02-29"), (20_454, "2026-01-01"), (2_932_896, "9999-12-31"),
            (2_932_897, "10000-01-01"), (-719_162, "0001-01-01"), (-719_163, "0000-12-31"), (-719_528, "0000-01-01"),
            (-719_529, "-0001-12-31"),
            (Int32.max, "5881580-07-11"), (Int32.min, "-5877641-06-23"),
        ]
        for (number, expected) in known { #expect(day(number) == expected, "day \(number)") }
    }

    /// Counts through four centuries, a whole cycle of leap years, day by day.
    @Test func daysAgreeWithACalendarThatCounts() {
        var (year, month, dayOfMonth) = (1600, 1, 1)
        var wrong = 0
        for number in Int32(-135_140)..<10_957 {
            let expected = "\(year)-\(month < 10 ? "0" : "")\(month)-\(dayOfMonth < 10 ? "0" : "")\(dayOfMonth)"
            if day(number) != expected { wrong += 1 }
            let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
            let length = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
            dayOfMonth += 1
            if dayOfMonth > length { (month, dayOfMonth) = (month + 1, 1) }
            if month > 12 { (year, month) = (year + 1, 1) }
        }
        #expect(wrong == 0)
        #expect(year == 2000)
    }
}
