import Reports

/// One message for machines: a JSON object and a line end.
package enum LogLine {
    package static func json(level: String, message: String) -> String {
        var bytes: [UInt8] = []
        JSONText.appendLine(.object([.init("level", .text(level)), .init("message", .text(message))]), to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}
