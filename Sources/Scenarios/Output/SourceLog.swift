/// The files of one source, written line by line: `NAME-000.ndjson.zst`, `NAME-001.ndjson.zst` … A new file begins
/// when the last one covers its days or has reached its size.
final class SourceLog {
    /// Of text, before compression.
    static let maxFileBytes = 1 << 28

    let name: String
    private let encoding: Encoding
    private let daysPerFile: Int
    private let folder: OutputFolder
    private var writer = ByteWriter()
    private var file: (any EncodedFile)?
    private var firstDayOfFile = 0
    private var bytesOfFile = 0

    private(set) var fileNames: [String] = []
    private(set) var lines = 0
    /// Of text, line ends included.
    private(set) var textBytes = 0
    private(set) var fileBytes = 0

    init(_ name: String, _ encoding: Encoding, daysPerFile: Int, in folder: OutputFolder) {
        self.name = name
        self.encoding = encoding
        self.daysPerFile = daysPerFile
        self.folder = folder
    }

    /// `body` writes one line, without its end. `day` counts days of delivery and must not go backwards.
    func line(day: Int, _ body: (inout ByteWriter) -> Void) throws(GenerateError) {
        if file == nil || day >= firstDayOfFile + daysPerFile || bytesOfFile >= Self.maxFileBytes { try nextFile(day: day) }
        let start = writer.count
        body(&writer)
        writer.byte(10)
        let length = writer.count - start
        lines += 1
        textBytes += length
        bytesOfFile += length
        if writer.isNearlyFull { try flush() }
    }

    func finish() throws(GenerateError) {
        guard let file else { return }
        try flush()
        try file.finish()
        fileBytes += file.writtenBytes
        self.file = nil
    }

    private func nextFile(day: Int) throws(GenerateError) {
        try finish()
        let digits = String(fileNames.count)
        let name = "\(name)-\(String(repeating: "0", count: max(0, 3 - digits.count)))\(digits)\(encoding.suffix)"
        file = try folder.create(name, encoding)
        fileNames.append(name)
        firstDayOfFile = day
        bytesOfFile = 0
    }

    private func flush() throws(GenerateError) {
        try file?.write(writer.bytes)
        writer.removeAll()
    }
}
