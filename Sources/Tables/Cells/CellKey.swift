public import Events

/// What a cell counts under: a fixed number of symbols and numbers, so that every table's keys are alike. What a table has
/// no use for is 0.
public struct CellKey: Hashable, Sendable, BitwiseCopyable {
    /// Number of the journey type in the pipeline, or `allTypes`.
    public var type: UInt32
    /// Symbol of the segment that is counted; 0: all of them together.
    public var slice: UInt32
    /// The table's own: numbers from the pipeline, or symbols of texts.
    public var first: UInt32
    public var second: UInt32
    public var third: UInt32
    public var fourth: UInt32
    /// Days since 1970-01-01 in the pipeline's time zone, or `allDays`.
    public var day: Int32

    public init(
        type: UInt32 = 0, slice: UInt32 = 0, _ first: UInt32 = 0, _ second: UInt32 = 0, _ third: UInt32 = 0, _ fourth: UInt32 = 0,
        day: Int32 = allDays
    ) {
        (self.type, self.slice, self.first, self.second, self.third, self.fourth, self.day) = (
            type, slice, first, second, third, fourth, day
        )
    }

    /// In place of a journey type: whatever the type.
    public static let allTypes = UInt32.max
    /// In place of a day: what cannot be added up over days, such as how many different persons.
    public static let allDays = Int32.min

    /// The same over all days.
    @inline(__always)
    public var overall: CellKey {
        var key = self
        key.day = Self.allDays
        return key
    }

    /// How many 32-bit words a key has.
    static let width = MemoryLayout<CellKey>.size / MemoryLayout<UInt32>.size

    /// The table's own four.
    subscript(place: Int) -> UInt32 {
        get {
            switch place {
            case 0: first
            case 1: second
            case 2: third
            default: fourth
            }
        }
        set {
            switch place {
            case 0: first = newValue
            case 1: second = newValue
            case 2: third = newValue
            default: fourth = newValue
            }
        }
    }
}

/// Some of a key's own four numbers, by their places. As bits: it is asked for every number of every key that is read or written.
struct KeyPlaces: ExpressibleByArrayLiteral, Sendable {
    static let all = 0..<4
    private let bits: UInt8

    init(arrayLiteral places: Int...) { bits = places.reduce(0) { $0 | 1 << UInt8($1) } }

    @inline(__always)
    func contains(_ place: Int) -> Bool { bits >> UInt8(place) & 1 != 0 }
}

/// Keys as bytes, but for their day.
extension CellKey {
    /// - Parameter texts: which of the key's own numbers are symbols of texts.
    func put(to coder: inout ByteEncoder, _ numbers: inout TextNumbers, texts: KeyPlaces) {
        coder.put(UInt64(type))
        coder.put(numbers.number(of: slice))
        for place in 0..<4 { coder.put(texts.contains(place) ? UInt64(numbers.number(of: self[place])) : UInt64(self[place])) }
    }

    /// Throws `DamagedBytes`.
    init(_ decoder: inout ByteDecoder, _ symbols: [UInt32], texts: KeyPlaces, day: Int32) throws {
        self.init(type: try decoder.word(), day: day)
        slice = symbols[try decoder.number(below: symbols.count)]
        for place in 0..<4 { self[place] = texts.contains(place) ? symbols[try decoder.number(below: symbols.count)] : try decoder.word() }
    }
}

/// The names of a table's counters, in the order in which they lie in its cells.
public protocol CellCounter: RawRepresentable<Int>, CaseIterable, Hashable, Sendable {}

/// What the cells of a table are like.
public struct CellShape: Sendable {
    /// Stands in stored bytes, so it never changes, and no two have the same.
    public let name: String
    let counterCount: Int
    /// Counters of what cannot be added up over days: of the whole time they are counted in cells of `allDays`.
    let overall: Set<Int>
    /// The one of these that counts persons.
    let persons: Int?
    /// How many distributions of durations a cell has.
    let measureCount: Int
    /// Which of the key's own numbers are symbols of texts, from 0.
    let texts: KeyPlaces
    /// Rows of a day depend on cells of other days too.
    public let isReadWhole: Bool

    init<Counter: CellCounter>(
        _ name: String, _ counters: Counter.Type, overall: [Counter] = [], persons: Counter? = nil, measures: Int = 0,
        texts: KeyPlaces = [], isReadWhole: Bool = false
    ) {
        self.name = name
        counterCount = counters.allCases.count
        self.overall = Set((overall + [persons].compactMap { $0 }).map(\.rawValue))
        self.persons = persons?.rawValue
        measureCount = measures
        self.texts = texts
        self.isReadWhole = isReadWhole
    }
}

/// Brings keys from the symbols of one table of texts to those of another. All texts are looked up when it is made, so that
/// afterwards several threads may ask.
public struct TranslatedTexts: Sendable {
    /// By symbol of the one table; 0, which stands for no text, also where no key has it.
    private var symbols: [UInt32]

    /// - Parameters:
    ///   - cells: whose keys are to be translated.
    ///   - to: takes in the texts of these keys, and no others.
    public init(_ cells: some Sequence<MetricCells>, from: SymbolTable, to: SymbolTable) {
        symbols = Array(repeating: 0, count: from.count + 1)
        for table in cells.lazy.flatMap(\.cells) {
            for cell in 0..<table.count {
                let key = table.key(of: cell)
                take(key.slice, from, to)
                for place in KeyPlaces.all where table.shape.texts.contains(place) { take(key[place], from, to) }
            }
        }
    }

    private mutating func take(_ symbol: UInt32, _ from: SymbolTable, _ to: SymbolTable) {
        if symbol != 0, symbols[Int(symbol)] == 0 { symbols[Int(symbol)] = to.intern(from.bytes(of: symbol)) }
    }

    func key(_ key: CellKey, of shape: CellShape) -> CellKey {
        var translated = key
        translated.slice = symbols[Int(key.slice)]
        for place in KeyPlaces.all where shape.texts.contains(place) { translated[place] = symbols[Int(key[place])] }
        return translated
    }
}
