import Events
import Foundation
import Ingest
import Reports
import States

/// Lines that take no part in anything, quarantined ones and late ones: kept beside the events, and published.
extension IncrementalRun {
    func storeAside(_ rejected: RejectedLines, _ result: IncrementalFold.Result, _ route: LogRoute, _ intent: Intent, _ state: StateFile)
        throws
    {
        let sources = route.definition.sources
        try AsideStore(state).add(time: intent.asOf) { add in
            try rejected.forEachLine { line in
                let (input, known) = inputs.wanted[line.input]
                let json = QuarantineFile.line(line, input, sources: sources)
                try add(AsideLine(reason: line.reason.rawValue, file: known.id, line: line.line, json: json))
            }
            for event in result.late {
                let json = LateFile.line(event, result.symbols, route, inputs)
                try add(
                    AsideLine(
                        reason: AsideStore.late, file: Int64(RowPosition.file(event.position)), line: RowPosition.line(event.position),
                        json: json))
            }
        }
        try AsideStore(state).remove(before: intent.willSealBefore)
    }

    /// Takes out the late lines of a person that is forgotten, its name as an example, and raw text that speaks of it. Answers
    /// how many late lines went, by number of the file.
    func forgetAside(_ forgotten: IncrementalFold.Forgotten, _ state: StateFile) throws -> [Int64: Int64] {
        guard !forgotten.identifiers.isEmpty else { return [:] }
        // Those by sealed events are not among what the fold takes away.
        for (type, id) in forgotten.identifiers { try ExampleStore(state).remove(Array("\(type):\(id)".utf8)) }
        let store = AsideStore(state)
        var late: [Int64: Int64] = [:]
        try store.forEachLine { id, line in
            // A line that is passed over might be the person's.
            guard var object = try? JSONSerialization.jsonObject(with: Data(line.json)) as? [String: Any] else {
                throw StateError.damaged(path: state.path, reason: "a line that was put aside makes no sense")
            }
            if line.reason == AsideStore.late, let ids = object["ids"] as? [String: String] {
                guard forgotten.identifiers.contains(where: { ids[$0.type]?.utf8.elementsEqual($0.id.utf8) ?? false }) else { return }
                late[line.file, default: 0] += 1
                try store.remove(id: id)
            } else if let raw = object["raw"] as? String, forgotten.identifiers.contains(where: { raw.contains($0.id) }) {
                object["raw"] = nil
                let members = ["reason", "source", "file", "line", "offset"].compactMap { name -> JSONValue.Member? in
                    if let text = object[name] as? String { return .init(name, .text(text)) }
                    return (object[name] as? NSNumber).map { .init(name, .integer($0.int64Value)) }
                }
                var bytes: [UInt8] = []
                JSONText.appendLine(.object(members), to: &bytes)
                try store.set(bytes, id: id)
            }
        }
        return late
    }

    /// Gives out what is kept, late lines or quarantined ones, in the order of files and lines.
    func aside(late: Bool, _ write: ([UInt8]) throws -> Void) throws {
        let ranks = fileRanks
        try state.use { state in
            let store = AsideStore(state)
            for file in inputs.files.map(\.id).sorted(by: { ranks[Int($0)] < ranks[Int($1)] }) {
                try store.forEachLine(file: file, late: late, write)
            }
        }
    }
}
