import Definitions
import Digests
import Glibc
import Ingest
import States

/// Which inputs of a run are new to its state. A file is known by its source and name; what was read of it is never read
/// twice, and one that grew is read from where it ended.
struct StateInputs {
    /// To be read, with what the state knows of each.
    private(set) var wanted: [(input: InputFile, known: KnownFile)] = []
    /// Read by earlier runs, and unchanged.
    private(set) var done: [InputFile] = []
    /// Their lines, blank ones not counted.
    private(set) var doneLines: Int64 = 0
    /// All that the state knows, those above included.
    private(set) var files: [KnownFile]
    /// Files that are read again from the first line, as they were known before.
    private(set) var replaced: [KnownFile] = []

    /// - Parameters:
    ///   - reprocesses: what was read of a file before is to be replaced.
    ///   - skipsCommitted: standard input begins with what was read before.
    /// Throws `RunError` where a file was exchanged for another.
    init(_ inputs: [InputFile], _ definition: PipelineDefinition, _ state: StateFile, reprocesses: Bool, skipsCommitted: Bool) throws {
        files = try FileStore(state).all()
        var nextID = (files.map(\.id).max() ?? 0) + 1
        // In bytes, with a separator that no name has.
        func key(_ source: String, _ name: String) -> [UInt8] { Array(source.utf8) + [0] + Array(name.utf8) }
        var places = Dictionary(uniqueKeysWithValues: files.enumerated().map { (key($0.element.source, $0.element.name), $0.offset) })
        for input in inputs {
            let source = definition.sources[input.source].name
            var input = input
            // A file that earlier runs read under another of its names stays known by that.
            if places[key(source, input.name)] == nil, let name = input.otherNames.first(where: { places[key(source, $0)] != nil }) {
                input.name = name
            }
            guard let place = places[key(source, input.name)] else {
                let file = KnownFile(id: nextID, source: source, name: input.name)
                nextID += 1
                places[key(source, input.name)] = files.count
                files.append(file)
                wanted.append((input, file))
                continue
            }
            if input.path == "-" {
                input.linesBefore = files[place].linesBehind
                input.skipsLines = skipsCommitted
                wanted.append((input, files[place]))
                continue
            }
            if input.bytes == files[place].bytes, input.modified == files[place].modified, !reprocesses {
                done.append(input)
                doneLines += files[place].lines
                continue
            }
            switch try Self.compare(input, files[place]) {
            case .same where !reprocesses:
                done.append(input)
                doneLines += files[place].lines
            case .grown where !reprocesses:
                input.linesBefore = files[place].linesBehind
                input.skipsLines = true
                wanted.append((input, files[place]))
            case .other where !reprocesses:
                throw RunError.usage(
                    "\(input.name): the file was read by an earlier run and has other content now. Give new events in a file of another name, "
                        + "or use --reprocess to replace what was read from this one. Nothing was published")
            default:
                // Its lines are read again from the first; what was read before is taken out.
                guard files[place].sealed == 0 else {
                    throw RunError.usage(
                        "\(input.name): events of it lie in sealed time (`retention`) and cannot be taken out any more, so it cannot be read again. "
                            + "Nothing was published")
                }
                replaced.append(files[place])
                files[place] = KnownFile(id: files[place].id, source: files[place].source, name: files[place].name)
                wanted.append((input, files[place]))
            }
        }
    }

    /// What is to come on the same inputs, behind what was committed of them since.
    func following(in state: StateFile) throws -> StateInputs {
        var following = self
        following.files = try FileStore(state).all()
        following.replaced = []
        following.wanted = wanted.map { wanted in
            var (input, known) = wanted
            known = following.files.first { $0.id == known.id } ?? known
            input.linesBefore = known.linesBehind
            return (input, known)
        }
        return following
    }

    private enum Comparison { case same, grown, other }

    /// By content: the bytes that were read before, and whether more follow. Throws `IngestError` where they cannot be read.
    private static func compare(_ input: InputFile, _ known: KnownFile) throws -> Comparison {
        let descriptor = open(input.path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw IngestError.cannotOpen(path: input.path, reason: String(cString: strerror(errno))) }
        defer { close(descriptor) }
        guard let bytes = input.bytes, bytes >= known.bytes else { return .other }
        var (hash, rest) = (SHA256(), Int(known.bytes))
        var chunk = [UInt8](repeating: 0, count: 1 << 20)
        while rest > 0 {
            let count = read(descriptor, &chunk, min(rest, chunk.count))
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else {
                throw IngestError.cannotRead(path: input.path, offset: known.bytes - Int64(rest), reason: String(cString: strerror(errno)))
            }
            if count == 0 { break }
            chunk.withUnsafeBytes { hash.update(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
            rest -= count
        }
        guard rest == 0, hash.digest.hex == known.sha256 else { return .other }
        if bytes == known.bytes { return .same }
        // What was read up to the middle of a line was another line then.
        return known.endsWhole ? .grown : .other
    }
}
