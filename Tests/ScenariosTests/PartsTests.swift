import Foundation
import TestSupport
import Testing

@testable import Scenarios

/// The parts that the scenarios are made of.
@Suite struct PartsTests {
    @Test func datesAreThoseOfTheCalendar() {
        let format = ISO8601DateFormatter()
        var random = SeededGenerator(seed: 4)
        for _ in 0..<2000 {
            let seconds = Int64.random(in: 0..<4_102_444_800, using: &random)
            #expect(
                TimeText.text(seconds * 1_000_000)
                    == format.string(from: Date(timeIntervalSince1970: Double(seconds))).replacing("Z", with: ".000000Z"))
        }
    }

    @Test func summerTimeBeginsInTheNightOfItsDay() throws {
        let zone = try #require(TimeZone(identifier: "Europe/Berlin"))
        for hour in 0..<24 * 300 {
            let seconds = 1_772_323_200 + Int64(hour) * 3600
            #expect(
                TimeText.centralEuropeanOffset(seconds) == Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(seconds)))))
        }
    }

    @Test(arguments: [0, 9, 10, 4096, 9_007_199_254_740_993, UInt64.max / 10, UInt64.max] as [UInt64])
    func numbersAreWrittenWhole(value: UInt64) {
        var writer = ByteWriter()
        writer.decimal(value)
        #expect(String(decoding: writer.bytes, as: UTF8.self) == String(value))
        writer.removeAll()
        writer.hex(value)
        let digits = String(value, radix: 16)
        #expect(String(decoding: writer.bytes, as: UTF8.self) == String(repeating: "0", count: 16 - digits.count) + digits)
    }

    @Test func spansStayWithinTheirBounds() {
        var random = Randoms(seed: 1, stream: 2)
        let spans = (0..<20_000).map { _ in random.span(median: 1_000_000) }.sorted()
        #expect(spans[0] > 150_000 && spans[19_999] < 6_000_000)
        #expect((950_000...1_050_000).contains(spans[10_000]))
    }

    @Test func whatIsPlannedIsDeliveredInOrder() {
        var random = SeededGenerator(seed: 11)
        let queue = PendingQueue<Int>(startingAt: 0)
        var planned: [(delivered: Int64, number: Int)] = []
        var delivered: [Int] = []
        for hour in 0..<200 as Range<Int64> {
            for _ in 0..<Int.random(in: 0...20, using: &random) {
                // Coarse, so that several fall on the same time.
                let time = hour * 3_600_000_000 + Int64.random(in: 0...500, using: &random) * 100_000_000
                planned.append((time, planned.count))
                queue.add(planned.count - 1, delivered: time)
            }
            queue.deliver(before: (hour + 1) * 3_600_000_000) { (element: Int, _) in
                delivered.append(element)
                return true
            }
        }
        let naive = planned.sorted { ($0.delivered, $0.number) < ($1.delivered, $1.number) }.map(\.number)
        #expect(delivered == Array(naive.prefix(delivered.count)))
        #expect(delivered.count + queue.count == planned.count)
    }

    @Test func arrivalsAddUp() {
        let arrivals = Arrivals(planned: 1234, hourWeights: Array(1...24), dayWeights: [1, 2, 3, 4, 5, 6, 7])
        var next: UInt64 = 0
        for hour in 0..<Arrivals.plannedDays * 24 {
            let numbers = arrivals.numbers(inHour: hour)
            #expect(numbers.lowerBound == next)
            next = numbers.upperBound
        }
        #expect(next == 1234)
        #expect(!arrivals.numbers(inHour: Arrivals.plannedDays * 24 + 20).isEmpty, "they go on after the planned days")
    }

    @Test func aFullDiskIsNamed() throws {
        let file = try FileDescriptor(creating: "/dev/full")
        let error = #expect(throws: GenerateError.self) {
            var writer = ByteWriter()
            writer.byte(10)
            try file.write(writer.bytes)
        }
        #expect(error?.description == "cannot write /dev/full: No space left on device")
    }

    @Test func noTwoPeopleShareAnIdentifier() {
        var numbers: Set<UInt64> = []
        var devices: Set<String> = []
        var own = 0
        for number in 0..<5000 as Range<UInt32> {
            let person = Person(number, seed: 42)
            numbers.insert(person.customerNumber)
            for device in [person.browser, person.workBrowser, person.phone] where !device.isPlaceholder && device.kind != .householdCookie
            {
                var writer = ByteWriter()
                writer.deviceID(device, seed: 42)
                devices.insert(String(decoding: writer.bytes, as: UTF8.self))
                own += 1
            }
        }
        #expect(numbers.count == 5000)
        #expect(devices.count == own)
    }
}
