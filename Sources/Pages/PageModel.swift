import Drawings

/// How much of long tables is shown: less and less, until the page is small enough.
struct PageLimits: Sendable {
    var types: Int
    var rows: Int
    var pictureRows: Int

    /// The first that lets the page be no larger than `bytesMax`.
    static let all = [
        PageLimits(types: 12, rows: 25, pictureRows: 50), PageLimits(types: 8, rows: 12, pictureRows: 20),
        PageLimits(types: 4, rows: 6, pictureRows: 10), PageLimits(types: 2, rows: 3, pictureRows: 5),
    ]
    static let bytesMax = 500_000
}

/// One column of a table on the page.
struct PageColumn {
    let title: String
    /// In the table it comes from, whose definition of it is shown; empty: none.
    let source: String
    let isNumber: Bool
    let text: (PageRow) -> String

    /// A name.
    static func name(_ title: String, _ source: String) -> PageColumn {
        PageColumn(title: title, source: source, isNumber: false) { PageWords.cell($0.text(source)) }
    }

    static func count(_ title: String, _ source: String) -> PageColumn {
        PageColumn(title: title, source: source, isNumber: true) { $0.text(source).isEmpty ? "" : PageWords.count($0.count(source)) }
    }

    static func share(_ title: String, _ source: String) -> PageColumn {
        PageColumn(title: title, source: source, isNumber: true) { $0.text(source).isEmpty ? "" : PageWords.percent($0.value(source)) }
    }

    static func length(_ title: String, _ source: String) -> PageColumn {
        PageColumn(title: title, source: source, isNumber: true) {
            $0.text(source).isEmpty ? "" : PageWords.length(seconds: $0.value(source))
        }
    }

    static func amount(_ title: String, _ source: String) -> PageColumn {
        PageColumn(title: title, source: source, isNumber: true) { $0.value(source).map(PageWords.amount) ?? "" }
    }

    static func own(_ title: String, _ source: String, isNumber: Bool = true, _ text: @escaping (PageRow) -> String) -> PageColumn {
        PageColumn(title: title, source: source, isNumber: isNumber, text: text)
    }
}

/// Makes models of tables and pictures, and gives each picture an id of its own.
final class PageModels {
    let limits: PageLimits
    private var pictures = 0

    init(_ limits: PageLimits) { self.limits = limits }

    /// - Parameters:
    ///   - table: whose rows they are.
    ///   - rows: all that could be shown, those first that matter most.
    func table(_ caption: String, _ table: PageTable, _ rows: some Sequence<PageRow>, _ columns: [PageColumn]) -> Model {
        var (shown, count) = ([Model](), 0)
        for row in rows {
            count += 1
            guard count <= limits.rows else { continue }
            shown.append([
                "cells": columns.enumerated().map { place, column in
                    ["text": column.text(row), "number": column.isNumber, "heading": place == 0] as Model
                }
            ])
        }
        let definitions = columns.compactMap { column -> Model? in
            let definition = table.definition(column.source)
            return definition.isEmpty ? nil : ["name": column.title, "text": definition]
        }
        return [
            "caption": caption, "head": columns.map { ["text": $0.title, "number": $0.isNumber] as Model }, "rows": shown,
            "isEmpty": shown.isEmpty, "definitions": definitions, "hasDefinitions": !definitions.isEmpty, "hasFile": true,
            "file": "csv/\(table.name).csv",
            "hasMore": count > shown.count,
            "more": count > shown.count ? "and \(PageWords.count(Int64(count - shown.count))) more in csv/\(table.name).csv" : "",
        ]
    }

    /// - Parameter takeaway: what it comes to, in a sentence of its own.
    func figure(_ title: String, takeaway: String, _ table: Model, draw: (inout Picture) -> Void) -> Model {
        pictures += 1
        var picture = Picture(title: title, description: takeaway)
        draw(&picture)
        return ["svg": picture.svg(id: "p\(pictures)"), "takeaway": takeaway, "table": table]
    }
}
