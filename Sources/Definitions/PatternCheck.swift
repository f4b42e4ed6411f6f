import Journeys

/// Says what is wrong with a `matches` pattern by asking the engine that will run it.
enum PatternCheck {
    @Sendable static func fault(_ pattern: String) -> String? {
        do {
            _ = try RegularExpression(pattern)
            return nil
        } catch {
            return error.reason
        }
    }
}
