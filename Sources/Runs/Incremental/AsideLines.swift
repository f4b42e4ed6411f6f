import Events
import Ingest
import States

/// Lines that take no part in anything, quarantined ones and late ones: kept beside the events, and published.
extension IncrementalRun {
    func storeAside(_ rejected: RejectedLines, _ result: IncrementalFold.Result, _ moments: IncrementalFold.Moments, _ state: StateFile)
        throws
    {
        let store = AsideStore(state)
        try store.add(
            time: moments.asOf,
            quarantined: { add in
                try rejected.forEachLine { line in
                    try add(
                        .init(
                            reason: line.reason.rawValue, file: inputs.wanted[line.input].known.id, line: line.line, record: line.record,
                            offset: line.offset,
                            text: line.rawText))
                }
            })
        let file = LateFile(symbols: result.symbols, route: route)
        try store.add(time: moments.asOf ?? 0, late: result.late.lazy.map { [inputs] in file.line($0, inputs) })
        try store.remove(before: moments.willSealBefore)
    }

    /// Gives out the lines of quarantine.ndjson, in the order of files and lines.
    func forEachQuarantined(_ write: ([UInt8]) throws -> Void) throws {
        let files = orderedFiles
        try state.use { state in
            for file in files {
                var lines = QuarantineLines(source: file.source, file: file.name)
                try AsideStore(state).forEachQuarantined(file: file.id) { line in
                    try write(
                        lines.line(reason: line.reason, line: line.line, record: line.record, offset: line.offset, text: line.text))
                }
            }
        }
    }

    /// Gives out the lines of late.ndjson, in the same order.
    func forEachLate(_ write: ([UInt8]) throws -> Void) throws {
        let files = orderedFiles
        try state.use { state in
            for file in files { try AsideStore(state).forEachLate(file: file.id, write) }
        }
    }
}
