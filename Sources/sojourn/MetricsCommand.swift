import ArgumentParser
import Definitions
import Reports

struct MetricsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "metrics", abstract: "Says what every table and column means, by question.",
        discussion: "As Markdown: pipelines/metrics.md is what this command prints.")

    func run() { Console().result([MetricsPage.text(PipelineDefinition.emptyTables.total, daily: PipelineDefinition.emptyTables.daily)]) }
}
