import Definitions
import Disk
import Ingest
import Reports
import States

/// Where a run reads and where it writes, all of it, and what must not lie in what. Asked before anything is read.
///
/// There are two rules. Nothing else lies in the output, which is replaced as a whole, nor in the state's folder, which is
/// the state's alone, and no two places are one. And neither what a run writes nor the pipeline and its key are ever read as
/// a log: not by this run, nor by the next one, which finds what this one wrote. Places are compared by their real paths.
package struct RunPlaces: Sendable {
    package enum Role: Sendable { case output, state, metrics, pipeline, key, input }

    fileprivate struct Place: Sendable {
        let role: Role
        /// As the user wrote it.
        let name: String
        let path: RealPath
    }

    private var places: [Place] = []

    /// An output that cannot be used at all is left out: whoever opens it says so.
    package init(pipeline: String, output: String? = nil, state: String? = nil, metrics: String? = nil) {
        if let output, let folder = try? OutputFolder(output) { add(.output, output, folder.path) }
        add(.state, state, state)
        add(.metrics, metrics, metrics)
        add(.pipeline, pipeline, pipeline)
    }

    init(_ options: RunOptions) {
        self.init(
            pipeline: options.log.pipelinePath, output: options.outputFolder, state: options.stateFolder, metrics: options.metricsFile)
    }

    private mutating func add(_ role: Role, _ name: String?, _ path: String?) {
        // An empty name is no place; it is refused where it is used.
        guard let name, let path, !path.isEmpty else { return }
        places.append(Place(role: role, name: name, path: RealPath(path, from: FilePaths.workingFolder)))
    }

    // MARK: What is refused

    /// What the command line alone tells. Throws `RunError.misplaced`.
    /// - Parameter role: nil for all of them.
    package func check(_ role: Role? = nil) throws(RunError) {
        for place in places {
            for other in places where other.role != place.role {
                if let role, place.role != role, other.role != role { continue }
                if other.path.isIn(place.path) { try refuse(other, in: place) }
            }
        }
    }

    /// What the pipeline file and the inputs tell besides. Throws `RunError.misplaced`.
    /// - Parameter key: the path of the key file.
    func check(key: String?, _ found: InputFiles.Found) throws(RunError) {
        var all = self
        all.add(.key, key, key)
        try all.check()
        let files = all.places.map(\.files)
        for pattern in found.patterns {
            let input = Place(role: .input, name: pattern.text, path: pattern.realStart)
            for (place, files) in zip(all.places, files) {
                if files.contains(where: { pattern.wouldRead($0, from: input.path) }) { throw misread(place, pattern) }
                if place.isFolder, input.path.isIn(place.path) { try refuse(input, in: place) }
            }
        }
        // By links, inputs may lie elsewhere than their patterns say.
        for file in found.inputs {
            guard let path = file.place else { continue }
            for place in all.places where path.isIn(place.path) { try refuse(Place(role: .input, name: file.name, path: path), in: place) }
        }
    }

    private func misread(_ place: Place, _ pattern: InputPattern) -> RunError {
        .misplaced(
            "the input \(pattern.text) would read \(place.isFolder ? "what lies in " : "")\(place.words) as a log, now or in the next run; "
                + "name inputs that leave it out, or move it elsewhere. "
                + "Nothing was read or written", [.input, place.role])
    }

    private func refuse(_ inner: Place, in outer: Place) throws(RunError) {
        let why =
            switch outer.role {
            case .output:
                "which is replaced as a whole: \(inner.role == .input ? "the log" : "it") would be gone; name another folder with -o"
            case .state: "which belongs to the state alone; name another folder with --state"
            case .metrics: "which is replaced; name another file with --metrics-file"
            case .pipeline, .key, .input: "and can only be one of both; name another"
            }
        let relation = inner.path == outer.path ? "is" : "lies in"
        throw .misplaced("\(inner.words) \(relation) \(outer.words), \(why). Nothing was read or written", [inner.role, outer.role])
    }
}

extension RunPlaces.Place {
    fileprivate var isFolder: Bool { role == .output || role == .state }

    /// What lies there, or will when a run has written it.
    fileprivate var files: [RealPath] {
        switch role {
        case .output:
            (OutputContents.fileNames + PipelineDefinition.checkedTables.map { "\(OutputContents.tableFolder)/\($0.name).csv" }).map {
                path.appending($0)
            }
        case .state: StateFile.fileNames.map { path.appending($0) }
        case .metrics, .pipeline, .key: [path]
        case .input: []
        }
    }

    fileprivate var words: String {
        let isPlain = FilePaths.absolute(name, from: FilePaths.workingFolder).utf8.elementsEqual(path.text.utf8)
        let shown = isPlain ? name : "\(name) (\(path.text))"
        return switch role {
        case .output: "the output folder \(shown)"
        case .state: "the state's folder \(shown)"
        case .metrics: "the metrics file \(shown)"
        case .pipeline: "the pipeline file \(shown)"
        case .key: "the key file \(shown)"
        case .input: "the input \(shown)"
        }
    }
}
