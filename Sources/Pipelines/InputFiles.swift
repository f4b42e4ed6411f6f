import Foundation

/// One input of a run.
package struct InputFile: Sendable, Equatable {
    /// What to open; `-` is standard input.
    package var path: String
    /// Relative to the pipeline file: the order of files, and what outputs show.
    package var name: String
    /// Index of the source in the pipeline.
    package var source: Int
    /// nil for pipes.
    package var bytes: Int64?
    /// Nanoseconds since 1970; 0 for pipes.
    package var modified: Int64 = 0
    /// Lines that earlier runs read, before the first of this run; they stand at the beginning of the input where they are
    /// to be skipped.
    package var linesBefore: Int64 = 0
    package var skipsLines = false
}

/// Finds the files that a run reads, in the order of positions (pipelines/rules.md, 5): source, then path in byte order.
struct InputFiles {
    let definition: PipelineDefinition
    let pipelineFolder: String
    let allowsEmpty: Bool

    init(definition: PipelineDefinition, pipelinePath: String, allowsEmpty: Bool) {
        self.definition = definition
        self.allowsEmpty = allowsEmpty
        pipelineFolder = FilePaths.folder(of: FilePaths.absolute(pipelinePath, from: FilePaths.workingFolder))
    }

    /// - Parameters:
    ///   - arguments: inputs of the command line; empty: every source's own.
    ///   - source: `--source`.
    /// Throws `RunError.usage`.
    func find(arguments: [String], source: String?) throws -> [InputFile] {
        let chosen = try source.map { name in
            guard let index = definition.sources.firstIndex(where: { $0.name == name }) else {
                let names = definition.sources.map(\.name).joined(separator: ", ")
                throw RunError.usage("--source \(name): the pipeline has no such source; it has \(names)")
            }
            return index
        }
        var found: [InputFile] = []
        if arguments.isEmpty {
            for index in definition.sources.indices where chosen == nil || chosen == index {
                for pattern in definition.sources[index].inputs { found += try files(pattern, from: pipelineFolder).map { input($0, index) } }
            }
            try refuseSharedFiles(found)
            if found.isEmpty, !allowsEmpty { throw RunError.usage("no input: the pipeline's sources name none; give files, a folder or - after the pipeline") }
        }
        for argument in arguments {
            if argument == "-" {
                found.append(InputFile(path: "-", name: "-", source: try chosen ?? onlySource(for: "standard input"), bytes: nil))
            } else {
                found += try files(argument, from: FilePaths.workingFolder).map { input($0, try chosen ?? sourceMatching($0)) }
            }
        }
        let sorted = found.sorted { $0.source != $1.source ? $0.source < $1.source : $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        // In bytes: String takes a name in its two spellings for one, and these are two files.
        return sorted.enumerated().filter { place, file in
            place == 0 || sorted[place - 1].source != file.source || !sorted[place - 1].path.utf8.elementsEqual(file.path.utf8)
        }.map(\.element)
    }

    private func input(_ path: String, _ source: Int) -> InputFile {
        var status = stat()
        var file = InputFile(path: path, name: FilePaths.relative(path, to: pipelineFolder), source: source)
        if stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG {
            file.bytes = Int64(status.st_size)
            file.modified = Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec)
        }
        return file
    }

    /// A file, a glob, or a folder with everything below it that is not hidden. Absolute paths.
    private func files(_ pattern: String, from folder: String) throws -> [String] {
        let absolute = FilePaths.absolute(pattern, from: folder)
        let matches = FileManager.default.fileExists(atPath: absolute) ? [absolute] : Self.glob(absolute)
        let files = matches.flatMap { isFolder($0) ? filesBelow($0) : [$0] }
        if files.isEmpty, !allowsEmpty {
            throw RunError.usage("\(pattern): no file matches (looked for \(absolute)); --allow-empty lets a run go on without")
        }
        return files
    }

    private func isFolder(_ path: String) -> Bool {
        var isDirectory: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) && isDirectory.boolValue
    }

    private func filesBelow(_ folder: String) -> [String] {
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter { !$0.hasPrefix(".") }
        return names.map { folder + "/" + $0 }.flatMap { isFolder($0) ? filesBelow($0) : [$0] }
    }

    private static func glob(_ pattern: String) -> [String] {
        var result = glob_t()
        defer { globfree(&result) }
        guard Foundation.glob(pattern, 0, nil, &result) == 0, let paths = result.gl_pathv else { return [] }
        return (0..<Int(result.gl_pathc)).compactMap { paths[$0].map { String(cString: $0) } }
    }

    // MARK: which source

    private func onlySource(for what: String) throws -> Int {
        guard definition.sources.count == 1 else {
            let names = definition.sources.map(\.name).joined(separator: ", ")
            throw RunError.usage("\(what): the pipeline has several sources; name one with --source (\(names))")
        }
        return 0
    }

    private func sourceMatching(_ path: String) throws -> Int {
        let matching = definition.sources.indices.filter { index in
            definition.sources[index].inputs.contains { pattern in
                let absolute = FilePaths.absolute(pattern, from: pipelineFolder)
                return fnmatch(absolute, path, FNM_PATHNAME) == 0 || path.hasPrefix(absolute + "/")
            }
        }
        if matching.count > 1 { throw shared(path, matching) }
        return try matching.first ?? onlySource(for: path)
    }

    /// A file that two sources match would be counted twice.
    private func refuseSharedFiles(_ files: [InputFile]) throws {
        var sourceOfPath: [[UInt8]: Int] = [:]
        for file in files {
            if let other = sourceOfPath[Array(file.path.utf8)], other != file.source { throw shared(file.path, [other, file.source]) }
            sourceOfPath[Array(file.path.utf8)] = file.source
        }
    }

    private func shared(_ path: String, _ sources: [Int]) -> RunError {
        let names = sources.map { definition.sources[$0].name }.joined(separator: " and ")
        return .usage("\(path): the sources \(names) both match this file; make their inputs distinct, or name one with --source")
    }
}
