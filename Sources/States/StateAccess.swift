import Disk
import Synchronization

/// The state as workers share it: one at a time reads or writes.
package final class StateAccess: @unchecked Sendable {  // `lock` protects every use of the connection
    private let lock = Mutex(())
    private let components: ComponentStore
    private let examples: ExampleStore
    private let placeholders: PlaceholderStore
    /// The greatest number of a component so far.
    package private(set) var lastComponent: Int64

    package init(_ file: StateFile) throws {
        components = try ComponentStore(file)
        examples = ExampleStore(file)
        placeholders = PlaceholderStore(file)
        lastComponent = try file.number(.components) ?? 0
    }

    package func load(_ ids: [Int64]) throws -> [[UInt8]] {
        if ids.isEmpty { return [] }
        return try lock.withLock { _ in try ids.map { try components.load($0) } }
    }

    package func apply(_ outcomes: [ComponentOutcome]) throws {
        try lock.withLock { _ in
            for outcome in outcomes { try apply(outcome) }
            CrashPoint.reach("components")
        }
    }

    private func apply(_ outcome: ComponentOutcome) throws {
        for (key, home) in outcome.unused { try components.unassign(key: key, from: home) }
        for stored in outcome.stored {
            if stored.id == nil { lastComponent += 1 }
            let id = stored.id ?? lastComponent
            try components.store(id, deadline: stored.deadline, stored.bytes)
            for (key, _) in stored.keys { try components.assign(key: key, to: id) }
        }
        for id in outcome.deleted { try components.delete(id) }
        for (type, text) in outcome.placeholders { try placeholders.add(type: type, text) }
        if !outcome.removedExamples.isEmpty { try examples.remove(outcome.removedExamples) }
        if !outcome.addedExamples.isEmpty { try examples.add(outcome.addedExamples) }
    }
}
