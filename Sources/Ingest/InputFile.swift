package import Disk
import Glibc

/// One input of a run: a file found by a name that users wrote, and told from others by what the file system holds it for.
package struct InputFile: Sendable, Equatable {
    /// What to open; `-` is standard input.
    package let path: String
    /// Relative to the pipeline file: the order of files, and what outputs show.
    package var name: String
    /// Index of the source in the pipeline.
    package let source: Int
    /// nil for pipes.
    package private(set) var bytes: Int64?
    /// Nanoseconds since 1970; 0 for pipes.
    package private(set) var modified: Int64 = 0
    /// Where it really lies; nil for standard input.
    package private(set) var place: RealPath?
    private(set) var identity: Identity
    /// Whether it is called what it is, and not by a link.
    private(set) var isOwnName = false
    /// Other names under which the same file was found.
    package var otherNames: [String] = []
    /// Lines that earlier runs read, before the first of this run; they stand at the beginning of the input where they are
    /// to be skipped.
    package var linesBefore: Int64 = 0
    package var skipsLines = false

    enum Identity: Hashable {
        case file(FileIdentity)
        /// Of what cannot be looked at; reading it will say why.
        case name([UInt8])
    }

    /// What is to be read whatever else there is: nobody looks at it before.
    package init(path: String, source: Int, linesBefore: Int64 = 0, skipsLines: Bool = false) {
        self.init(path: path, name: path, source: source)
        (self.linesBefore, self.skipsLines) = (linesBefore, skipsLines)
    }

    private init(path: String, name: String, source: Int) {
        (self.path, self.name, self.source) = (path, name, source)
        identity = .name(Array(path.utf8))
    }

    /// - Parameter pipelineFolder: what the name of the file is relative to, but that links may have led there.
    init(path: String, name: String, source: Int, seenFrom pipelineFolder: RealPath) {
        self.init(path: path, name: name, source: source)
        let place = RealPath(path, from: "/")
        self.place = place
        // A link on the way to the pipeline's folder is no link on the way from there to the file.
        isOwnName = place.text.utf8.elementsEqual(path.utf8) || place.relative(to: pipelineFolder).utf8.elementsEqual(name.utf8)
        var status = stat()
        guard stat(path, &status) == 0 else { return }
        identity = .file(FileIdentity(status))
        if status.st_mode & S_IFMT == S_IFREG {
            bytes = Int64(status.st_size)
            modified = Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec)
        }
    }

    init(standardInputOf source: Int) {
        self.init(path: "-", name: "-", source: source)
        var status = stat()
        if fstat(0, &status) == 0 { identity = .file(FileIdentity(status)) }
    }
}

/// By what a file system tells its files apart, whatever they are called.
struct FileIdentity: Hashable {
    private let device: dev_t
    private let number: ino_t

    init(_ status: stat) { (device, number) = (status.st_dev, status.st_ino) }
}
