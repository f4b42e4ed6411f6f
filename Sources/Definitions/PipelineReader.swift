import Digests
import Disk
import Expressions
import Foundation
import Identity
import Journeys
import Reports

/// Reads a pipeline file (pipelines/rules.md, 14) into a definition, or says everything that is wrong with it.
///
/// A key whose value is null counts as not given. Names and texts may be any scalar; numbers and truth values are
/// what the YAML 1.2 core schema takes for such.
package enum PipelineReader {
    static let shape: SectionShape = {
        let usual = PipelineDefinition(name: "", sources: [], identity: IdentityDefinition())
        return SectionShape(
            [
                .init("version", .integer(1...1), required: true, "The version of this language."),
                .init("name", .text, required: true, "What the pipeline is called."),
                .init("timezone", .timeZone, default: .text(usual.timezone), "IANA name of the zone in which days are cut."),
                .init("sources", .list(.section(SourceSection.shape), count: 1...Int.max), required: true, "Where lines come from."),
                .init("identity", .section(IdentityReader.shape), required: true, "Which ids make a person."),
                .init("channels", .named(.section(ChannelReader.shape), orNothing: true), "How customers reach the organization, by name."),
                .init("sessions", .section(SessionReader.shape), "What ends a session, in channels that say nothing else."),
                .init("journeys", .list(.section(JourneyReader.shape)), "Types of journeys: attempts at a goal."),
                .init(
                    "dimensions", .list(.section(DimensionReader.shape), count: 0...DimensionReader.dimensionsMax),
                    "By what journeys are set side by side."),
                .init("contacts", .section(ContactReader.shape), "What one contact in assisted channels is, and when it is settled."),
                .init("frictions", .section(FrictionsReader.shape), "Rules that find what costs customers effort; default: none."),
                .init("checks", .list(.expression), "What the published tables must hold, such as `journeys.conversion_rate >= 0.2`."),
                .init("privacy", .section(PrivacyReader.shape), "How persons are hidden."),
                .init("error_outcomes", .list(.text), default: .texts(usual.errorOutcomes), "Outcomes that count as errors."),
                .init(
                    "max_line_bytes", .integer(1 << 10...16 << 20), default: .integer(Int64(usual.maxLineBytes)),
                    "Longer lines are put aside."),
                .init(
                    "retention", .duration, default: .duration(usual.retention),
                    "With a state, time that lies longer than this before as-of is sealed."),
            ] + MeasureReader.keys)
    }()

    /// Reads the file at `path`; messages name it as given here. Reads no more of it than the largest accepted size.
    /// - Parameter opensKey: false: for looking at the file only. No log can be read with a definition that lacks its key.
    package static func read(path: String, opensKey: Bool = true) throws(PipelineFileError) -> PipelineDefinition {
        let examined = examine(path: path, opensKey: opensKey)
        guard let definition = examined.definition, examined.faults.isEmpty else { throw PipelineFileError(diagnostics: examined.faults) }
        return definition
    }

    /// What a file says, and what is wrong with it.
    package struct Examined {
        /// nil where no log can be read by it: what `sources`, `identity` or `privacy` say is not sound. Journeys and rules with a
        /// fault are left out.
        package var definition: PipelineDefinition?
        /// In the order of the file, at most 100 of them.
        package var faults: [PipelineDiagnostic] = []
    }

    /// Like `read`, but says what it can of a file with faults.
    package static func examine(path: String, opensKey: Bool = true) -> Examined {
        func fault(_ message: String) -> Examined {
            Examined(faults: [PipelineDiagnostic(file: path, line: 0, column: 0, message: message)])
        }
        guard let file = fopen(path, "rb") else { return fault("cannot be opened: \(String(cString: strerror(errno)))") }
        defer { fclose(file) }
        // One byte beyond the limit is enough to know that it is passed.
        let bytes = [UInt8](unsafeUninitializedCapacity: YAMLReader.textBytesMax + 1) { buffer, count in
            count = fread(buffer.baseAddress, 1, buffer.count, file)
        }
        guard ferror(file) == 0 else { return fault("cannot be read: \(String(cString: strerror(errno)))") }
        let folder = FilePaths.folder(of: FilePaths.absolute(path, from: FilePaths.workingFolder))
        var (examined, hash) = (examine(text: bytes, name: path, keyFolder: opensKey ? folder : nil), SHA256())
        bytes.withUnsafeBytes { hash.update($0) }
        examined.definition?.fileText = bytes
        examined.definition?.fileSHA256 = hash.digest.hex
        return examined
    }

    /// Reads the bytes of a pipeline file; `name` is what messages call it.
    ///
    /// - Parameter keyFolder: where a key file is looked for; nil: none is opened.
    /// - Throws: all faults of the file in its order, at most 100 of them.
    /// - Complexity: O(n log n) in the size of the file.
    package static func read(text bytes: [UInt8], name: String, keyFolder: String? = nil) throws(PipelineFileError) -> PipelineDefinition {
        let examined = examine(text: bytes, name: name, keyFolder: keyFolder)
        guard let definition = examined.definition, examined.faults.isEmpty else { throw PipelineFileError(diagnostics: examined.faults) }
        return definition
    }

    private static func examine(text bytes: [UInt8], name: String, keyFolder: String?) -> Examined {
        let diagnostics = DiagnosticList(file: name)
        let definition = YAMLReader.read(bytes, diagnostics: diagnostics).flatMap { self.definition($0, keyFolder: keyFolder, diagnostics) }
        return Examined(definition: definition, faults: diagnostics.sorted)
    }

    /// Returns nil only having reported why.
    private static func definition(_ root: YAMLNode, keyFolder: String?, _ diagnostics: DiagnosticList) -> PipelineDefinition? {
        guard let file = SectionReader(root, what: "the pipeline file", shape: shape, diagnostics: diagnostics) else { return nil }
        checkVersion(file)
        let name = file.required("name", "give the pipeline a name").flatMap { file.text(of: $0, "name") }
        _ = file.required("identity", "declare the types of ids, as in `identity: {known: [customer]}`")
        let identity = file.section("identity").map(IdentityReader.read)
        let patterns = PatternCheck()
        let mapped = Self.sources(file, identity, patterns)
        let privacy = file.section("privacy").map(PrivacyReader.init)
        let sources = mapped.map { privacy?.apply(to: $0) ?? $0 }
        var pipeline = PipelineDefinition(name: name ?? "", sources: sources ?? [], identity: identity ?? IdentityDefinition())
        pipeline.privacy = privacy?.read(folder: keyFolder) ?? pipeline.privacy
        pipeline.timezone = file.timeZone("timezone") ?? pipeline.timezone
        pipeline.sessions = file.section("sessions").map(SessionReader.read) ?? pipeline.sessions
        pipeline.maxLineBytes = file.integer("max_line_bytes") ?? pipeline.maxLineBytes
        var scope = FieldScope(
            attributes: sources.map(attributes), dropped: attributes(mapped ?? []).subtracting(attributes(sources ?? [])),
            allowsStep: false, patternFault: patterns.fault)
        pipeline.channels = ChannelReader(scope: scope, file: file).read()
        let readsLogs = diagnostics.isEmpty
        pipeline.dimensions = DimensionReader.read(file, scope)
        pipeline.measures = MeasureReader(file: file, scope: scope).read()
        pipeline.contacts = file.section("contacts").map { ContactReader.read($0, scope) } ?? pipeline.contacts
        scope.allowsStep = true
        var (journeys, steps): (Set<String>, Set<String>) = ([], [])
        pipeline.journeys = file.sections("journeys", kind: "journey", example: "journeys: [{name: purchase, …}]")
            .compactMap {
                let faults = diagnostics.count
                var reader = JourneyReader(section: $0, scope: scope)
                let journey = reader.read(taken: &journeys, allSteps: &steps)
                return diagnostics.count == faults ? journey : nil
            }
        scope.steps = steps
        var frictions: Set<String> = []
        let faults = diagnostics.count
        pipeline.frictions =
            file.section("frictions").map { FrictionsReader(section: $0, scope: scope) }?.read(names: &frictions) ?? []
        if diagnostics.count != faults { pipeline.frictions = [] }
        let texts = pipeline.checkedTexts(journeys: journeys, steps: steps, frictions: frictions, isWhole: diagnostics.isEmpty)
        pipeline.checks = checks(file, texts)
        pipeline.errorOutcomes = file.texts("error_outcomes", example: "error_outcomes: [error]")?.map(\.text) ?? pipeline.errorOutcomes
        pipeline.retention = file.duration("retention") ?? pipeline.retention
        pipeline.fingerprint = PipelineFingerprint(
            root, library: pipeline.frictions.isEmpty ? nil : StandardLibrary.text, keyID: pipeline.privacy.keyID,
            countsRowPersons: pipeline.privacy.minCount != nil)
        return readsLogs && !diagnostics.isFull ? pipeline : nil
    }

    private static func checks(_ file: SectionReader, _ texts: [String: TableCheck.KnownTexts]) -> [TableCheck] {
        (file.list("checks", example: "checks: ['journeys.conversion_rate >= 0.2']") ?? []).compactMap { node in
            file.parsed(of: node, "checks", ("a check", "the check")) { (text) throws(ExpressionError) in
                try TableCheck.parse(text, tables: PipelineDefinition.checkedTables, texts: texts)
            }
        }
    }

    private static func attributes(_ sources: [SourceDefinition]) -> Set<String> { Set(sources.flatMap(\.attributeNames)) }

    private static func checkVersion(_ file: SectionReader) {
        guard let node = file.required("version", "this is version 1: write `version: 1` first"),
            let scalar = file.scalar(of: node, "1", "version"), scalar.integer != 1
        else { return }
        file.diagnostics.add("`version` must be 1, but is `\(DiagnosticList.excerpt(scalar.text))`; this program knows no other", at: node)
    }

    /// nil where there is no usable list, so that nothing that hangs on the sources is reported besides.
    private static func sources(_ file: SectionReader, _ identity: IdentityDefinition?, _ patterns: PatternCheck) -> [SourceDefinition]? {
        let example = "sources: [{name: web, input: …}]"
        guard let node = file.required("sources", "describe at least one, as in `\(example)`"),
            let items = file.list("sources", example: example)
        else { return nil }
        if items.isEmpty { file.diagnostics.add("`sources` is empty; describe at least one, as in `\(example)`", at: node) }
        var taken: Set<String> = []
        let types = identity.map(IdentityTypes.init)
        let sections = file.sections("sources", kind: "source", example: example)
        return sections.map { SourceSection(section: $0, identityTypes: types, patterns: patterns).read(taken: &taken) }
    }
}
