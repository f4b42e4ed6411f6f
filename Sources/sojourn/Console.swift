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

    /// Messages are coloured only for people: on a terminal, and not where NO_COLOR is set.
    private var usesColor: Bool { format == .text && isatty(2) == 1 && !forbidsColor }

    /// An empty NO_COLOR forbids nothing (no-color.org).
    private var forbidsColor: Bool { getenv("NO_COLOR").map { $0.pointee != 0 } ?? false }

    /// A progress line makes sense only where it can be overwritten.
    var showsProgress: Bool { !quiet && format == .text && isatty(2) == 1 }

    func result(_ lines: [String]) {
        guard !quiet else { return }
        Self.write(1, lines.map { $0 + "\n" }.joined())
    }

    /// Lines that were asked for and nothing else, so that they come out also when quiet.
    func picture(_ lines: [StyledLine]) {
        let isColoured = isatty(1) == 1 && !forbidsColor
        Self.write(1, lines.map { (isColoured ? $0.coloured : $0.plain) + "\n" }.joined())
    }

    /// For another program to read, so also when quiet; with its line end, and at once.
    func data(_ line: String) { Self.write(1, line) }

    func note(_ message: String) {
        guard !quiet else { return }
        say("info", message)
    }

    /// Something to be mended, though the work goes on.
    func warning(_ message: String) {
        guard !quiet else { return }
        say("warning", format == .text ? "warning: \(message)" : message)
    }

    /// Shown also when quiet.
    func error(_ message: String) {
        if usesColor {
            Self.write(2, "\u{1B}[31msojourn:\u{1B}[0m \(message)\n")
        } else {
            say("error", message)
        }
    }

    private func say(_ level: String, _ message: String) {
        switch format {
        case .text: Self.write(2, "sojourn: \(message)\n")
        case .json: Self.write(2, LogLine.json(level: level, message: message))
        }
    }

    func progress(_ text: String) { Self.write(2, "\r\u{1B}[K\(text)") }

    func clearProgress() { Self.write(2, "\r\u{1B}[K") }

    private static func write(_ descriptor: Int32, _ text: String) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return }
            bytes = bytes.dropFirst(count)
        }
    }
}

extension Console {
    /// What the argument parser has to say of wrong usage, with the name that begins all messages.
    func usage(_ message: String) {
        let prefix = "Error: "
        let text = message.hasPrefix(prefix) ? String(message.dropFirst(prefix.count)) : message
        Self.writeError("sojourn: " + text + "\n")
    }

    private static func writeError(_ text: String) { write(2, text) }
}

/// One message for machines: a JSON object and a line end.
enum LogLine {
    static func json(level: String, message: String) -> String {
        var bytes: [UInt8] = []
        JSONText.appendLine(.object([.init("level", .text(level)), .init("message", .text(message))]), to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}
