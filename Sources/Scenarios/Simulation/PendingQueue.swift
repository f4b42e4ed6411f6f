/// What is planned but not yet in the log, by the time it is delivered. Planning runs ahead of writing by days at
/// most, so memory follows the traffic of some days, never the length of the log. Used by one thread.
final class PendingQueue<Element> {
    /// How far ahead of the clock anything may be planned.
    static var maxAheadDays: Int64 { 90 }
    static var maxAheadMicroseconds: Int64 { maxAheadDays * 86_400_000_000 }
    private static var bucketMicroseconds: Int64 { 900_000_000 }

    private struct Entry {
        /// Microseconds since 1970.
        let delivered: Int64
        /// Order of planning; no two entries share it, so sorting has one result.
        let number: Int
        let element: Element
    }

    /// A ring: bucket b holds what is delivered in the quarter hours b, b + ring length …
    private var buckets: [[Entry]]
    private var firstBucket: Int64
    private var planned = 0
    private(set) var count = 0

    init(startingAt start: Int64) {
        buckets = Array(repeating: [], count: Int(Self.maxAheadMicroseconds / Self.bucketMicroseconds))
        firstBucket = start / Self.bucketMicroseconds
    }

    func add(_ element: Element, delivered: Int64) {
        let bucket = max(delivered / Self.bucketMicroseconds, firstBucket)
        precondition(bucket < firstBucket + Int64(buckets.count), "planned more than \(Self.maxAheadDays) days ahead")
        buckets[Int(bucket % Int64(buckets.count))].append(Entry(delivered: delivered, number: planned, element: element))
        planned += 1
        count += 1
    }

    /// Takes out, in order of delivery, what is delivered before `time`; stops when `body` returns false.
    func deliver<Failure: Error>(before time: Int64, _ body: (Element, Int64) throws(Failure) -> Bool) throws(Failure) {
        while (firstBucket + 1) * Self.bucketMicroseconds <= time {
            let place = Int(firstBucket % Int64(buckets.count))
            var entries: [Entry] = []
            swap(&entries, &buckets[place])
            firstBucket += 1
            count -= entries.count
            for index in Self.order(entries) where try !body(entries[index].element, entries[index].delivered) { return }
        }
    }

    /// Sorts small keys rather than the entries themselves.
    private static func order(_ entries: [Entry]) -> [Int] {
        entries.indices.map { (entries[$0].delivered, entries[$0].number, $0) }.sorted { $0.0 != $1.0 ? $0.0 < $1.0 : $0.1 < $1.1 }.map(\.2)
    }
}
