import Expressions
import Synchronization

/// Says what is wrong with a `matches` pattern by asking the engine that will run it. One object checks one pipeline file: the
/// engine bounds the size of a pattern, this that of all of them, as a few characters such as `\pL{200}` become many steps.
final class PatternCheck: Sendable {
    /// Of all patterns of a file, in steps of the engine, about 16 bytes each.
    static let stepsMax = 1_000_000
    /// What even the smallest pattern counts for: its caches are not free either.
    private static let stepsMin = 500

    private let steps = Mutex(0)

    @Sendable func fault(_ pattern: String) -> String? {
        do {
            let steps = max(try RegularExpression(pattern).steps, Self.stepsMin)
            let all = self.steps.withLock {
                $0 += steps
                return $0
            }
            return all <= Self.stepsMax
                ? nil : "with it the patterns of this file are too large together; write fewer, or with smaller counts"
        } catch {
            return error.reason
        }
    }
}
