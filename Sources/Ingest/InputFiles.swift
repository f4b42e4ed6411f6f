import Disk
import Foundation

/// Finds the files that a run reads, in the order of positions (pipelines/rules.md, 5): source, then path in byte order.
package struct InputFiles {
    /// What a pipeline says of one of its sources.
    package struct Source: Sendable {
        var name: String
        /// Globs as written, relative to the pipeline file.
        var inputs: [String]

        package init(name: String, inputs: [String]) { (self.name, self.inputs) = (name, inputs) }
    }

    let sources: [Source]
    let pipelineFolder: String
    private let realPipelineFolder: RealPath
    let allowsEmpty: Bool

    package init(sources: [Source], pipelinePath: String, allowsEmpty: Bool) {
        self.sources = sources
        self.allowsEmpty = allowsEmpty
        pipelineFolder = FilePaths.folder(of: FilePaths.absolute(pipelinePath, from: FilePaths.workingFolder))
        realPipelineFolder = RealPath(pipelineFolder, from: "/")
    }

    package struct Found {
        package var inputs: [InputFile] = []
        /// What they were found by.
        package var patterns: [InputPattern] = []
        /// What the user should know of them.
        package var notes: [String] = []

        package init(inputs: [InputFile] = [], patterns: [InputPattern] = [], notes: [String] = []) {
            (self.inputs, self.patterns, self.notes) = (inputs, patterns, notes)
        }
    }

    /// - Parameters:
    ///   - arguments: inputs of the command line; empty: every source's own.
    ///   - source: `--source`.
    /// Throws `IngestError.wrongInputs`, and `IngestError` where it cannot be told what files there are.
    package func find(arguments: [String], source: String?) throws -> Found {
        let chosen = try source.map { name in
            guard let index = sources.firstIndex(where: { $0.name == name }) else {
                let names = sources.map(\.name).joined(separator: ", ")
                throw IngestError.wrongInputs("--source \(name): the pipeline has no such source; it has \(names)")
            }
            return index
        }
        var found: [InputFile] = []
        var searched: [InputPattern] = []
        if arguments.isEmpty {
            for index in sources.indices where chosen == nil || chosen == index {
                for pattern in patterns(of: index) {
                    found += try files(pattern).map { named($0, index) }
                    searched.append(pattern)
                }
            }
            if found.isEmpty, !allowsEmpty {
                throw IngestError.wrongInputs("no input: the pipeline's sources name none; give files, a folder or - after the pipeline")
            }
        }
        let patternsOfSources = arguments.isEmpty || chosen != nil ? [] : sources.indices.map(patterns)
        for argument in arguments {
            if argument == "-" {
                found.append(InputFile(standardInputOf: try chosen ?? onlySource(for: "standard input")))
            } else {
                let pattern = InputPattern(argument, from: FilePaths.workingFolder)
                found += try files(pattern).map { named($0, try chosen ?? sourceMatching($0, patternsOfSources)) }
                searched.append(pattern)
            }
        }
        let inputs = try once(found).sorted {
            $0.source != $1.source ? $0.source < $1.source : $0.name.utf8.lexicographicallyPrecedes($1.name.utf8)
        }
        return Found(inputs: inputs, patterns: searched, notes: Self.notes(inputs))
    }

    private func patterns(of source: Int) -> [InputPattern] { sources[source].inputs.map { InputPattern($0, from: pipelineFolder) } }

    private func named(_ path: String, _ source: Int) -> InputFile {
        InputFile(path: path, name: FilePaths.relative(path, to: pipelineFolder), source: source, seenFrom: realPipelineFolder)
    }

    private func files(_ pattern: InputPattern) throws -> [String] {
        let files = try pattern.files()
        if files.isEmpty, !allowsEmpty {
            throw IngestError.wrongInputs(
                "\(pattern.text): no file matches (looked for \(pattern.path)); --allow-empty lets a run go on without")
        }
        return files
    }

    // MARK: Each file once

    /// Each file once, under its own name if that is among those it was found by; else, and among several such, under the
    /// first in byte order. So the order in which files are named says nothing.
    private func once(_ found: [InputFile]) throws -> [InputFile] {
        // In bytes: String takes a name in its two spellings for one, and these are two files.
        let sorted = found.sorted {
            $0.isOwnName != $1.isOwnName ? $0.isOwnName : $0.name.utf8.lexicographicallyPrecedes($1.name.utf8)
        }
        var inputs: [InputFile] = []
        var placeOf: [InputFile.Identity: Int] = [:]
        for file in sorted {
            guard let place = placeOf[file.identity] else {
                placeOf[file.identity] = inputs.count
                inputs.append(file)
                continue
            }
            guard inputs[place].source == file.source else { throw shared(inputs[place], file) }
            if !(inputs[place].otherNames.last ?? inputs[place].name).utf8.elementsEqual(file.name.utf8) {
                inputs[place].otherNames.append(file.name)
            }
        }
        return inputs
    }

    private static let notesMax = 5

    private static func notes(_ inputs: [InputFile]) -> [String] {
        let linked = inputs.filter { !$0.otherNames.isEmpty }
        let notes = linked.prefix(notesMax).map { file in
            let rest = file.otherNames.count - notesMax
            return
                "\(file.name) was also found as \(file.otherNames.prefix(notesMax).joined(separator: ", "))\(rest > 0 ? " and under \(rest) more names" : ""): "
                + "this is one file, and is read once"
        }
        return notes
            + (linked.count > notesMax ? ["\(linked.count - notesMax) more files were found under several names; each is read once"] : [])
    }

    // MARK: which source

    private func onlySource(for what: String) throws -> Int {
        guard sources.count == 1 else {
            let names = sources.map(\.name).joined(separator: ", ")
            throw IngestError.wrongInputs("\(what): the pipeline has several sources; name one with --source (\(names))")
        }
        return 0
    }

    private func sourceMatching(_ path: String, _ patterns: [[InputPattern]]) throws -> Int {
        let matching = patterns.indices.filter { patterns[$0].contains { $0.covers(path) } }
        if matching.count > 1 { throw shared(path, matching) }
        return try matching.first ?? onlySource(for: path)
    }

    /// A file that two sources match would be counted twice.
    private func shared(_ file: InputFile, _ other: InputFile) -> IngestError {
        let isOneName = file.name.utf8.elementsEqual(other.name.utf8)
        return shared(isOneName ? file.path : "\(file.path), also called \(other.path)", [file.source, other.source].sorted())
    }

    private func shared(_ path: String, _ matching: [Int]) -> IngestError {
        let names = matching.map { sources[$0].name }.joined(separator: " and ")
        return .wrongInputs("\(path): the sources \(names) both match this file; make their inputs distinct, or name one with --source")
    }
}
