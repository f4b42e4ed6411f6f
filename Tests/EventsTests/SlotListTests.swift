import TestSupport
import Testing

@testable import Events

/// Lists that are made anew for person after person, against arrays.
@Suite struct SlotListTests {
    @Test func likeAnArray() {
        var random = SeededGenerator(seed: 3)
        var list = SlotList<Int>()
        var array: [Int] = []
        for _ in 0..<5000 {
            switch random.int(0...20) {
            case 0:
                list.removeAll()
                array.removeAll()
            case 1:
                let kept = random.int(0...array.count)
                list.shorten(to: kept)
                array.removeLast(array.count - kept)
            case 2:
                let (element, count) = (random.int(0...9), random.int(0...100))
                list.fill(element, count: count)
                array = Array(repeating: element, count: count)
            case 3 where !array.isEmpty:
                let place = random.int(0...array.count - 1)
                list[place] += 1
                array[place] += 1
            default:
                let element = random.int(0...999)
                list.append(element)
                array.append(element)
            }
            let (count, isEmpty, indices, all) = (list.count, list.isEmpty, list.indices, list.all)
            #expect(count == array.count && isEmpty == array.isEmpty && indices == array.indices)
            #expect(all.elementsEqual(array) && all.first == array.first && all.last == array.last)
        }
    }

    @Test func partsKeepTheirPlaces() {
        let list = SlotList(10..<20)
        let part = list.all[2..<6]
        defer { withExtendedLifetime(list) { _ in } }
        #expect(part.indices == 2..<6 && Array(part) == [12, 13, 14, 15] && part[3] == 13)
        #expect(Array(part[4...]) == [14, 15] && Array(part.dropFirst()) == [13, 14, 15] && part[2..<2].isEmpty)
        #expect(SlotRange<Int>.none.isEmpty && SlotRange<Int>.none.first == nil)
    }

    @Test func movingOverItself() {
        let slots = Slots([0, 1, 2, 3, 4, 5, 6, 7])
        defer { slots.release() }
        slots.move(3..<7, to: 1)
        #expect(Array(slots.range(0..<8)) == [0, 3, 4, 5, 6, 5, 6, 7])
        slots.move(0..<5, to: 2)
        #expect(Array(slots.range(0..<8)) == [0, 3, 0, 3, 4, 5, 6, 7])
        slots.move(4..<4, to: 8)
        #expect(Array(slots.range(0..<8)) == [0, 3, 0, 3, 4, 5, 6, 7])
    }

    @Test func heldObjectsLiveAsLongAsTheList() {
        final class Number {
            let number: Int
            init(_ number: Int) { self.number = number }
        }
        let held = HeldObjects((0..<100).map { Number($0) })
        let numbers = held.indices.map { held.with($0) { $0.number } }
        #expect(numbers == Array(0..<100))
        let (count, isEmpty) = (held.count, held.isEmpty)
        #expect(count == 100 && !isEmpty)
        let none = HeldObjects<Number>([]).isEmpty
        #expect(none)
    }

    #if DEBUG
        /// What lies outside is told in debug builds, before it is touched.
        @Test func placesOutside() async {
            await #expect(processExitsWith: .failure) { _ = SlotList([1, 2])[2] }
            await #expect(processExitsWith: .failure) {
                var list = SlotList([1, 2])
                list.shorten(to: 3)
            }
            await #expect(processExitsWith: .failure) {
                let list = SlotList([1, 2, 3])
                _ = list.all[1..<2][2]
            }
            await #expect(processExitsWith: .failure) {
                let list = SlotList([1, 2, 3])
                _ = list.all[1..<2][0..<2]
            }
            await #expect(processExitsWith: .failure) { Slots([1, 2, 3]).move(1..<3, to: 2) }
        }
    #endif
}
