/// The few kinds of choice that random cases are made of.
extension SeededGenerator {
    /// True once in a hundred for each percent.
    public mutating func chance(percent: Int) -> Bool { Int.random(in: 0..<100, using: &self) < percent }

    public mutating func int(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }

    /// `choices` must not be empty.
    public mutating func pick<Choice>(_ choices: [Choice]) -> Choice { choices[Int.random(in: 0..<choices.count, using: &self)] }

    /// Some of the choices, at most `count`, in a random order.
    public mutating func some<Choice>(_ count: Int, of choices: [Choice]) -> [Choice] {
        Array(choices.shuffled(using: &self).prefix(count))
    }
}
