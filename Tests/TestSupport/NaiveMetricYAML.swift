extension NaivePipeline {
    /// What is measured, as the lines of a pipeline file.
    var metricLines: [String] {
        var lines: [String] = []
        if !surveys.isEmpty { lines.append("surveys:") }
        for survey in surveys {
            let scale =
                survey.kind == .mean
                ? ", scale: [\(Self.decimal(survey.scale.lowerBound)), \(Self.decimal(survey.scale.upperBound))]" : ""
            lines.append(
                "  \(Self.quoted(survey.name)): {where: \(Self.quoted(survey.condition)), kind: \(survey.kind.rawValue)\(scale)}")
        }
        if let effort {
            let weights = NaiveEffortPart.allCases.compactMap { part in
                effort.weights[part].map { "\(part.rawValue): \(Self.decimal($0))" }
            }
            lines.append("effort: {\(weights.joined(separator: ", "))}")
        }
        if !terms.isEmpty { lines.append("terms:") }
        for term in terms {
            let name = term.givenName.map { "name: \(Self.quoted($0)), " } ?? ""
            let within = term.within == NaiveDuration.microseconds("7d") ? "" : ", within: \(NaiveDuration.text(term.within))"
            lines.append("  - {\(name)item: \(Self.quoted(term.item)), value: \(Self.quoted(term.value))\(within)}")
        }
        if !botTouchpoints.isEmpty { lines.append("touchpoints:") }
        for touchpoint in botTouchpoints { lines.append("  \(Self.quoted(touchpoint)): {bot: true}") }
        return lines
    }

    /// Thousandths as a number with no more decimals than it needs.
    private static func decimal(_ thousandths: Int) -> String {
        let (whole, rest) = abs(thousandths).quotientAndRemainder(dividingBy: 1000)
        var text = "\(thousandths < 0 ? "-" : "")\(whole)"
        if rest > 0 { text += ".\(String(rest + 1000).dropFirst())" }
        while rest > 0, text.last == "0" { text.removeLast() }
        return text
    }
}
