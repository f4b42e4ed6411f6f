/// How far a JSON document reaches that begins with the text, over line ends too. It looks at structure alone: what stands
/// for a number or a word may be any letters and digits.
struct JSONOutline {
    enum Ending: Equatable {
        /// The place behind it.
        case complete(Int)
        /// The text ends before it does.
        case open
        /// It is no JSON.
        case broken
    }

    private(set) var ending = Ending.open
    /// Line ends within it that something follows.
    private(set) var lineEnds = 0
    /// Values that began directly in an array that is the document; and those of them that are objects.
    private(set) var (elements, objects) = (0, 0)

    private enum Awaited { case value, valueOrEnd, key, keyOrEnd, colon, commaOrEnd }

    init(_ text: ArraySlice<UInt8>) { ending = read(text) }

    private mutating func read(_ text: ArraySlice<UInt8>) -> Ending {
        var awaited = Awaited.value
        // Whether each open container is an object.
        var open: [Bool] = []
        var waitingLineEnds = 0
        var place = text.startIndex
        while place < text.endIndex {
            let byte = text[place]
            if byte == 32 || byte == 9 || byte == 10 || byte == 13 {
                if byte == 10 { waitingLineEnds += 1 }
                place += 1
                continue
            }
            (lineEnds, waitingLineEnds) = (lineEnds + waitingLineEnds, 0)
            let start = place
            place += 1
            if open == [false], awaited == .value || awaited == .valueOrEnd, byte != UInt8(ascii: "]") {
                elements += 1
                if byte == UInt8(ascii: "{") { objects += 1 }
            }
            switch (byte, awaited) {
            case (UInt8(ascii: "{"), .value), (UInt8(ascii: "{"), .valueOrEnd):
                open.append(true)
                awaited = .keyOrEnd
                continue
            case (UInt8(ascii: "["), .value), (UInt8(ascii: "["), .valueOrEnd):
                open.append(false)
                awaited = .valueOrEnd
                continue
            case (UInt8(ascii: "}"), .keyOrEnd), (UInt8(ascii: "}"), .commaOrEnd):
                guard open.popLast() == true else { return .broken }
            case (UInt8(ascii: "]"), .valueOrEnd), (UInt8(ascii: "]"), .commaOrEnd):
                guard open.popLast() == false else { return .broken }
            case (UInt8(ascii: ","), .commaOrEnd):
                awaited = open.last == true ? .key : .value
                continue
            case (UInt8(ascii: ":"), .colon):
                awaited = .value
                continue
            case (UInt8(ascii: "\""), .key), (UInt8(ascii: "\""), .keyOrEnd):
                guard let end = Self.endOfString(text, start) else { return .broken }
                place = end
                awaited = .colon
                continue
            case (UInt8(ascii: "\""), .value), (UInt8(ascii: "\""), .valueOrEnd):
                guard let end = Self.endOfString(text, start) else { return .broken }
                place = end
            case (_, .value), (_, .valueOrEnd):
                guard Self.isWord(byte) else { return .broken }
                while place < text.endIndex, Self.isWord(text[place]) { place += 1 }
            default: return .broken
            }
            // A value has ended.
            awaited = .commaOrEnd
            if open.isEmpty { return .complete(place) }
        }
        return .open
    }

    /// The place behind the string that begins here, or the end of the text; nil where it holds a control character.
    private static func endOfString(_ text: ArraySlice<UInt8>, _ start: Int) -> Int? {
        var place = start + 1
        while place < text.endIndex {
            switch text[place] {
            case UInt8(ascii: "\""): return place + 1
            case UInt8(ascii: "\\"): place += 2
            case 0..<32: return nil
            default: place += 1
            }
        }
        return text.endIndex
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || [0x2B, 0x2D, 0x2E].contains(byte)
    }
}
