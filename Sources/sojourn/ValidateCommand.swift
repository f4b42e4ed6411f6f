import ArgumentParser
import Definitions
import Runs
import Tables
import Timelines

struct ValidateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate", abstract: "Checks a pipeline file and shows the first events of each source.",
        usage: "sojourn validate [<options>] <pipeline> [<input> ...]",
        discussion: """
            What the file has wrong is listed with line and column, all at once. Then the beginning of each source's first file is \
            read, and the first events are shown as the pipeline maps them. Of each friction rule it is said whether these \
            lines have what it needs, and its examples are run; what in the file and \
            these lines does not fit together is warned of. Nothing is written.
            """)

    @Argument(help: ArgumentHelp("The pipeline file (YAML).", valueName: "pipeline"))
    var pipeline: String

    @Argument(help: ArgumentHelp("Files, globs or folders; without: each source's input.", valueName: "input"))
    var inputs: [String] = []

    @Option(help: ArgumentHelp("The source that the inputs belong to, where it cannot be told.", valueName: "name"))
    var source: String?

    @Flag(name: .customLong("allow-empty"), help: "Let a pattern match no file.")
    var allowEmpty = false

    @OptionGroup var talk: TalkOptions

    func run() throws {
        let console = talk.console
        do {
            let validation = try Validation(pipelinePath: pipeline, inputs: inputs, source: source, allowsEmpty: allowEmpty)
            for fault in validation.faults { console.error("\(fault)") }
            for warning in validation.warnings { console.warning(warning) }
            for note in validation.notes { console.note(note) }
            if validation.faults.isEmpty { show(validation, console) }
            for warning in validation.mistakes { console.warning(warning.line) }
            guard validation.faults.isEmpty else { throw ExitCode(2) }
            try checkExamples(validation.definition, console)
            let unusable = validation.sources.filter { $0.lines > 0 && $0.mapped == 0 }
            guard unusable.isEmpty else {
                console.error(
                    "no line of the sample of \(unusable.map(\.name).joined(separator: ", ")) can be used; look at its fields and the reasons above"
                )
                throw ExitCode(1)
            }
        } catch let error as PipelineFileError {
            for diagnostic in error.diagnostics { console.error("\(diagnostic)") }
            throw ExitCode(2)
        } catch let error as RunError {
            console.error("\(error)")
            throw ExitCode(error.exitStatus)
        }
    }

    private func show(_ validation: Validation, _ console: Console) {
        func result(_ lines: [String], heading: Int) {
            console.result(lines.enumerated().map { StyledLine($1, $0 == heading ? .strong : .plain) })
        }
        result(["\(pipeline) is sound: \(validation.name), \(validation.summary)"], heading: 0)
        for source in validation.sources { result(lines(source), heading: 1) }
        if !validation.rules.isEmpty { result(lines(validation.rules), heading: 1) }
    }

    private func checkExamples(_ definition: PipelineDefinition, _ console: Console) throws {
        let failed = try RuleTest(definition).rules.filter { !$0.failures.isEmpty }
        guard !failed.isEmpty else { return }
        for rule in failed {
            let count = rule.failures.count
            console.error(
                "rule \(rule.name): \(count) example\(count == 1 ? " does" : "s do") not come out as \(count == 1 ? "it says" : "they say"); "
                    + "`sojourn test \(pipeline)` shows why")
        }
        throw ExitCode(2)
    }

    private func lines(_ rules: [Validation.Rule]) -> [String] {
        let table = TextTable(
            header: ["rule", "measurable", "no event has"],
            rows: rules.map { [$0.name, $0.missing.isEmpty ? "yes" : "no", $0.missing.joined(separator: "; ")] })
        let count = rules.count { $0.missing.isEmpty }
        return ["", "friction rules: by these first lines, \(count) of \(rules.count) can be measured"] + table.lines(cellWidthMax: 80)
    }

    private func lines(_ source: Validation.Source) -> [String] {
        var lines = [
            "",
            "\(source.name): \(NumberText.grouped(source.files)) file\(source.files == 1 ? "" : "s"); of the first "
                + "\(NumberText.grouped(source.lines)) lines \(NumberText.grouped(source.mapped)) can be used",
        ]
        for (reason, count) in source.reasons {
            lines.append("  \(NumberText.grouped(count)) \(reason.rawValue)" + (reason.hint.map { ": \($0)" } ?? ""))
        }
        if let first = source.firstReject { lines.append("  first: \(first)") }
        if !source.sample.rows.isEmpty { lines += source.sample.lines() }
        return lines
    }
}
