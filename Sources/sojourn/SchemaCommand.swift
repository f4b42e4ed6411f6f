import ArgumentParser
import Definitions
import Reports

struct SchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema", abstract: "Prints the JSON Schema of pipeline files, for editors.",
        discussion: """
            Draft-07, made of what `run` and `validate` read pipeline files by. An editor that knows it completes keys and \
            words, and marks what is wrong. What only a reader of the whole file can tell, `sojourn validate` says.

            Example:
              sojourn schema > pipeline.schema.json

            and in the pipeline file, as its first line:
              # yaml-language-server: $schema=pipeline.schema.json
            """)

    func run() { Console().data(String(decoding: JSONText.pretty(PipelineSchema.json), as: UTF8.self)) }
}
