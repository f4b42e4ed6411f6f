import Disk
package import Tables

/// Journeys that go on, each with its person's name.
package struct OpenJourneyStore {
    private let connection: SQLiteConnection

    package init(_ file: StateFile) { connection = file.connection }

    package func add(_ journeys: [OpenJourney]) throws {
        let statement = try connection.prepare("INSERT INTO open_journey VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
        for journey in journeys {
            try bind(journey, to: statement)
            try statement.bind(journey.started, at: 4)
            try statement.bind(journey.last, at: 5)
            for (place, value) in [journey.visit?.started, journey.visit.map { Int64($0.step) }, journey.visit?.previous.map { Int64($0) }]
                .enumerated()
            {
                if let value { try statement.bind(value, at: 6 + place) } else { try statement.bindNull(at: 6 + place) }
            }
            try statement.run()
        }
    }

    package func remove(_ journeys: [OpenJourney]) throws {
        let statement = try connection.prepare("DELETE FROM open_journey WHERE person = ? AND type = ? AND number = ?")
        for journey in journeys {
            try bind(journey, to: statement)
            try statement.run()
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
