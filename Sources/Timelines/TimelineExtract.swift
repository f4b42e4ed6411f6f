/// Which of very many events are drawn: those around the marks, or the first ones.
enum TimelineExtract {
    /// - Parameters:
    ///   - count: of events in all.
    ///   - marked: places that bear a mark, ascending.
    ///   - limit: at least 1.
    /// - Returns: what is drawn, as ascending ranges of places that do not touch.
    static func ranges(count: Int, marked: [Int], limit: Int) -> [Range<Int>] {
        guard count > limit else { return count == 0 ? [] : [0..<count] }
        guard !marked.isEmpty else { return [0..<limit] }
        guard marked.count < limit else { return around(marked.prefix(limit), radius: 0, count: count) }
        // As much around each mark as there is room for.
        var (low, high) = (0, count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if around(marked[...], radius: middle, count: count).reduce(0, { $0 + $1.count }) <= limit {
                low = middle
            } else {
                high = middle
            }
        }
        return around(marked[...], radius: low, count: count)
    }

    private static func around(_ marked: ArraySlice<Int>, radius: Int, count: Int) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        for place in marked {
            let range = max(0, place - radius)..<min(count, place + radius + 1)
            if let last = ranges.last, last.upperBound >= range.lowerBound {
                ranges[ranges.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
            } else {
                ranges.append(range)
            }
        }
        return ranges
    }
}
