import Events

/// What is known of a list of expressions from an event's kind alone, as bits in words: which certainly hold, and
/// which may. Most of what rules ask is answered here, by one look-up for all of them together.
final class KindBits {
    let wordCount: Int
    private let certain: Slots<UInt64>
    private let possible: Slots<UInt64>

    /// - Parameter places: of each expression's bit, counted over all words.
    init(_ predicates: [Predicate], places: [Int], kindCount: Int) {
        wordCount = (places.max() ?? 0) / 64 + 1
        certain = Slots(repeating: 0, count: kindCount * wordCount)
        possible = Slots(repeating: 0, count: kindCount * wordCount)
        for (predicate, place) in zip(predicates, places) {
            predicate.forEachKind(predicate.outlook) { kind, outlook in
                let word = kind * wordCount + place / 64
                if outlook.canHold { possible[word] |= 1 << UInt64(place % 64) }
                if !outlook.canFail { certain[word] |= 1 << UInt64(place % 64) }
            }
        }
    }

    deinit {
        certain.release()
        possible.release()
    }

    /// One word of every kind, without a reference count.
    func column(_ word: Int) -> Column { Column(certainWords: certain, possibleWords: possible, word: word, wordCount: wordCount) }

    struct Column {
        fileprivate let certainWords: Slots<UInt64>
        fileprivate let possibleWords: Slots<UInt64>
        fileprivate let word: Int
        fileprivate let wordCount: Int

        @inline(__always) func certain(_ kind: Int) -> UInt64 { certainWords[kind * wordCount + word] }
        @inline(__always) func possible(_ kind: Int) -> UInt64 { possibleWords[kind * wordCount + word] }
    }
}
