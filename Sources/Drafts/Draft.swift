import Definitions
import Disk
import Events
import Ingest

/// `init`: a pipeline file drafted from a look at a log, and what was found on the way.
///
/// The mapping is guessed from what sampled lines hold; then it is read as `run` reads a pipeline, and journeys are guessed from the
/// events that it makes. So a draft cannot say something else than the program understands.
package struct Draft {
    /// The pipeline file.
    package let text: String
    package let findings: DraftFindings

    /// Text that is looked at, in blocks of `LineSample`.
    private static let blocksMax = 32
    /// Lines of a source whose fields are looked at one by one.
    private static let linesMax = (first: 4000, spread: 1000)

    /// - Parameters:
    ///   - inputs: as `run` takes them.
    ///   - path: where the file will lie, as the user wrote it; nil: it goes to standard output, and is taken to lie in the working folder.
    /// Throws `DraftError`, and `IngestError` for inputs that cannot be found or read.
    package init(inputs: [String], path: String?) throws {
        let pipelinePath = path ?? "pipeline.yaml"
        let found = try DraftInputs(inputs, pipelinePath: pipelinePath)
        guard found.groups.contains(where: { $0.samples.contains { !$0.lines.isEmpty } }) else {
            throw DraftError.empty(files: inputs.joined(separator: ", "))
        }
        let groups = SourceGroups(found.groups)
        try groups.readOn(blocks: Self.blocksMax)
        var leftOut = found.foreign.map { "\($0.why)" }
        var (sources, samples): ([SourceDraft], [[LineSample]]) = ([], [])
        var fault: DraftError?
        for group in groups.sources {
            do {
                sources.append(try Self.source(group))
                samples.append(group.samples)
            } catch let error as DraftError {
                fault = fault ?? error
                leftOut.append("\(error)")
            }
        }
        if sources.isEmpty, let fault { throw fault }
        Self.tellPrecision(&sources)
        SharedIdentity.unite(&sources)
        let name = path.map { Self.name(of: $0) } ?? sources[0].name
        var events = try Self.events(sources, samples, name)
        var sampleNumber = 0
        for index in sources.indices {
            let nobodys = samples[index].indices.reduce(0) { $0 + (events.nobodys[sampleNumber + $1] ?? 0) }
            sampleNumber += samples[index].count
            let isFew = nobodys * 200 <= samples[index].reduce(0) { $0 + $1.lines.count }
            if !isFew, sources[index].format == nil { sources[index].identifiesNobody = sources[index].identity.eventID != nil }
        }
        if sources.contains(where: \.identifiesNobody) { events = try Self.events(sources, samples, name) }
        for index in sources.indices where sources[index].format != nil {
            // What the format's mapping takes for touchpoints is known only now.
            let own = try Self.events([sources[index]], [samples[index]], name)
            sources[index].patterns = PathPatterns(own.touchpoints)
        }
        if sources.contains(where: { $0.format != nil && $0.patterns != nil }) { events = try Self.events(sources, samples, name) }
        guard events.count > 0 else {
            throw DraftError.unusable(reasons: events.rejected.reasons.map { "\($0.count) \($0.reason.rawValue)" }.joined(separator: ", "))
        }
        let look = DraftLook(
            lines: Int(events.lines), files: samples.reduce(0) { $0 + $1.count }, allFiles: found.files,
            isWhole: samples.allSatisfy { $0.allSatisfy(\.isAtEnd) } && samples.reduce(0) { $0 + $1.count } == found.files)
        let writer = DraftWriter(name: name, path: path, look: look, sources: sources, events: events)
        text = writer.text
        findings = DraftFindings(look: look, sources: sources, events: events, journeys: writer.journeys, leftOut: leftOut)
        do throws(PipelineFileError) { _ = try PipelineReader.read(text: Array(text.utf8), name: path ?? "draft") } catch {
            throw DraftError.broken(error.description)
        }
    }

    private static func source(_ group: SourceGroups.Source) throws -> SourceDraft {
        let lines = group.lines(first: linesMax.first, spread: linesMax.spread)
        let survey = FieldSurvey(lines: lines)
        guard survey.records > 0 else { throw DraftError.noJSON(source: group.shown, lines: survey.lines) }
        if let format = KnownFormat.of(survey) {
            let draft = SourceDraft(name: group.name, inputs: group.inputs, survey: survey, format: format)
            let events = try events([draft], [group.samples], group.name)
            // Somebody's own events in the format's envelope may have nothing that the mapping asks for.
            let lost = events.rejected.reasons.reduce(0) { $0 + ($1.reason.isOfMapping ? $1.count : 0) }
            if events.count > 0, 10 * lost < events.lines { return draft }
        }
        var best = SourceDraft(name: group.name, inputs: group.inputs, survey: survey, format: nil)
        if best.times.isEmpty, let array = survey.arrays.max(by: { $0.elements < $1.elements }) {
            best = SourceDraft(name: group.name, inputs: group.inputs, survey: FieldSurvey(lines: lines, each: array.path), format: nil)
        }
        let names = survey.fields.map(\.name)
        guard !best.times.isEmpty else {
            throw DraftError.noTime(source: group.shown, fields: names, unreadable: TimeGuess.unreadable(survey))
        }
        guard !best.identity.ids.isEmpty else { throw DraftError.noIdentity(source: group.shown, fields: names) }
        return best
    }

    /// Sources whose times are coarser than another's.
    private static func tellPrecision(_ sources: inout [SourceDraft]) {
        let finest = sources.compactMap { $0.times.first?.precision }.min() ?? 1
        for index in sources.indices { sources[index].tellsPrecision = (sources[index].times.first?.precision ?? 1) > finest }
    }

    private static func events(_ sources: [SourceDraft], _ samples: [[LineSample]], _ name: String) throws -> SampledEvents {
        let text = DraftWriter.mapping(name: name, sources).joined(separator: "\n") + "\n"
        let definition: PipelineDefinition
        do throws(PipelineFileError) { definition = try PipelineReader.read(text: Array(text.utf8), name: "draft") } catch {
            throw DraftError.broken(error.description)
        }
        return try SampledEvents(samples, definition: definition)
    }

    private static func name(of path: String) -> String {
        let name = FilePaths.split(path).name
        return String(name.prefix { $0 != "." }).isEmpty ? "pipeline" : String(name.prefix { $0 != "." })
    }
}

extension RejectReason {
    /// Whether another mapping might have used the line.
    fileprivate var isOfMapping: Bool {
        switch self {
        case .badTime, .missingIdentity, .missingChannel, .missingTouchpoint, .badInitiator: true
        case .lineTooLong, .invalidUTF8, .invalidJSON, .notAnObject, .missingTime: false
        }
    }
}

/// How much of a log was looked at.
package struct DraftLook {
    package let lines: Int
    package let files: Int
    package let allFiles: Int
    /// Whether that is all of it.
    package let isWhole: Bool

    var words: String {
        let count = allFiles == files ? "\(files) file\(files == 1 ? "" : "s")" : "\(files) of \(allFiles) files"
        return "\(Self.grouped(lines)) line\(lines == 1 ? "" : "s") of \(count)\(isWhole ? ", which is all of it" : "")"
    }

    static func grouped(_ number: Int) -> String {
        String(String(number).reversed().enumerated().flatMap { $0 > 0 && $0 % 3 == 0 ? [",", $1] : [$1] }.reversed())
    }
}
