import Foundation
import RunSupport
import Scenarios
import TestSupport
import Testing

/// A log whose effects are known, what is true of it, and the tables of a run over it.
struct EffectsLog {
    let truth: EffectsTruthFile
    private let output: URL
    /// Goes with the log.
    private let folder: ScratchFolder

    init(_ scenario: Scenario, lines: Int, seed: UInt64) throws {
        folder = try ScratchFolder()
        _ = try scenario.generate(into: folder.path("log"), lines: lines, seed: seed)
        truth = try JSONDecoder().decode(EffectsTruthFile.self, from: Data(contentsOf: folder.url.appendingPathComponent("log/truth.json")))
        let shipped = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../pipelines/effects.yaml")
        let pipeline = folder.url.appendingPathComponent("effects.yaml")
        try FileManager.default.copyItem(at: shipped, to: pipeline)
        output = try CaseRun.run(pipeline, inputs: [folder.path("log/effects-*.ndjson.zst")], threads: 2)
    }

    /// Rows of a table of the whole time that have these values in these columns.
    func rows(_ table: String, _ wanted: [String: String] = [:]) throws -> [EffectsRow] {
        let table = try CSVTable(Array(Data(contentsOf: output.appendingPathComponent("csv/\(table).csv"))))
        return table.rows.map { row in EffectsRow(Dictionary(uniqueKeysWithValues: zip(table.header, row))) }
            .filter { row in wanted.allSatisfy { row.texts[$0.key] == $0.value } }
    }

    func row(_ table: String, _ wanted: [String: String]) throws -> EffectsRow {
        let rows = try rows(table, wanted)
        try #require(rows.count == 1, "\(table), \(wanted): \(rows.count) rows")
        return rows[0]
    }

    /// Of a table by day, the rows of the last `days` days on which any of them has something in `column`.
    func newest(_ table: String, _ condition: String, having column: String, days: Int) throws -> [EffectsRow] {
        let rows = try DatabaseRows.of(
            output.appendingPathComponent("metrics.sqlite").path,
            "SELECT * FROM \(table) WHERE \(condition) AND \(column) > 0 AND day IN "
                + "(SELECT DISTINCT day FROM \(table) WHERE \(condition) AND \(column) > 0 ORDER BY day DESC LIMIT \(days))")
        return rows.map { EffectsRow($0) }
    }
}

/// One row by the names of its columns.
struct EffectsRow {
    let texts: [String: String]

    init(_ texts: [String: String]) { self.texts = texts }

    func text(_ column: String) throws -> String { try #require(texts[column], "no column \(column)") }
    func integer(_ column: String) throws -> Int { try #require(Int(text(column)), "\(column) of \(texts)") }
    func number(_ column: String) throws -> Double { try #require(Double(text(column)), "\(column) of \(texts)") }

    /// Whether the interval of a column covers a value. The tables have six decimals.
    func covers(_ column: String, _ value: Double) throws -> Bool {
        try isCovered(value, from: column + "_low", to: column + "_high")
    }

    /// The same of a table whose rows have one value.
    func covers(_ value: Double) throws -> Bool { try isCovered(value, from: "low", to: "high") }

    private func isCovered(_ value: Double, from low: String, to high: String) throws -> Bool {
        try number(low) - 0.000_001 <= value && value <= number(high) + 0.000_001
    }

    /// A discovery at five percent. Without a q-value there is none.
    var isSignificant: Bool { texts["q_value"].flatMap(Double.init).map { $0 <= 0.05 } ?? false }
}

/// `truth.json` of the scenarios `effects` and `no-effects`.
struct EffectsTruthFile: Decodable {
    struct Purchase: Decodable {
        let mature, converted: Int
        let conversionRate: Double
    }

    struct Problem: Decodable {
        struct Level: Decodable {
            let level, journeys: Int
            let difference: Double
        }

        let journeys: Int
        let lost: Double
        let levels: [Level]
    }

    struct Device: Decodable {
        let share, conversionRate, lostRateAtCart: Double
        let carts, lostAtCart: Int
    }

    struct Contact: Decodable {
        let channel, topic: String
        let repeated1d, repeated7d, elsewhere: Double
    }

    struct ChatAnswers: Decodable {
        let difference, phoneWithinRate: Double
    }

    struct Handoff: Decodable {
        let from, to: String
        let returned: Double
    }

    /// Answers from 1 to 7, and how they go with what went wrong.
    struct Survey: Decodable {
        let mean, meanEffort, correlation: Double
    }

    let asOf: String
    let purchase: Purchase
    let problems: [String: Problem]
    let devices: [String: Device]
    let contacts: [Contact]
    let chatAnswers: ChatAnswers
    let handoffs: [Handoff]
    let survey: Survey

    enum CodingKeys: String, CodingKey {
        case asOf = "as_of"
        case purchase, problems, devices, contacts, handoffs, survey
        case chatAnswers = "chat_answers"
    }
}

extension EffectsTruthFile.Purchase {
    enum CodingKeys: String, CodingKey {
        case mature, converted
        case conversionRate = "conversion_rate"
    }
}

extension EffectsTruthFile.Device {
    enum CodingKeys: String, CodingKey {
        case share, carts
        case conversionRate = "conversion_rate"
        case lostRateAtCart = "lost_rate_at_cart"
        case lostAtCart = "lost_at_cart"
    }
}

extension EffectsTruthFile.Contact {
    enum CodingKeys: String, CodingKey {
        case channel, topic, elsewhere
        case repeated1d = "repeated_1d"
        case repeated7d = "repeated_7d"
    }
}

extension EffectsTruthFile.ChatAnswers {
    enum CodingKeys: String, CodingKey {
        case difference
        case phoneWithinRate = "phone_within_rate"
    }
}

extension EffectsTruthFile.Survey {
    enum CodingKeys: String, CodingKey {
        case mean, correlation
        case meanEffort = "mean_effort"
    }
}
