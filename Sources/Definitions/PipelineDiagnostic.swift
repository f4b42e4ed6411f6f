import Events

/// One fault of a pipeline file: where it is, what it is, and how to mend it.
package struct PipelineDiagnostic: Error, Sendable, Equatable, CustomStringConvertible {
    /// As the user named it.
    package var file: String
    /// From 1; 0 where the fault is of the file as a whole, such as one that cannot be opened.
    package var line: Int
    /// From 1, in characters (Unicode scalars); 0 together with the line.
    package var column: Int
    package var message: String

    package init(file: String, line: Int, column: Int, message: String) {
        self.file = file
        self.line = line
        self.column = column
        self.message = message
    }

    /// `file:line:column: message`, the form editors and compilers share.
    package var description: String { line > 0 ? "\(file):\(line):\(column): \(message)" : "\(file): \(message)" }
}

/// Everything that is wrong with a pipeline file, in the order of the file.
package struct PipelineFileError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Never empty.
    package var diagnostics: [PipelineDiagnostic]

    package init(diagnostics: [PipelineDiagnostic]) { self.diagnostics = diagnostics }

    package var description: String { diagnostics.map(\.description).joined(separator: "\n") }
}

/// Collects faults while a file is read. Shared by the readers of one file on one thread, hence a class.
package final class DiagnosticList {
    /// No more are kept: a hostile file must not make its report larger than itself.
    static let diagnosticsMax = 100

    let file: String
    private var diagnostics: [PipelineDiagnostic] = []
    private var isCutShort = false

    init(file: String) { self.file = file }

    var isEmpty: Bool { diagnostics.isEmpty }
    var count: Int { diagnostics.count }

    /// Whether further faults would not be shown; then work that only serves to find or to word them is idle.
    var isFull: Bool { diagnostics.count >= Self.diagnosticsMax }

    func add(_ message: String, line: Int, column: Int) {
        guard !isFull else {
            isCutShort = true
            return
        }
        diagnostics.append(PipelineDiagnostic(file: file, line: line, column: column, message: message))
    }

    func add(_ message: String, at node: YAMLNode) { add(message, line: node.line, column: node.column) }

    /// In the order of the file, faults of the same place in the order in which they were found.
    var sorted: [PipelineDiagnostic] {
        var sorted = diagnostics.enumerated().sorted {
            ($0.element.line, $0.element.column, $0.offset) < ($1.element.line, $1.element.column, $1.offset)
        }.map(\.element)
        if isCutShort, let last = sorted.last {
            let message = "there are more than \(Self.diagnosticsMax) errors; mend these first"
            sorted.append(PipelineDiagnostic(file: file, line: last.line, column: last.column, message: message))
        }
        return sorted
    }

    func nearest(_ name: String, among names: [String]) -> String? { isFull ? nil : NearestName.of(name, among: names) }

    /// Valid names for a message, not too many.
    static func listed(_ names: [String]) -> String {
        names.prefix(namesShownMax).map(excerpt).joined(separator: ", ") + (names.count > namesShownMax ? ", …" : "")
    }

    /// The text as it can be shown inside a message: on one line and not too long.
    package static func excerpt(_ text: String) -> String {
        var shown = ""
        var count = 0
        for scalar in text.unicodeScalars {
            guard count < excerptCharactersMax else { return shown + "…" }
            shown.unicodeScalars.append(scalar.properties.generalCategory == .control ? " " : scalar)
            count += 1
        }
        return shown
    }

    private static let excerptCharactersMax = 60
    private static let namesShownMax = 20
}
