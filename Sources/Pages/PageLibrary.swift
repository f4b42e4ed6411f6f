import Mustache

/// What a template is given.
package typealias Model = [String: Any]

/// The templates of all pages, which share tables and style.
package enum PageLibrary {
    package enum Page: String { case report, comparison }

    /// In UTF-8.
    package static func html(_ page: Page, _ model: Model) throws -> [UInt8] {
        // Reading a template takes as long as filling it, so none is read that the page does without.
        let source = page == .report ? PackageResources.report_mustache : PackageResources.comparison_mustache
        let templates = try [page.rawValue: source, "table": PackageResources.table_mustache].mapValues {
            try MustacheTemplate(string: String(decoding: $0, as: UTF8.self))
        }
        let style: Model = ["style": String(decoding: PackageResources.style_css, as: UTF8.self)]
        let library = MustacheLibrary(templates: templates)
        guard let html = library.render(model.merging(style) { own, _ in own }, withTemplate: page.rawValue) else {
            preconditionFailure("the page has a template")
        }
        return Array(html.utf8)
    }

    /// No page is to be larger.
    package static let bytesMax = PageLimits.bytesMax

    /// A table that stands in no file, for `table.mustache`.
    /// - Parameters:
    ///   - head: titles, and whether what stands below is a number.
    ///   - rows: shown, the first cell of each as its heading.
    ///   - more: what is said of rows that are not shown; empty: all are.
    package static func table(_ caption: String, head: [(title: String, isNumber: Bool)], rows: [[String]], more: String = "") -> Model {
        [
            "caption": caption, "head": head.map { ["text": $0.title, "number": $0.isNumber] as Model },
            "rows": rows.map { row in
                [
                    "cells": row.enumerated().map {
                        ["text": $0.element, "number": head[$0.offset].isNumber, "heading": $0.offset == 0] as Model
                    }
                ] as Model
            }, "isEmpty": rows.isEmpty, "definitions": [Model](), "hasDefinitions": false, "hasFile": false, "file": "",
            "hasMore": !more.isEmpty, "more": more,
        ]
    }
}
