/// Lines broken for a terminal.
enum WrappedText {
    /// Broken at blanks where a terminal is narrower; what goes on stands a little to the right.
    /// - Parameter width: of the terminal; nil: there is none, and nothing is broken.
    static func lines(_ lines: [String], width: Int?) -> [String] {
        guard let width else { return lines }
        return lines.flatMap { line -> [String] in
            guard line.count > width else { return [line] }
            let indent = line.prefix { $0 == " " }.count
            var broken = [String(repeating: " ", count: indent)]
            for word in words(line) {
                let last = broken[broken.count - 1]
                if last.allSatisfy({ $0 == " " }) {
                    broken[broken.count - 1] = last + word
                } else if last.count + 1 + word.count <= width {
                    broken[broken.count - 1] = last + " " + word
                } else {
                    broken.append(String(repeating: " ", count: indent + 2) + word)
                }
            }
            return broken
        }
    }

    /// A number and what it counts stay together.
    private static func words(_ line: String) -> [String] {
        var words: [String] = []
        for word in line.split(separator: " ") {
            if let last = words.last, last.last?.isNumber == true || word.hasPrefix("%") {
                words[words.count - 1] = "\(last) \(word)"
            } else {
                words.append(String(word))
            }
        }
        return words
    }
}
