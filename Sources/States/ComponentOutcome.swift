/// What is to be done in the state for one component.
package struct ComponentOutcome {
    /// A component that is to be stored, in part or as it was.
    package struct Stored {
        /// Of the stored component that it replaces; nil for a new one.
        package var id: Int64?
        package var deadline: Int64?
        package var bytes: [UInt8]
        /// Fingerprints that must lead to it, with what they led to.
        package var keys: [(key: UInt64, home: Int64)]

        package init(id: Int64?, deadline: Int64?, bytes: [UInt8], keys: [(key: UInt64, home: Int64)]) {
            (self.id, self.deadline, self.bytes, self.keys) = (id, deadline, bytes, keys)
        }
    }

    package var stored: [Stored] = []
    package var deleted: [Int64] = []
    /// Fingerprints that lead nowhere any more.
    package var unused: [(key: UInt64, home: Int64)] = []
    package var addedExamples: [ExamplePerson] = []
    package var removedExamples: [ExamplePerson] = []
    package var placeholders: [(type: Int, text: [UInt8])] = []

    package init() {}
}
