import Glibc
import Reports
import Runs
import Timelines

/// Words on stderr and results on stdout. Results are plain text; messages are text or, for machines, a JSON object
/// a line. A reader who closes the pipe has seen enough: that is no error.
struct Console {
    enum Format: String, CaseIterable { case text, json }

    var quiet = false
    var format = Format.text

    /// Whether what goes to the descriptor is coloured: for people, on a terminal that can, and not where NO_COLOR is set. An empty
    /// NO_COLOR forbids nothing (no-color.org).
    private func usesColour(_ descriptor: Int32) -> Bool {
        understandsEscapes(descriptor) && Self.environment("NO_COLOR").isEmpty
    }

    /// Whether it is a terminal that understands more than lines of text.
    private func understandsEscapes(_ descriptor: Int32) -> Bool {
        format == .text && isatty(descriptor) == 1 && Self.environment("TERM") != "dumb"
    }

    private static func environment(_ name: String) -> String { getenv(name).map { String(cString: $0) } ?? "" }

    /// How many columns results have: those of the terminal; nil where stdout is none, or one that knows neither its width nor escapes.
    var resultWidth: Int? {
        guard understandsEscapes(1) else { return nil }
        var size = winsize()
        if ioctl(1, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 { return Int(size.ws_col) }
        return Int(Self.environment("COLUMNS")).flatMap { $0 > 0 ? $0 : nil }
    }

    /// A progress line makes sense only where it can be overwritten.
    var showsProgress: Bool { !quiet && understandsEscapes(2) }

    func result(_ lines: [String]) { result(lines.map { StyledLine($0) }) }

    func result(_ lines: [StyledLine]) { if !quiet { picture(lines) } }

    /// Lines that were asked for and nothing else, so that they come out also when quiet.
    func picture(_ lines: [StyledLine]) {
        let isColoured = usesColour(1)
        Self.write(1, lines.map { (isColoured ? $0.coloured : $0.plain) + "\n" }.joined())
    }

    /// For another program to read, so also when quiet; with its line end, and at once.
    func data(_ line: String) { Self.write(1, line) }

    /// The same for bytes.
    func data(_ bytes: [UInt8]) { Self.write(1, bytes) }

    func note(_ message: String) {
        guard !quiet else { return }
        say("info", message)
    }

    /// Something to be mended, though the work goes on.
    func warning(_ message: String) {
        guard !quiet else { return }
        say("warning", message, prefix: "sojourn: warning:", .stall)
    }

    /// Shown also when quiet.
    func error(_ message: String) { say("error", message, prefix: "sojourn:", .friction) }

    /// What the argument parser has to say of wrong usage, with the name that begins all messages.
    func usage(_ message: String) {
        let prefix = "Error: "
        error(message.hasPrefix(prefix) ? String(message.dropFirst(prefix.count)) : message)
    }

    /// A check that does not hold, with the rows that fail; shown also when quiet.
    func breach(_ words: String) {
        guard format == .text, usesColour(2) else { return error(words) }
        Self.write(2, StyledLine("sojourn: \(words)", .friction).coloured + "\n")
    }

    private func say(_ level: String, _ message: String, prefix: String = "sojourn:", _ style: StyledLine.Style = .plain) {
        switch format {
        case .text: Self.write(2, "\(usesColour(2) ? StyledLine(prefix, style).coloured : prefix) \(message)\n")
        case .json: Self.write(2, LogLine.json(level: level, message: message))
        }
    }

    func progress(_ text: String) { Self.write(2, "\r\u{1B}[K\(text)") }

    func clearProgress() { Self.write(2, "\r\u{1B}[K") }

    private static func write(_ descriptor: Int32, _ text: String) { write(descriptor, Array(text.utf8)) }

    private static func write(_ descriptor: Int32, _ all: [UInt8]) {
        var bytes = all[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return }
            bytes = bytes.dropFirst(count)
        }
    }
}

/// One message for machines: a JSON object and a line end.
enum LogLine {
    static func json(level: String, message: String) -> String {
        var bytes: [UInt8] = []
        JSONText.appendLine(.object([.init("level", .text(level)), .init("message", .text(message))]), to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}
