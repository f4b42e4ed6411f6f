import Disk
package import Tables

/// Journeys that go on, each with its person's name.
package struct OpenJourneyStore {
    private let connection: SQLiteConnection
    // Prepared once: they are run for component after component.
    private let add: SQLiteStatement
    private let remove: SQLiteStatement

    package init(_ file: StateFile) throws {
        connection = file.connection
        add = try connection.prepare("INSERT INTO open_journey VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
        remove = try connection.prepare("DELETE FROM open_journey WHERE person = ? AND type = ? AND number = ?")
    }

    package func add(_ journeys: [OpenJourney]) throws {
        for journey in journeys {
            try bind(journey, to: add)
            try add.bind(journey.started, at: 4)
            try add.bind(journey.last, at: 5)
            for (place, value) in [journey.visit?.started, journey.visit.map { Int64($0.step) }, journey.visit?.previous.map { Int64($0) }]
                .enumerated()
            {
                if let value { try add.bind(value, at: 6 + place) } else { try add.bindNull(at: 6 + place) }
            }
            try add.run()
        }
    }

    package func remove(_ journeys: [OpenJourney]) throws {
        for journey in journeys {
            try bind(journey, to: remove)
            try remove.run()
        }
    }

    private func bind(_ journey: OpenJourney, to statement: SQLiteStatement) throws {
        try statement.bind(bytes: journey.person, at: 1)
        try statement.bind(Int64(journey.type), at: 2)
        try statement.bind(Int64(journey.number), at: 3)
    }

    package func all() throws -> [OpenJourney] {
        let statement = try connection.prepare(
            "SELECT person, type, number, started, last, visit, step, previous FROM open_journey ORDER BY person, type, number")
        var journeys: [OpenJourney] = []
        while try statement.next() {
            let visit =
                statement.isNull(6)
                ? nil
                : OpenJourney.Visit(
                    started: statement.integer(5), step: try word(statement, 6),
                    previous: statement.isNull(7) ? nil : try word(statement, 7))
            journeys.append(
                OpenJourney(
                    person: Array(statement.bytes(0)), type: try word(statement, 1), number: try word(statement, 2),
                    started: statement.integer(3), last: statement.integer(4), visit: visit))
        }
        return journeys
    }

    private func word(_ statement: SQLiteStatement, _ column: Int) throws -> UInt32 {
        guard let word = UInt32(exactly: statement.integer(column)) else {
            throw StateError.damaged(path: connection.path, reason: "an open journey makes no sense")
        }
        return word
    }
}
