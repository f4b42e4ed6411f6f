import Events

/// One person's events in order, without duplicates. One object is used for person after person.
struct PersonEvents {
    private(set) var times: [EventTime] = []
    private(set) var kinds: [Int] = []
    private(set) var rows: [UnsafeRawPointer] = []
    /// Events left out because their id came before.
    private(set) var duplicates = 0
    var count: Int { times.count }

    private let layout: RowLayout
    private var order: [Place] = []
    private var seen: [Int32] = []

    /// Sorting key of contract 3.1; `position` is the place in the input order.
    private struct Place {
        var time: EventTime
        var sequence: Int64
        var position: Int

        static func precedes(_ left: Place, _ right: Place) -> Bool {
            if left.time != right.time { return left.time < right.time }
            return left.sequence != right.sequence ? left.sequence < right.sequence : left.position < right.position
        }
    }

    init(layout: RowLayout) { self.layout = layout }

    /// Takes in a person's rows, given in input order.
    mutating func load(_ input: UnsafeBufferPointer<UnsafeRawPointer>) {
        times.removeAll(keepingCapacity: true)
        kinds.removeAll(keepingCapacity: true)
        rows.removeAll(keepingCapacity: true)
        order.removeAll(keepingCapacity: true)
        duplicates = 0
        var isSorted = true
        for (position, row) in input.enumerated() {
            let sequence = layout.sequenceOffset.map { row.load(fromByteOffset: $0, as: Int64.self) } ?? 0
            let place = Place(time: row.load(fromByteOffset: RowLayout.timeOffset, as: Int64.self), sequence: sequence, position: position)
            if let last = order.last, Place.precedes(place, last) { isSorted = false }
            order.append(place)
        }
        if !isSorted { order.sort(by: Place.precedes) }
        prepareSeen(input.count)
        for place in order {
            let row = input[place.position]
            if isDuplicate(row) {
                duplicates += 1
                continue
            }
            times.append(place.time)
            kinds.append(Int(row.load(fromByteOffset: RowLayout.kindOffset, as: UInt32.self)))
            rows.append(row)
        }
    }

    /// Room for twice as many ids as rows, so that a search always ends.
    private mutating func prepareSeen(_ count: Int) {
        guard layout.eventIDOffset != nil else { return }
        var size = 16
        while size < count * 2 { size *= 2 }
        seen.removeAll(keepingCapacity: true)
        seen.append(contentsOf: repeatElement(-1, count: size))
    }

    /// Whether an event kept before has the same source and event id, by 128 bits of fingerprint.
    private mutating func isDuplicate(_ row: UnsafeRawPointer) -> Bool {
        guard let offset = layout.eventIDOffset else { return false }
        let id = row.load(fromByteOffset: offset, as: UInt64.self)
        let rest = row.load(fromByteOffset: offset + 8, as: UInt64.self)
        guard id != 0 || rest != 0 else { return false }
        var slot = Int(truncatingIfNeeded: rest) & (seen.count - 1)
        while seen[slot] >= 0 {
            let other = rows[Int(seen[slot])]
            if other.load(fromByteOffset: offset, as: UInt64.self) == id, other.load(fromByteOffset: offset + 8, as: UInt64.self) == rest { return true }
            slot = (slot + 1) & (seen.count - 1)
        }
        seen[slot] = Int32(rows.count)
        return false
    }
}
