import Disk
import Foundation
import Reports
import Tables

extension PageTables {
    /// What a page is made of, read from an output folder: its CSV files, journeys by day from metrics.sqlite, and run.json. Throws
    /// `OutputError` where the folder is no output of sojourn, or a file of it cannot be read.
    package init(folder: String) throws {
        let package = try Self.json("datapackage.json", in: folder)
        guard let resources = package["resources"] as? [[String: Any]] else {
            throw OutputError("read", FilePaths.join(folder, "datapackage.json"), reason: "it lists no tables")
        }
        var tables: [ReportTable] = []
        for resource in resources {
            guard let path = resource["path"] as? String, path.hasPrefix("csv/"), path.hasSuffix(".csv"), !path.contains("..") else {
                continue
            }
            let file = FilePaths.join(folder, path)
            let rows = try CSVText.rows(Self.bytes(file), path: file)
            let isEscaped = resource["formulaEscape"] != nil
            var descriptions: [String: String] = [:]
            for field in (resource["schema"] as? [String: Any])?["fields"] as? [[String: Any]] ?? [] {
                if let name = field["name"] as? String { descriptions[name] = field["description"] as? String }
            }
            tables.append(
                ReportTable(
                    name: String(path.dropFirst(4).dropLast(4)), title: resource["title"] as? String ?? "",
                    columns: rows.header.map { .init($0, .text, descriptions[$0] ?? "") },
                    rows: rows.rows.map { $0.map { .text(isEscaped ? CSVFile.withoutEscape($0) : $0) } },
                    keyColumns: []))
        }
        try self.init(
            PageFacts(run: Self.bytes(FilePaths.join(folder, "run.json"))), tables,
            days: DayTables(path: FilePaths.join(folder, "metrics.sqlite")).table("journeys"))
    }

    private static func json(_ name: String, in folder: String) throws -> [String: Any] {
        let path = FilePaths.join(folder, name)
        let object = try? JSONSerialization.jsonObject(with: Data(bytes(path)))
        guard let members = object as? [String: Any] else { throw OutputError("read", path, reason: "it is no JSON object") }
        return members
    }

    private static func bytes(_ path: String) throws -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw OutputError("read", path, reason: "it is not there, or not readable: is this the folder of a run?")
        }
        return Array(data)
    }
}

extension PageFacts {
    /// - Parameter run: run.json. What it does not say stays empty.
    package init(run: [UInt8]) {
        self.init()
        guard let members = (try? JSONSerialization.jsonObject(with: Data(run))) as? [String: Any] else { return }
        func counts(_ name: String) -> [(name: String, count: Int64)] {
            let found = (members[name] as? [String: Any] ?? [:]).compactMap { name, value in
                (value as? NSNumber).map { (name: name, count: $0.int64Value) }
            }
            return found.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        }
        pipeline = members["pipeline"] as? String ?? ""
        version = members["version"] as? String ?? ""
        pipelineHash = members["pipeline_hash"] as? String ?? ""
        asOf = members["as_of"] as? String ?? ""
        timezone = members["timezone"] as? String ?? "UTC"
        ledger = counts(members["total"] == nil ? "ledger" : "total")
        // Of a state, what earlier runs put aside is told by no file.
        reasons = members["total"] == nil ? counts("quarantined_by_reason") : []
        persons = (members["persons"] as? NSNumber)?.int64Value ?? 0
        warnings = (members["warnings"] as? [[String: Any]] ?? []).compactMap { $0["text"] as? String }
        checks = (members["checks"] as? [[String: Any]] ?? []).map {
            ($0["check"] as? String ?? "", ($0["holds"] as? NSNumber)?.boolValue ?? false)
        }
        minCount = ((members["privacy"] as? [String: Any])?["min_count"] as? NSNumber)?.int64Value
        trends = (members["trends"] as? [[String: Any]] ?? []).map { trend in
            func share(_ name: String) -> Share {
                let part = trend[name] as? [String: Any]
                return Share(
                    counted: (part?["converted"] as? NSNumber)?.int64Value ?? 0, of: (part?["mature"] as? NSNumber)?.int64Value ?? 0)
            }
            return Trend(journey: trend["journey"] as? String ?? "", recent: share("recent"), before: share("before"))
        }
    }
}
