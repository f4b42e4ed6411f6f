/// String escapes of RFC 8259, section 7.
package enum JSONEscapes {
    @inline(__always)
    static func isHex(_ byte: UInt8) -> Bool { byte &- 48 < 10 || (byte | 0x20) &- 97 < 6 }

    /// Decodes a string whose escapes were found sound; it becomes no longer by that.
    /// A surrogate without its partner becomes its own three bytes (as in WTF-8): two texts that differ stay two.
    static func decode(_ text: Text, into room: ByteRoom) -> Text {
        var read = 0
        var written = 0
        while read < text.count {
            guard text[read] == UInt8(ascii: "\\") else {
                room[written] = text[read]
                read += 1
                written += 1
                continue
            }
            let escape = text[read + 1]
            if escape == UInt8(ascii: "u") {
                var scalar = hex(text, read + 2)
                read += 6
                if scalar & 0xFC00 == 0xD800, read + 6 <= text.count, text[read] == UInt8(ascii: "\\"), text[read + 1] == UInt8(ascii: "u")
                {
                    let low = hex(text, read + 2)
                    if low & 0xFC00 == 0xDC00 {
                        scalar = 0x10000 + (scalar & 0x3FF) << 10 + (low & 0x3FF)
                        read += 6
                    }
                }
                written += encode(scalar, room, written)
            } else {
                room[written] = plain(escape)
                read += 2
                written += 1
            }
        }
        return room.text(0..<written)
    }

    private static func plain(_ escape: UInt8) -> UInt8 {
        switch escape {
        case UInt8(ascii: "b"): 8
        case UInt8(ascii: "f"): 12
        case UInt8(ascii: "n"): 10
        case UInt8(ascii: "r"): 13
        case UInt8(ascii: "t"): 9
        default: escape
        }
    }

    private static func hex(_ text: Text, _ start: Int) -> UInt32 {
        (start..<start + 4).reduce(0) { value, place in
            let byte = text[place]
            return value << 4 | UInt32(byte < 58 ? byte - 48 : (byte | 0x20) - 87)
        }
    }

    private static func encode(_ scalar: UInt32, _ room: ByteRoom, _ start: Int) -> Int {
        func tail(_ shift: UInt32) -> UInt8 { UInt8(0x80 | scalar >> shift & 0x3F) }
        switch scalar {
        case ..<0x80:
            room[start] = UInt8(scalar)
            return 1
        case ..<0x800:
            room[start] = UInt8(0xC0 | scalar >> 6)
            room[start + 1] = tail(0)
            return 2
        case ..<0x10000:
            room[start] = UInt8(0xE0 | scalar >> 12)
            room[start + 1] = tail(6)
            room[start + 2] = tail(0)
            return 3
        default:
            room[start] = UInt8(0xF0 | scalar >> 18)
            room[start + 1] = tail(12)
            room[start + 2] = tail(6)
            room[start + 3] = tail(0)
            return 4
        }
    }

    /// Decodes the escapes in a text of which nobody knows whether it is JSON: a backslash that begins none stays as it is. O(bytes).
    package static func decodeAnywhere(_ text: [UInt8]) -> [UInt8] {
        var sound: [UInt8] = []
        var place = 0
        while place < text.count {
            let length = text[place] == UInt8(ascii: "\\") ? escapeLength(text[place...]) : 1
            if length == 0 { sound.append(UInt8(ascii: "\\")) }
            sound += text[place..<(place + max(1, length))]
            place += max(1, length)
        }
        let room = ByteRoom(count: sound.count)
        defer { room.release() }
        return Text.with(sound) { Array(decode($0, into: room).bytes) }
    }

    /// Of the escape that a backslash begins; 0 where it begins none.
    private static func escapeLength(_ text: ArraySlice<UInt8>) -> Int {
        guard let letter = text.dropFirst().first else { return 0 }
        if letter == UInt8(ascii: "u") { return text.count >= 6 && text.dropFirst(2).prefix(4).allSatisfy(isHex) ? 6 : 0 }
        return "\"\\/bfnrt".utf8.contains(letter) ? 2 : 0
    }
}
