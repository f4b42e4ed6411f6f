package import Events

/// A field that a source maps, with the places in a record where its value may stand.
package struct MappedField: Sendable, Equatable {
    package enum Name: Sendable, Hashable {
        case field(SourceField)
        /// By identity column.
        case identifier(Int)
        /// By scalar column of the row.
        case scalar(Int)
        /// Of the source's condition.
        case attribute(String)
    }

    package let name: Name
    /// Number of the mapping: that of an entry of the source's `events`.
    package let mapping: Int
    /// Empty where it needs nothing of a record.
    package let paths: [RecordPath]
}

extension SourcePlan {
    /// All mappings' fields, in an order that depends on the plan alone.
    package var mappedFields: [MappedField] {
        var found: [MappedField] = []
        for (number, mapping) in mappings.enumerated() {
            func add(_ name: MappedField.Name, _ forms: [FieldForm]) {
                if !forms.isEmpty { found.append(MappedField(name: name, mapping: number, paths: forms.flatMap(\.waysIn))) }
            }
            for name in SourceField.allCases { add(.field(name), mapping.fields[name].map { [$0] } ?? []) }
            for (column, forms) in mapping.identifiers.enumerated() { add(.identifier(column), forms) }
            for (column, form) in mapping.scalars.enumerated() { add(.scalar(column), form.map { [$0] } ?? []) }
            for (name, form) in mapping.attributes.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
                add(.attribute(name), [form])
            }
        }
        return found
    }
}

extension FieldForm {
    /// Where it enters a record: paths, arrays that are searched, texts that hold JSON.
    fileprivate var waysIn: [RecordPath] {
        switch origin {
        case .path(let path): [path]
        case .constant: []
        case .first(let forms), .join(let forms, _): forms.flatMap(\.waysIn)
        case .element(let search): [search.array]
        case .embedded(let text, _): [text]
        }
    }
}

/// What was seen of a source while it was read, by one worker or by all: what tells a mistake in its mapping.
package struct SourceFacts: Sendable, Equatable {
    /// By place in `SourcePlan.mappedFields`: whether some record has a key where the field's value may stand.
    package var isMet: [Bool] = []
    /// Whether its condition held for some record; true where there is none.
    package var isKept = true
    /// Times that clocks of the source's zone show twice, or skip.
    package var uncertainTimes: Int64 = 0

    package init() {}

    init(isMet: [Bool], isKept: Bool, uncertainTimes: Int64) {
        (self.isMet, self.isKept, self.uncertainTimes) = (isMet, isKept, uncertainTimes)
    }

    package mutating func add(_ other: SourceFacts) {
        isMet = zip(isMet, other.isMet).map { $0 || $1 }
        isKept = isKept || other.isKept
        uncertainTimes += other.uncertainTimes
    }
}
