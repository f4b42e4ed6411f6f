import Disk
import Events
import Ingest

/// The files that a draft looks at, put together by what they are called: `web-*.ndjson.zst` is one group, whatever the numbers.
struct DraftInputs {
    struct Group {
        /// As the pipeline file names it: a pattern, or a file.
        var inputs: [String]
        /// What the files are called without numbers and endings.
        let stem: String
        let files: [InputFile]
        /// Of some of the files, in their order.
        var samples: [LineSample] = []
    }

    private(set) var groups: [Group] = []
    /// Files that hold something else than lines of JSON, each with why.
    private(set) var foreign: [(name: String, why: IngestError)] = []
    let files: Int

    /// Files of which something is read.
    static let filesMax = 32

    /// - Parameters:
    ///   - arguments: as `run` takes them.
    ///   - folder: of the pipeline file.
    /// Throws `IngestError`.
    init(_ arguments: [String], pipelinePath: String) throws {
        let source = InputFiles.Source(name: "log", inputs: [])
        let found = try InputFiles(sources: [source], pipelinePath: pipelinePath, allowsEmpty: false).find(
            arguments: arguments, source: nil)
        files = found.inputs.count
        let folder = FilePaths.folder(of: FilePaths.absolute(pipelinePath, from: FilePaths.workingFolder))
        var byPattern: [(pattern: String, files: [InputFile])] = []
        for file in found.inputs {
            let pattern = Self.pattern(file.name)
            if let place = byPattern.firstIndex(where: { $0.pattern == pattern }) {
                byPattern[place].files.append(file)
            } else {
                byPattern.append((pattern, [file]))
            }
        }
        groups = try byPattern.map { pattern, files in
            Group(
                inputs: try Self.inputs(pattern, files, folder: folder), stem: Self.stem(FilePaths.split(files[0].name).name), files: files)
        }
        // What was written is shorter than what it found; but what would find the pipeline file too is no input of it.
        let written = InputPattern(arguments[0], from: FilePaths.workingFolder)
        if groups.count == 1, arguments.count == 1, arguments[0] != "-", files > 1, !arguments[0].contains("["),
            !written.covers(FilePaths.absolute(pipelinePath, from: FilePaths.workingFolder))
        {
            groups[0].inputs = [FilePaths.relative(FilePaths.absolute(arguments[0], from: FilePaths.workingFolder), to: folder)]
        }
        try open()
        if let first = foreign.first {
            // Several kinds of files in one folder: a truth, a description. What is no log at all is an error.
            groups.removeAll { group in foreign.contains { $0.name == group.files[0].name } }
            if groups.isEmpty { throw first.why }
        }
    }

    /// Opens some files of each group and reads the first block of each.
    private mutating func open() throws {
        let each = max(1, Self.filesMax / max(1, groups.count))
        for index in Self.spread(groups.count, Self.filesMax) {
            let files = groups[index].files
            for place in Self.spread(files.count, each) {
                let sample = try LineSample(path: files[place].path, maxLineBytes: 1 << 20)
                do {
                    try sample.read()
                } catch let error as IngestError {
                    guard case .foreign = error, place == 0 else { throw error }
                    foreign.append((files[place].name, error))
                    break
                }
                groups[index].samples.append(sample)
            }
        }
    }

    /// At most `most` of `count` places, the first among them and the others evenly behind it.
    private static func spread(_ count: Int, _ most: Int) -> [Int] {
        count <= most ? Array(0..<count) : (0..<most).map { $0 * count / most }
    }

    private static func inputs(_ pattern: String, _ files: [InputFile], folder: String) throws -> [String] {
        let names = files.filter { $0.path != "-" }.map(\.name)
        for name in names where name.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) {
            throw DraftError.unspeakable(name)
        }
        guard names.count > 1 else { return names.map(escaped) }
        // Only where it finds these and no others, which might be another log.
        let found = try InputPattern(pattern, from: folder).files()
        if Set(found) == Set(files.map(\.path)) || names.count > 50 { return [pattern] }
        return names.map(escaped)
    }

    /// The name with a star in place of numbers and what is made of them.
    private static func pattern(_ path: String) -> String {
        let (above, name) = FilePaths.split(path)
        var parts: [String] = []
        var part = ""
        func close() {
            let digits = part.utf8.count { $0 &- 48 < 10 }
            let isNumber = digits > 0 && (2 * digits >= part.utf8.count || (part.utf8.count >= 8 && part.allSatisfy(\.isHexDigit)))
            parts.append(isNumber ? "*" : escaped(part))
            part = ""
        }
        let (base, ending) = parted(name)
        for sign in base {
            if sign.isLetter || sign.isNumber {
                part.append(sign)
            } else {
                close()
                parts.append(escaped(String(sign)))
            }
        }
        close()
        var text = parts.joined()
        while let range = text.firstRange(of: /\*([-_. T]?\*)+/) { text.replaceSubrange(range, with: "*") }
        return (above.isEmpty ? "" : FilePaths.join(escaped(above), "")) + text + escaped(ending)
    }

    private static let endings: Set<String> = ["ndjson", "jsonl", "json", "log", "txt", "gz", "zst", "zstd", "gzip", "ldjson"]

    /// A name and the endings that say what is in it.
    private static func parted(_ name: String) -> (base: String, ending: String) {
        var (base, ending) = (name, "")
        while let dot = base.lastIndex(of: "."), dot > base.startIndex, endings.contains(base[base.index(after: dot)...].lowercased()) {
            ending = String(base[dot...]) + ending
            base = String(base[..<dot])
        }
        return (base, ending)
    }

    private static func stem(_ name: String) -> String {
        guard name != "-" else { return "log" }
        let words = NameWords.words(parted(name).base).filter { word in
            !word.allSatisfy(\.isNumber) && !(word.count >= 8 && word.allSatisfy(\.isHexDigit))
        }
        return NameWords.identifier(words.prefix(3).map { $0 }, or: "log")
    }

    /// So that a name is no pattern.
    private static func escaped(_ name: String) -> String {
        name.reduce(into: "") { text, sign in
            if "*?[\\".contains(sign) { text += "\\" }
            text.append(sign)
        }
    }
}
