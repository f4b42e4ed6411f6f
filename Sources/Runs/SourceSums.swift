import Definitions
import Events
import States
import Tables

/// What sources.csv and source_fields.csv show of lines: sums over the files of each source. Names are told apart by their bytes.
struct SourceSums {
    private var sources: [[UInt8]: TableNames.Source] = [:]

    /// Every source of the pipeline has a row, with the fields that it maps now.
    init(_ definition: PipelineDefinition) {
        for source in definition.sources {
            var sum = TableNames.Source(name: source.name)
            sum.fields = source.fieldNames.map { ($0, 0) }
            sources[Array(source.name.utf8)] = sum
        }
    }

    /// Adds what is known of a file; a state may know one of a source that the pipeline has no more.
    mutating func add(_ file: KnownFile) {
        var sum = sources[Array(file.source.utf8)] ?? .init(name: file.source)
        sum.lines += file.lines
        sum.expanded += file.expanded
        sum.quarantined += file.quarantined
        sum.late += file.late
        for place in sum.fields.indices { sum.fields[place].there += file.fields[Array(sum.fields[place].name.utf8)] }
        sources[Array(file.source.utf8)] = sum
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
