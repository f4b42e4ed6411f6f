import Events
import Runs

extension RunCommand {
    /// What the words of the command line come to. Throws `RunError.usage`.
    func options() throws -> RunOptions {
        var options = RunOptions(try log.options(), outputFolder: output)
        guard let limit = RejectLimit(maxRejects) else {
            throw RunError.usage("--max-rejects \(maxRejects): give a count such as 100, or a share such as 1%")
        }
        options.maxRejects = limit
        if let expectLines, expectLines < 0 { throw RunError.usage("--expect-lines \(expectLines): give a number of lines") }
        options.expectedLines = expectLines
        guard state != nil || !(reprocess || rebuild || skipCommitted || acceptJump) else {
            throw RunError.usage(
                "--reprocess, --rebuild, --skip-committed and --accept-jump speak of a state; name its folder with --state")
        }
        options.stateFolder = state
        options.metricsFile = metricsFile
        options.reprocesses = reprocess
        options.rebuilds = rebuild
        options.skipsCommitted = skipCommitted
        options.acceptsJump = acceptJump
        options.isStrict = strict
        options.csvForm = excel ? .spreadsheet : .exact
        options.every = try interval()
        options.log.expectsEnd = expectEnd
        options.log.keepsRawText = quarantineRaw
        return options
    }

    private static let shortestInterval: Microseconds = 100_000

    private func interval() throws -> Microseconds? {
        guard let every else { return nil }
        guard let interval = DurationText.parse(every), interval >= Self.shortestInterval else {
            throw RunError.usage(
                "--every \(every): give a duration of at least \(DurationText.text(Self.shortestInterval)), such as 60s or 5m")
        }
        guard state != nil else { throw RunError.usage("--every commits to a state again and again; name its folder with --state") }
        guard log.inputs == ["-"] else { throw RunError.usage("--every is for standard input without end; give - as the only input") }
        guard !reprocess, !rebuild else {
            throw RunError.usage(
                "--reprocess and --rebuild are done once, so not beside --every; run with them over an empty standard input first")
        }
        return interval
    }
}
