/// Lists of a person's events ascend, so places in them are found by halving.
extension ArraySlice<Int32> {
    /// Where the first event stands that comes after `event`; the end of the list if there is none. O(log n).
    func firstPlace(after event: Int32) -> Int {
        var (low, high) = (startIndex, endIndex)
        while low < high {
            let middle = (low + high) / 2
            if self[middle] <= event { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Whether the event is one of the list. O(log n).
    func containsAscending(_ event: Int32) -> Bool {
        let place = firstPlace(after: event)
        return place > startIndex && self[place - 1] == event
    }
}
