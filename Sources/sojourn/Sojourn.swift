import ArgumentParser

@main struct Sojourn: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sojourn", abstract: "Journey analytics from event logs.", subcommands: [GenerateCommand.self])
}
