import Events
import Foundation

/// Which keys the first records of a file have where a path of the pipeline finds none: for naming the one that was probably
/// meant. Only looked at when something is wrong, so trees of Foundation will do.
package struct KeySurvey {
    private let lines: [Any]
    private let each: [RecordPath]

    /// More would find hardly another key; such trees are dear, and a field that no line has is nothing rare.
    private static let linesMax = 500

    /// Reads the first lines; what is no JSON among them is passed over. Throws `IngestError`.
    package init(path: String, each: [RecordPath], maxLineBytes: Int) throws {
        self.each = each
        let sample = try LineSample(path: path, maxLineBytes: maxLineBytes)
        try sample.read()
        lines = sample.lines.prefix(Self.linesMax).compactMap { try? JSONSerialization.jsonObject(with: Data($0)) }
    }

    /// The path up to its first key that no record has, with the nearest one that some record has there instead; nil where all
    /// its keys are there, or none is near.
    package func nearest(to path: RecordPath) -> String? {
        var objects = records(path.level ?? each.count)
        for (place, token) in path.path.tokens.enumerated() {
            let below = objects.flatMap { Self.below($0, token, isPointer: path.path.isPointer) }
            if below.isEmpty {
                let keys = objects.reduce(into: Set<String>()) { $0.formUnion(($1 as? [String: Any] ?? [:]).keys) }
                guard let near = NearestName.of(token, among: keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }) else {
                    return nil
                }
                var meant = path
                meant.path.tokens = path.path.tokens[..<place] + [near]
                return meant.text
            }
            objects = below
        }
        return nil
    }

    /// The elements that are records of the n-th array; the lines for 0.
    private func records(_ level: Int) -> [Any] {
        var levels = [lines]
        for (place, array) in each.prefix(level).enumerated() {
            var objects = levels[min(array.level ?? place, place)]
            for token in array.path.tokens { objects = objects.flatMap { Self.below($0, token, isPointer: array.path.isPointer) } }
            levels.append(objects.flatMap { $0 as? [Any] ?? [] }.filter { $0 is [String: Any] })
        }
        return levels[levels.count - 1]
    }

    private static func below(_ value: Any, _ token: String, isPointer: Bool) -> [Any] {
        if let object = value as? [String: Any] { return object[token].map { [$0] } ?? [] }
        guard isPointer, let array = value as? [Any], let place = FieldPath.place(token), place < array.count else { return [] }
        return [array[place]]
    }
}
