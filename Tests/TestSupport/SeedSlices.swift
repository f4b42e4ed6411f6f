import Foundation

/// The seeds of a property test, many to an argument, so that arguments run side by side and each is worth its start.
public enum SeedSlices {
    /// `SOJOURN_SEEDS='2000..<20000'` takes the place of the usual seeds.
    public static func of(_ usual: Range<UInt64>, by count: UInt64) -> [Range<UInt64>] {
        let seeds = ProcessInfo.processInfo.environment["SOJOURN_SEEDS"].flatMap(range) ?? usual
        return stride(from: seeds.lowerBound, to: seeds.upperBound, by: Int(count)).map { $0..<min($0 + count, seeds.upperBound) }
    }

    private static func range(_ text: String) -> Range<UInt64>? {
        let bounds = text.components(separatedBy: "..<").map { UInt64($0) }
        guard bounds.count == 2, let from = bounds[0], let to = bounds[1], from < to else { return nil }
        return from..<to
    }
}
