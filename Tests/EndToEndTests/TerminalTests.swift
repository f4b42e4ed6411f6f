import Foundation
import Glibc
import TestSupport
import Testing

/// Where stdout is a closed pipe, and where stderr is a terminal.
@Suite struct TerminalTests {
    @Test func aClosedPipeIsNoError() throws {
        let log = try SmallLog()
        let (reading, writing) = try Running.pipe()
        close(reading)
        let running = try Running(["run", "p.yaml", "-o", "out"], in: log.folder.path, output: writing)
        close(writing)
        running.closeInput()
        let ended = running.wait()
        #expect(ended.status == 0 && ended.errors == "" && log.isPublished)
    }

    @Test(arguments: [([:], true), (["NO_COLOR": "1"], false)])
    func colourOnlyWhereWanted(_ environment: [String: String], _ isColoured: Bool) throws {
        let log = try SmallLog()
        let shown = try onTerminal(["run", "p.yaml", "-o", "out", "nothing-*"], log, ["TERM": "xterm"].merging(environment) { $1 })
        #expect(shown.text.contains("nothing-*: no file matches"))
        #expect(shown.text.contains("\u{1B}[31m") == isColoured)
        #expect(shown.status == 2)
    }

    /// What is wrong is red, what is doubtful yellow; a terminal that can do nothing gets plain words.
    @Test(arguments: [([:], true), (["NO_COLOR": "1"], false), (["TERM": "dumb"], false)])
    func breachesAreRed(_ environment: [String: String], _ isColoured: Bool) throws {
        let checks = "checks: [journeys.started > 1000, journeys.started > 0 where started > 1000]\n"
        let log = try SmallLog(Array(SmallLog.lines(30).utf8), pipeline: SmallLog.pipeline + checks)
        let environment = ["TERM": "xterm"].merging(environment) { $1 }
        let shown = try onTerminal(["run", "p.yaml", "-o", "out"], log, environment)
        #expect(shown.status == 4)
        #expect(shown.text.contains("\u{1B}[31msojourn: check breached: journeys.started > 1000") == isColoured, "\(shown.text)")
        #expect(shown.text.contains("\u{1B}[33msojourn: warning:\u{1B}[0m the check") == isColoured, "\(shown.text)")
        #expect(shown.text.contains("\u{1B}[3") == isColoured)
    }

    /// Headings of the summary are bold on a terminal, and plain in a file.
    @Test func headingsAreBold() throws {
        let log = try SmallLog()
        let shown = try onTerminal(["run", "p.yaml", "-o", "out"], log, ["TERM": "xterm"], isOutput: true)
        #expect(shown.text.contains("\u{1B}[1mNo stall points.\u{1B}[0m"), "\(shown.text)")
        #expect(try log.run().output.contains("\nNo stall points.\n"))
    }

    /// The summary is as wide as the terminal, with bars where there is room; in a file it has none.
    @Test(arguments: [(40, false), (60, true), (100, true)])
    func theSummaryIsAsWideAsTheTerminal(columns: Int, hasBars: Bool) throws {
        // Months later journeys are old enough to be judged.
        let log = try SmallLog(SmallLog.lines(200))
        let asOf = ["--as-of", "2026-06-01T00:00:00Z"]
        let shown = try onTerminal(
            ["run", "p.yaml", "-o", "out"] + asOf, log, ["TERM": "xterm", "NO_COLOR": "1"], isOutput: true, columns: UInt16(columns))
        let lines = shown.text.replacingOccurrences(of: "\r", with: "").split(separator: "\n")
        #expect(lines.allSatisfy { $0.count <= columns }, "\(shown.text)")
        #expect(shown.text.contains("█") == hasBars, "\(shown.text)")
        let plain = try log.run(asOf[0], asOf[1]).output
        #expect(!plain.contains("█") && plain.contains("converted  of mature"))
        // Columns go where there is no room, before any word is cut: a wide terminal has the words of the file.
        if columns >= 60 { #expect(!shown.text.contains("…"), "\(shown.text)") }
        func words(_ text: String) -> [Substring] { text.split { $0.isWhitespace || "▏▎▍▌▋▊▉█".contains($0) } }
        if columns == 100 { #expect(words(shown.text) == words(plain)) }
    }

    /// The line comes after 0.2 s at the earliest; the run waits for its input for longer than that.
    @Test(arguments: [([], true), (["--quiet"], false), (["--log-format", "json"], false)])
    func progressOnATerminal(_ arguments: [String], _ isShown: Bool) throws {
        let log = try SmallLog()
        let shown = try onTerminal(
            ["run", "p.yaml", "-o", "out", "-"] + arguments, log, ["TERM": "xterm"], input: Array(SmallLog.lines(30).utf8), pause: 700_000)
        #expect(shown.status == 0)
        #expect(shown.text.contains("reading: 0 lines, 0 a second") == isShown, "\(shown.text)")
        if isShown { #expect(shown.text.hasSuffix("\r\u{1B}[K"), "the line must be gone at the end: \(shown.text.debugDescription)") }
    }

    private func onTerminal(
        _ arguments: [String], _ log: SmallLog, _ environment: [String: String], input: [UInt8] = [], pause: UInt32 = 0,
        isOutput: Bool = false, columns: UInt16 = 0
    ) throws -> (text: String, status: Int32) {
        let terminal = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        defer { close(terminal) }
        // TIOCGPTN and TIOCSPTLCK, which Glibc's module does not show: the other end's number, and leave to open it.
        var (number, locked): (Int32, Int32) = (0, 0)
        try #require(terminal >= 0 && ioctl(terminal, 0x8004_5430, &number) == 0 && ioctl(terminal, 0x4004_5431, &locked) == 0)
        let slave = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY | O_CLOEXEC)
        try #require(slave >= 0)
        var size = winsize(ws_row: 25, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
        try #require(ioctl(slave, UInt(TIOCSWINSZ), &size) == 0)
        var environment = environment
        if environment["NO_COLOR"] == nil, ProcessInfo.processInfo.environment["NO_COLOR"] != nil { environment["NO_COLOR"] = "" }
        let running =
            try isOutput
            ? Running(arguments, in: log.folder.path, environment: environment, output: slave)
            : Running(arguments, in: log.folder.path, environment: environment, errors: slave)
        close(slave)
        running.write(input)
        usleep(pause)
        running.closeInput()
        let ended = running.wait()
        // The slave's end is closed now: what was written waits here, and then comes an error.
        var bytes: [UInt8] = []
        var room = [UInt8](repeating: 0, count: 4096)
        while case let count = read(terminal, &room, room.count), count > 0 { bytes += room[..<count] }
        return (String(decoding: bytes, as: UTF8.self), ended.status)
    }
}
