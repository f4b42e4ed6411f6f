package import Identity
package import Tables

/// Persons have numbers while a log is read and folded; of some of them tables say who they are.
extension LogRoute {
    /// Who was found, by numbers of this run: everybody who has a friction, and all journeys under way.
    package struct Found {
        fileprivate let frictions: [(type: UInt32, friction: UInt32, persons: [UInt32])]
        fileprivate let open: [(person: UInt32, journey: OpenJourney)]
    }

    /// To be asked before the folds are summed, and once.
    package func found(_ folds: [PersonFold]) -> Found {
        Found(frictions: folds.flatMap { $0.cells.takeFrictionPersons() }, open: folds.flatMap { $0.cells.takeOpenJourneys() })
    }

    /// Those of whom tables speak, by name.
    package struct Named {
        package var examples: FrictionExamples
        package var openJourneys: [OpenJourney] = []
    }

    /// - Parameters:
    ///   - limit: how many names of each type and rule.
    ///   - shown: the places of those journeys whose persons are to be named.
    package func named(_ found: Found, _ graph: IdentityGraph?, limit: Int, shown: ([OpenJourney]) -> [Int]) -> Named {
        var named = Named(examples: FrictionExamples(limit: limit))
        guard let graph else { return named }
        let open = shown(found.open.map(\.journey)).map { found.open[$0] }
        let frictions = limit > 0 ? found.frictions : []
        let names = PersonNames(
            graph, persons: frictions.flatMap(\.persons) + open.map(\.person), types: definition.identity.types)
        for (type, friction, persons) in frictions {
            for name in names.first(limit, of: persons) { named.examples.add(Array(name.utf8), type: type, friction: friction) }
        }
        named.openJourneys = open.map { person, journey in
            var journey = journey
            journey.person = Array(names.name(person).utf8)
            return journey
        }
        return named
    }
}
