/// Finds what somebody probably meant by a name that does not exist. Shared by everything that reports an
/// unknown name, so that all of them guess alike.
public enum NearestName {
    /// Longer names are never compared, which bounds the work for hostile input.
    static let nameBytesMax = 64
    /// Further candidates are not looked at.
    static let candidatesMax = 500

    /// The candidate with the smallest edit distance to `name` (insertion, deletion, replacement, swap of two
    /// neighbours; case and `-` against `_` cost nothing), or nil where none is near enough to be helpful:
    /// at most one edit in three characters and never more than three. On a tie the first candidate stands.
    ///
    /// - Complexity: O(n · 64²) for n candidates, of which no more than 500 count.
    public static func of(_ name: String, among candidates: some Sequence<String>) -> String? {
        let wanted = folded(name)
        guard !wanted.isEmpty, wanted.count <= nameBytesMax else { return nil }
        var best: (name: String, distance: Int)?
        for candidate in candidates.prefix(candidatesMax) {
            let other = folded(candidate)
            guard other.count <= nameBytesMax else { continue }
            let limit = max(1, min(3, max(wanted.count, other.count) / 3))
            guard abs(wanted.count - other.count) <= limit else { continue }
            guard let distance = editDistance(wanted, other, limit: limit), 2 * distance < max(wanted.count, other.count) else { continue }
            if best.map({ distance < $0.distance }) ?? true { best = (candidate, distance) }
        }
        return best?.name
    }

    private static func folded(_ name: String) -> [UInt8] {
        name.utf8.map { byte in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
            case UInt8(ascii: "-"): UInt8(ascii: "_")
            default: byte
            }
        }
    }

    /// Optimal string alignment distance over bytes, or nil beyond `limit`. Three rows are enough because a swap
    /// looks two rows back.
    private static func editDistance(_ left: [UInt8], _ right: [UInt8], limit: Int) -> Int? {
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for row in 0..<left.count {
            var current = [row + 1]
            current.reserveCapacity(right.count + 1)
            for column in 0..<right.count {
                var cost = min(last[column + 1] + 1, current[column] + 1)
                cost = min(cost, last[column] + (left[row] == right[column] ? 0 : 1))
                if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                    cost = min(cost, beforeLast[column - 1] + 1)
                }
                current.append(cost)
            }
            // Two rows above the limit can never lead back below it.
            if let least = current.min(), least > limit, last.min() ?? 0 > limit { return nil }
            beforeLast = last
            last = current
        }
        return last[right.count] <= limit ? last[right.count] : nil
    }
}
