import Events
import Expressions
import Journeys

/// Reads the notation of examples: events separated by `;`, each `channel touchpoint action outcome`, the last two as
/// needed, then `+2m` (since the event before), `by=agent`, `value=12.5`, `step=pay` and `NAME=value` for attributes. `-`
/// stands for nothing. Last may stand `now +1h`: when the log ends.
struct ExampleReader {
    private struct Word {
        var text: String
        var isQuoted: Bool
        var offset: Int
        /// Of the value behind `=`, where there is one.
        var value: (text: String, isQuoted: Bool)?
    }

    /// Without `+`, events follow one another by this much.
    private static let pause: Microseconds = 1_000_000
    static let eventsMax = 1000

    private let bytes: [UInt8]
    private var position = 0
    private var events: [FrictionExample.Event] = []

    private init(_ text: String) { bytes = Array(text.utf8) }

    /// - Throws: the first fault of the text, with its place.
    static func read(_ text: String, isMatch: Bool) throws(ExpressionError) -> FrictionExample {
        var reader = ExampleReader(text)
        var endsAfter: Microseconds?
        while reader.position < reader.bytes.count {
            let words = try reader.words()
            guard let first = words.first else {
                guard reader.position < reader.bytes.count || reader.events.isEmpty else { break }
                throw ExpressionError(
                    "an event is missing here; it is written `channel touchpoint action outcome +2m`", at: reader.position)
            }
            guard endsAfter == nil else { throw ExpressionError("`now` comes last", at: first.offset) }
            if first.text == "now", !first.isQuoted, first.value == nil, !reader.events.isEmpty {
                endsAfter = try reader.end(words)
            } else {
                try reader.event(words)
            }
        }
        guard !reader.events.isEmpty else { throw ExpressionError("the example has no event", at: 0) }
        return FrictionExample(text: text, events: reader.events, endsAfter: endsAfter, isMatch: isMatch)
    }

    // MARK: Events

    private func end(_ words: [Word]) throws(ExpressionError) -> Microseconds {
        guard words.count == 2, let time = Self.pause(words[1]) else {
            throw ExpressionError("write how long after the last event the log ends, as in `now +1h`", at: words[0].offset)
        }
        return time
    }

    private static func pause(_ word: Word) -> Microseconds? {
        guard word.text.hasPrefix("+"), !word.isQuoted, word.value == nil else { return nil }
        return DurationText.parse(String(word.text.dropFirst()))
    }

    private mutating func event(_ words: [Word]) throws(ExpressionError) {
        guard events.count < Self.eventsMax else {
            throw ExpressionError("an example may have \(Self.eventsMax) events", at: words[0].offset)
        }
        var plain: [Word] = []
        var pause = events.isEmpty ? 0 : Self.pause
        var named: [Word] = []
        for word in words {
            if word.value != nil {
                named.append(word)
            } else if word.text.hasPrefix("+"), !word.isQuoted {
                guard let time = Self.pause(word) else {
                    throw ExpressionError("`\(word.text)` is no time; write numbers with units, such as +30s, +2m or +1d", at: word.offset)
                }
                pause = time
            } else {
                guard plain.count < 4 else {
                    throw ExpressionError(
                        "a fifth word; an event is channel, touchpoint, action, outcome, then NAME=value", at: word.offset)
                }
                plain.append(word)
            }
        }
        guard plain.count >= 2 else {
            throw ExpressionError("an event needs a channel and a touchpoint, such as `web cart`", at: words[0].offset)
        }
        func text(_ place: Int) -> String? {
            guard place < plain.count, plain[place].text != "-" || plain[place].isQuoted else { return nil }
            return plain[place].text
        }
        guard let channel = text(0), let touchpoint = text(1) else {
            throw ExpressionError("channel and touchpoint cannot be left out", at: words[0].offset)
        }
        var event = FrictionExample.Event(time: (events.last?.time ?? 0) + pause, channel: channel, touchpoint: touchpoint)
        (event.action, event.outcome) = (text(2), text(3))
        for word in named { try Self.set(word, of: &event) }
        events.append(event)
    }

    private static func set(_ word: Word, of event: inout FrictionExample.Event) throws(ExpressionError) {
        guard let value = word.value else { return }
        switch word.text {
        case "by": event.initiator = value.text
        case "step": event.step = value.text
        case "channel", "touchpoint", "action", "outcome", "initiator":
            throw ExpressionError(
                "`\(word.text)` is written without its name: channel touchpoint action outcome, by=agent", at: word.offset)
        default:
            let name = word.text.hasPrefix("attributes.") ? String(word.text.dropFirst("attributes.".count)) : word.text
            event.scalars.append(.init(field: name == "value" ? .value : .attribute(name), text: value.text, type: type(of: value)))
        }
    }

    private static func type(of value: (text: String, isQuoted: Bool)) -> ScalarType {
        if value.isQuoted { return .string }
        if value.text == "true" || value.text == "false" { return .boolean }
        guard let first = value.text.utf8.first, (48...57).contains(first) || first == UInt8(ascii: "-") else { return .string }
        return Double(value.text) == nil ? .string : .number
    }

    // MARK: Words

    /// The words up to the next `;`, which is passed.
    private mutating func words() throws(ExpressionError) -> [Word] {
        var words: [Word] = []
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: ";"):
                position += 1
                return words
            case 0x20, 0x09, 0x0A, 0x0D: position += 1
            default:
                let start = position
                let (text, isQuoted) = try piece()
                var word = Word(text: text, isQuoted: isQuoted, offset: start)
                if position < bytes.count, bytes[position] == UInt8(ascii: "=") {
                    position += 1
                    word.value = try piece()
                }
                words.append(word)
            }
        }
        return words
    }

    /// Up to a blank, `;` or `=`; or what stands in double quotes.
    private mutating func piece() throws(ExpressionError) -> (text: String, isQuoted: Bool) {
        let start = position
        guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
            while position < bytes.count, !" \t\n\r;=".utf8.contains(bytes[position]) { position += 1 }
            guard position > start else { throw ExpressionError("a word is missing here", at: start) }
            return (String(decoding: bytes[start..<position], as: UTF8.self), false)
        }
        position += 1
        while position < bytes.count, bytes[position] != UInt8(ascii: "\"") { position += 1 }
        guard position < bytes.count else { throw ExpressionError("the text that begins here has no closing \"", at: start) }
        position += 1
        return (String(decoding: bytes[start + 1..<position - 1], as: UTF8.self), true)
    }
}
