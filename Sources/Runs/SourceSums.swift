import Definitions
import Events
import Tables

/// What sources.csv shows of lines: sums over the files of each source. Names are told apart by their bytes.
struct SourceSums {
    private var sources: [[UInt8]: TableNames.Source] = [:]

    /// Every source of the pipeline has a row.
    init(_ definition: PipelineDefinition) {
        for source in definition.sources { sources[Array(source.name.utf8)] = .init(name: source.name) }
    }

    /// - Parameter source: that of a file; a state may know one that the pipeline has no more.
    mutating func add(_ source: String, lines: Int64, expanded: Int64, quarantined: Int64, late: Int64 = 0) {
        var sum = sources[Array(source.utf8)] ?? .init(name: source)
        sum.lines += lines
        sum.expanded += expanded
        sum.quarantined += quarantined
        sum.late += late
        sources[Array(source.utf8)] = sum
    }

    /// - Parameter texts: of the symbols in the spans.
    func rows(_ spans: SourceSpans, _ texts: SymbolTable) -> [TableNames.Source] {
        var found = sources
        for (symbol, span) in spans.spans {
            let name = texts.string(symbol)
            found[Array(name.utf8), default: .init(name: name)].span = span
        }
        return Array(found.values)
    }
}
