/// Disjoint groups of numbers 0..<count, with path halving and union by smaller root: near O(1) a step.
package struct UnionFind: Sendable {
    private var parent: [UInt32]

    package init(count: Int) { parent = (0..<UInt32(count)).map { $0 } }

    package mutating func root(_ number: UInt32) -> UInt32 {
        var number = number
        while parent[Int(number)] != number {
            parent[Int(number)] = parent[Int(parent[Int(number)])]
            number = parent[Int(number)]
        }
        return number
    }

    package mutating func join(_ left: UInt32, _ right: UInt32) {
        let (one, other) = (root(left), root(right))
        if one < other { parent[Int(other)] = one } else { parent[Int(one)] = other }
    }
}
