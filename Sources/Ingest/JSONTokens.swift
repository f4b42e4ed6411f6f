/// The tokens of RFC 8259: each is given its beginning, and answers with the place behind it, or with nil where it is unsound.
extension JSONScanner {
    @inline(__always)
    func afterBlanks(_ place: Place) -> Place {
        var place = place
        while place.byte <= 32, place.byte == 32 || place.byte == 9 || place.byte == 13 { place += 1 }
        return place
    }

    /// With the opening quote at the place: the place behind the closing one.
    @inline(__always)
    func string(_ quote: Place, _ kind: inout Kind) -> Place? {
        let stop = (quote + 1).afterPlainText(&nonASCII)
        if stop.byte == UInt8(ascii: "\"") { return stop + 1 }
        kind = .escapedString
        return stringWithEscapes(stop)
    }

    private func stringWithEscapes(_ stop: Place) -> Place? {
        var place = stop
        while place.byte == UInt8(ascii: "\\") {
            switch place[1] {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"), UInt8(ascii: "n"),
                UInt8(ascii: "r"), UInt8(ascii: "t"):
                place += 2
            case UInt8(ascii: "u"):
                for digit in 2..<6 where !JSONEscapes.isHex(place[digit]) { return nil }
                place += 6
            default:
                return nil
            }
            place = place.afterPlainText(&nonASCII)
        }
        return place.byte == UInt8(ascii: "\"") ? place + 1 : nil
    }

    /// The four characters of a word, as they lie in memory.
    @inline(__always)
    func word(_ place: Place, _ expected: UInt32) -> Place? {
        place.load(as: UInt32.self) == expected ? place + 4 : nil
    }

    @inline(__always)
    private func afterDigits(_ start: Place) -> Place? {
        var place = start
        while place.byte &- 48 < 10 { place += 1 }
        return place == start ? nil : place
    }

    func number(_ start: Place) -> Place? {
        var place = start.byte == UInt8(ascii: "-") ? start + 1 : start
        if place.byte == UInt8(ascii: "0") {
            place += 1
        } else {
            guard let end = afterDigits(place) else { return nil }
            place = end
        }
        if place.byte == UInt8(ascii: ".") {
            guard let end = afterDigits(place + 1) else { return nil }
            place = end
        }
        if place.byte | 0x20 == UInt8(ascii: "e") {
            place += 1
            if place.byte == UInt8(ascii: "+") || place.byte == UInt8(ascii: "-") { place += 1 }
            return afterDigits(place)
        }
        return place
    }
}
