import Events
import Reports

/// What a mapping of the pipeline file may hold. It is said here once: readers refuse other keys and take words and bounds from it,
/// and `sojourn schema` prints it.
struct SectionShape: Sendable, Equatable {
    /// In the order in which messages list them.
    private(set) var keys: [KeyShape]

    init(_ keys: [KeyShape]) { self.keys = keys }

    var names: [String] { keys.map(\.name) }

    subscript(name: String) -> KeyShape? { keys.first { $0.name == name } }

    func without(_ name: String) -> SectionShape { SectionShape(keys.filter { $0.name != name }) }

    /// The same with nothing that must be given and no defaults: for what replaces single keys of something that is whole.
    var changing: SectionShape {
        SectionShape(
            keys.map { key in
                var changing = key
                (changing.isRequired, changing.fallback) = (false, nil)
                if case .named(let inner, let count, let orNothing) = key.value {
                    changing.value = .named(inner, count: 0...count.upperBound, orNothing: orNothing)
                }
                return changing
            })
    }
}

/// One key of a mapping.
struct KeyShape: Sendable, Equatable {
    let name: String
    fileprivate(set) var value: ValueShape
    /// Whether its mapping is unsound without it.
    fileprivate(set) var isRequired: Bool
    /// What holds where it is not given.
    fileprivate(set) var fallback: JSONValue?
    /// The key without which it says nothing.
    let companion: String?
    /// A sentence for people.
    let words: String

    init(
        _ name: String, _ value: ValueShape, required: Bool = false, default fallback: JSONValue? = nil, beside companion: String? = nil,
        _ words: String
    ) {
        (self.name, self.value, isRequired, self.fallback, self.companion, self.words) = (name, value, required, fallback, companion, words)
    }
}

/// What a value may be.
indirect enum ValueShape: Sendable, Equatable {
    /// Any scalar that is not empty, as it is written.
    case text
    /// Any scalar.
    case anyText
    case boolean
    case integer(ClosedRange<Int>)
    /// With at most three decimals.
    case number(ClosedRange<Int64>)
    case duration
    case timeZone
    /// An expression over events, a check of tables, or a pattern: languages of their own, which a schema does not know.
    case expression
    /// A path to a field of a record.
    case path
    case word([String])
    /// The name of a shipped rule; or, where `orWhole`, of the library.
    case libraryRule(orWhole: Bool)
    /// A path, or one of the forms of pipelines/rules.md, 20; that of a time may have a unit.
    case form(isTime: Bool)
    case list(ValueShape, count: ClosedRange<Int> = 0...Int.max)
    /// A value, or a list of such.
    case oneOrList(ValueShape, count: ClosedRange<Int> = 0...Int.max)
    case section(SectionShape)
    /// A mapping whose keys are the pipeline's own words.
    case named(ValueShape, count: ClosedRange<Int> = 0...Int.max, orNothing: Bool = false)
    /// A mapping from names of shipped rules to what is different of them.
    case changes(SectionShape)

    static func word<Word: RawRepresentable<String> & CaseIterable>(_ type: Word.Type) -> ValueShape {
        .word(type.allCases.map(\.rawValue))
    }

    /// What stands in it, where it is a list or a mapping of one's own words; else itself.
    var inner: ValueShape {
        switch self {
        case .list(let item, _), .oneOrList(let item, _), .named(let item, _, _): item
        default: self
        }
    }
}

extension JSONValue {
    static func duration(_ duration: Microseconds) -> JSONValue { .text(DurationText.text(duration)) }

    static func texts(_ texts: [String]) -> JSONValue { .array(texts.map(JSONValue.text)) }

    /// Thousandths, as a whole number where they are one.
    static func thousandths(_ value: Int64) -> JSONValue {
        value % 1000 == 0 ? .integer(value / 1000) : .number(Double(value) / 1000)
    }
}
