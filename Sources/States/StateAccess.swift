import Disk
package import Tables

/// The state as workers share it: each comes to it in its turn.
package final class StateAccess: @unchecked Sendable {  // everything but `state` is used in the state's turn only
    private let state: StateFolder
    private let components: ComponentStore
    private let examples: ExampleStore
    private let open: OpenJourneyStore
    private let placeholders: PlaceholderStore
    /// The greatest number of a component so far.
    private var lastComponent: Int64

    package init(_ state: StateFolder) throws {
        self.state = state
        (components, examples, open, placeholders, lastComponent) = try state.use {
            (
                try ComponentStore($0), ExampleStore($0), OpenJourneyStore($0), PlaceholderStore($0), try $0.number(.components) ?? 0
            )
        }
    }

    package func load(_ ids: some Collection<Int64>) throws -> [[UInt8]] {
        if ids.isEmpty { return [] }
        return try state.use { _ in try ids.map { try components.load($0) } }
    }

    /// The same of groups of them.
    package func load(_ groups: some Collection<[Int64]>) throws -> [[[UInt8]]] {
        if groups.allSatisfy(\.isEmpty) { return groups.map { _ in [] } }
        return try state.use { _ in try groups.map { try $0.map { try components.load($0) } } }
    }

    package func apply(_ outcomes: [ComponentOutcome]) throws {
        try state.use { _ in
            var assigned: [(key: UInt64, component: Int64)] = []
            for outcome in outcomes { try apply(outcome, &assigned) }
            // In one go, for the order's sake. Nothing above can undo it: who shares a key is one component, so no two of these do.
            assigned.sort { ComponentStore.precedes($0.key, $1.key) }
            for (key, component) in assigned { try components.assign(key: key, to: component) }
            CrashPoint.reach("components")
        }
    }

    /// Once there are no more.
    package func finish() throws { try state.use { try $0.set(.components, lastComponent) } }

    /// - Parameter assigned: takes in which keys are to lead where.
    private func apply(_ outcome: ComponentOutcome, _ assigned: inout [(key: UInt64, component: Int64)]) throws {
        for (key, home) in outcome.unused { try components.unassign(key: key, from: home) }
        for stored in outcome.stored {
            if stored.id == nil { lastComponent += 1 }
            let id = stored.id ?? lastComponent
            try components.store(id, deadline: stored.deadline, latest: stored.latest, stored.bytes)
            for (key, _) in stored.keys { assigned.append((key, id)) }
        }
        for (id, deadline) in outcome.moved { try components.store(id, deadline: deadline) }
        for id in outcome.deleted { try components.delete(id) }
        for (type, text) in outcome.placeholders { try placeholders.add(type: type, text) }
        if !outcome.removedExamples.isEmpty { try examples.remove(outcome.removedExamples) }
        if !outcome.addedExamples.isEmpty { try examples.add(outcome.addedExamples) }
        if !outcome.closedJourneys.isEmpty { try open.remove(outcome.closedJourneys) }
        if !outcome.openJourneys.isEmpty { try open.add(outcome.openJourneys) }
    }
}

/// What is to be done in the state for one component.
package struct ComponentOutcome {
    /// A component that is to be stored, in part or as it was.
    package struct Stored {
        /// Of the stored component that it replaces; nil for a new one.
        package var id: Int64?
        package var deadline: Int64?
        package var latest: Int64
        package var bytes: [UInt8]
        /// Fingerprints that must lead to it, with what they led to.
        package var keys: [(key: UInt64, home: Int64)]

        package init(id: Int64?, deadline: Int64?, latest: Int64, bytes: [UInt8], keys: [(key: UInt64, home: Int64)]) {
            (self.id, self.deadline, self.latest, self.bytes, self.keys) = (id, deadline, latest, bytes, keys)
        }
    }

    package var stored: [Stored] = []
    /// Components of which nothing is otherwise but their deadline.
    package var moved: [(id: Int64, deadline: Int64?)] = []
    package var deleted: [Int64] = []
    /// Fingerprints that lead nowhere any more.
    package var unused: [(key: UInt64, home: Int64)] = []
    package var addedExamples: [ExamplePerson] = []
    package var removedExamples: [ExamplePerson] = []
    /// Journeys that go on and were stored otherwise or not at all, and stored ones that do so no longer.
    package var openJourneys: [OpenJourney] = []
    package var closedJourneys: [OpenJourney] = []
    package var placeholders: [(type: Int, text: [UInt8])] = []

    package init() {}
}
