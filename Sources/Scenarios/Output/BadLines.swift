/// The kinds of bad lines that are made by spoiling a good one that already stands in the writer.
enum BadLine {
    /// A key that begins with a byte no UTF-8 text holds.
    static func invalidUTF8(from start: Int, in line: inout ByteWriter) { line[start + 2] = 0xFF }

    /// In turns: cut off in the middle, followed by rubbish, or with a literal that JSON does not know.
    static func invalidJSON(from start: Int, variant: UInt64, in line: inout ByteWriter) {
        switch variant % 3 {
        case 0:
            // Not inside a character of several bytes: that would be bad UTF-8 instead.
            var end = start + (line.count - start) * 3 / 5
            while line[end - 1] >= 0x80 { end -= 1 }
            line.cut(at: end)
        case 1: line.text("} restart")
        default:
            line.cut(at: line.count - 1)
            line.text(",\"debug\":tru}")
        }
    }

    static func notAnObject(from start: Int, variant: UInt64, in line: inout ByteWriter) {
        line.cut(at: start)
        line.text(variant % 2 == 0 ? "[\"heartbeat\",1]" : "\"log rotated\"")
    }
}
