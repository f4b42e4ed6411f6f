import Definitions
import Events
import Foundation
import Ingest
import TestSupport

@testable import Drafts

/// A log in a folder of its own, its draft, and what the program reads of that.
struct DraftedLog {
    let folder: ScratchFolder
    let draft: Draft
    let definition: PipelineDefinition

    /// - Parameter files: by name, as lines.
    init(_ files: [(name: String, lines: [String])]) throws {
        let folder = try ScratchFolder()
        self.folder = folder
        for (name, lines) in files { try folder.write(lines.map { $0 + "\n" }.joined(), to: name) }
        draft = try Draft(inputs: files.map { folder.path($0.name) }, path: folder.path("draft.yaml"))
        definition = try PipelineReader.read(text: Array(draft.text.utf8), name: "draft.yaml")
    }

    init(_ lines: [String]) throws { try self.init([("log.ndjson", lines)]) }

    var mapping: SourceDefinition.Mapping { definition.sources[0].mappings[0] }

    /// The path of a field that is one; what the file says of a form.
    func path(_ field: SourceField) -> String? { mapping.fields[field].map(Self.text) }

    /// By type of id.
    var ids: [String: String] {
        Dictionary(uniqueKeysWithValues: mapping.identifiers.map { ($0.type, $0.forms.map(Self.text).joined(separator: " ")) })
    }

    private static func text(_ form: FieldForm) -> String {
        switch form.origin {
        case .path(let path): path.text
        case .first(let forms): forms.map(text).joined(separator: "|")
        case .constant(let constant): "=" + constant.text
        case .join, .element, .embedded: "?"
        }
    }

    /// Goal of the first journey.
    var goal: String? { definition.journeys.first?.goal?.source }
    var start: String? { definition.journeys.first?.start?.source }
    var steps: [String] { definition.journeys.first?.steps.map(\.name) ?? [] }

    /// The shares of lines that the draft can use, over the whole log.
    func usable() throws -> Double {
        let plan = definition.readPlan(scalars: [], asOf: nil, keepsRawText: false)
        let sample = try LineSample(path: folder.path("log.ndjson"), maxLineBytes: 1 << 20)
        try sample.read(blocks: 1000)
        let events = try EventSample([(sample, 0)], plan: plan)
        return events.lines == 0 ? 0 : Double(events.lines - events.rejected.count) / Double(events.lines)
    }
}

/// A clock that goes on by what is asked for.
struct LogClock {
    var seconds: Int

    init(day: Int = 19_780) { seconds = day * 86_400 + 8 * 3600 }

    mutating func pass(_ seconds: Int) { self.seconds += seconds }

    /// `2024-02-27T08:00:00Z`
    var utc: String { text(separator: "T") + "Z" }

    func text(separator: String) -> String {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(identifier: "UTC")
        formatter.dateFormat = "yyyy-MM-dd'\(separator)'HH:mm:ss"
        return formatter.string(from: Date(timeIntervalSince1970: Double(seconds)))
    }
}
