import Events
import Foundation
import Ingest
import Reports
import States

/// Lines that take no part in anything, quarantined ones and late ones: kept beside the events, and published.
extension IncrementalRun {
    func storeAside(
        _ rejected: [(line: RejectedLine, json: [UInt8])], _ late: [(position: Int64, json: [UInt8])], _ intent: Intent, _ state: StateFile
    ) throws {
        let lines = rejected.map {
            AsideLine(reason: $0.line.reason.rawValue, file: inputs.wanted[$0.line.input].known.id, line: $0.line.line, json: $0.json)
        }
        let lateLines = late.map {
            AsideLine(reason: "late", file: Int64(RowPosition.file($0.position)), line: RowPosition.line($0.position), json: $0.json)
        }
        try AsideStore(state).add(lines + lateLines, time: intent.asOf)
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
        for (id, line) in try store.withIDs() {
            // A line that is passed over might be the person's.
            guard var object = try? JSONSerialization.jsonObject(with: Data(line.json)) as? [String: Any] else {
                throw StateError.damaged(path: state.path, reason: "a line that was put aside makes no sense")
            }
            if line.reason == "late", let ids = object["ids"] as? [String: String] {
                guard forgotten.identifiers.contains(where: { ids[$0.type]?.utf8.elementsEqual($0.id.utf8) ?? false }) else { continue }
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

    func aside(_ state: StateFile) throws -> (quarantined: [[UInt8]], late: [[UInt8]]) {
        let ranks = fileRanks
        let lines = try AsideStore(state).all().sorted { (ranks[Int($0.file)], $0.line) < (ranks[Int($1.file)], $1.line) }
        return (lines.filter { $0.reason != "late" }.map(\.json), lines.filter { $0.reason == "late" }.map(\.json))
    }
}
