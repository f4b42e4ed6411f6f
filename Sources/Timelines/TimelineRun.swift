import Definitions
import Events
import Identity
package import Ingest
import Journeys
package import Runs
import Tables

/// `journey`: pictures of one person, or of examples of a friction. It takes the log's whole route, as a run does, since
/// persons, thresholds and examples come from all of it.
package final class TimelineRun: Sendable {
    package enum Question: Sendable {
        /// An identifier, with or without its type.
        case person(String)
        /// A friction of the pipeline, in journeys of one type or of all, and how many persons who have it.
        case friction(String, journey: String?, examples: Int)
    }

    package struct Answer: Sendable {
        package var pictures: [TimelinePicture] = []
        /// Where there is nothing to draw: why.
        package var words: [String] = []
        /// What the reader should know besides.
        package var notes: [String] = []
    }

    package let route: LogRoute
    private let wanted: Wanted
    private let limit: Int
    private let cancellation: Cancellation
    /// Of one person, in examples of a friction.
    private static let journeysMax = 5
    /// Rejected lines beyond this share are worth a word.
    private static let quietRejects = RejectLimit.share(percent: 1)

    private enum Wanted {
        case person(String)
        case friction(Int, types: [Int], examples: Int)
    }

    /// Throws `PipelineFileError`, `RunError`.
    package init(_ question: Question, _ options: LogOptions, limit: Int, cancellation: Cancellation) throws {
        route = try LogRoute(options, cancellation: cancellation)
        self.limit = limit
        self.cancellation = cancellation
        switch question {
        case .person(let id): wanted = .person(id)
        case .friction(let name, let journey, let examples):
            let asked = AskedNames(route.definition)
            wanted = .friction(
                try asked.friction(name, option: "--friction"), types: try asked.types(journey), examples: examples)
        }
    }

    /// Throws `RunError`.
    package func run() throws -> Answer {
        do {
            return try answer()
        } catch {
            throw RunError(error)
        }
    }

    private func answer() throws -> Answer {
        let limit = if case .friction(_, _, let examples) = wanted { examples } else { 0 }
        let folded = try FoldedLog(route, examples: limit)
        var answer = Answer()
        switch wanted {
        case .person(let id): answer.pictures = [try picture(id, folded)]
        case .friction(let friction, let types, let examples): try show(friction, types, examples, folded, &answer)
        }
        if !Self.quietRejects.allows(folded.lines.rejected, of: folded.lines.read) {
            answer.notes.append(
                "\(folded.lines.rejected) of \(folded.lines.read) lines could not be used and are not drawn; `sojourn run` lists them"
            )
        }
        return answer
    }

    // MARK: One person

    private func picture(_ id: String, _ folded: FoldedLog) throws -> TimelinePicture {
        let finder = PersonFinder(folded.graph, route.definition)
        let person = try finder.person(id)
        return TimelinePicture(try timeline(person, finder, folded))
    }

    private func timeline(_ person: UInt32, _ finder: PersonFinder, _ folded: FoldedLog) throws -> Timeline {
        let (name, others) = finder.names(person)
        var trace = PersonTrace()
        try folded.shards.withRows(of: person) { trace = PersonTracer(plan: folded.judging.plan).trace(rows: $0) }
        return Timeline(
            pipeline: route.definition, trace: trace, thresholds: folded.thresholds,
            zone: ZoneOffsets.named(route.definition.timezone) ?? .utc,
            asOf: folded.judging.asOf ?? 0, person: name, otherNames: others, focus: .person, limit: limit)
    }

    // MARK: Examples of a friction

    private func show(_ friction: Int, _ types: [Int], _ examples: Int, _ folded: FoldedLog, _ answer: inout Answer) throws {
        let name = route.definition.frictions[friction].name
        let missing = types.map { folded.cells.missing(forFriction: friction, inType: $0, names: folded.names) }
        let measured = zip(types, missing).filter { $1.isEmpty }.map(\.0)
        guard !measured.isEmpty else {
            let lacking = Set(missing.joined()).sorted { TableNames.precedes($0, $1) }.joined(separator: "; ")
            answer.words = ["\(name) cannot be measured in this log, which lacks: \(lacking)"]
            return
        }
        // As the column `examples` of frictions.csv: whoever is among the first of all is among the first of a type.
        let chosen = Set(measured.flatMap { folded.examples.names(ofType: $0, friction: friction) })
            .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.prefix(examples)
        guard !chosen.isEmpty else {
            let ofType =
                types.count == 1 && route.definition.journeys.count > 1 ? " of type \(route.definition.journeys[types[0]].name)" : ""
            answer.words = ["No journey\(ofType) has \(name)."]
            return
        }
        let finder = PersonFinder(folded.graph, route.definition)
        for name in chosen {
            if cancellation.isCancelled { throw RunError.cancelled }
            var timeline = try timeline(finder.person(name), finder, folded)
            let having = timeline.trace.journeys.indices.filter { index in
                let journey = timeline.trace.journeys[index]
                return measured.contains(journey.type) && journey.matches.contains { timeline.trace.matches[$0].rule == friction }
            }
            for journey in having.prefix(Self.journeysMax) {
                timeline.focus = .journey(journey, friction: friction)
                answer.pictures.append(TimelinePicture(timeline))
            }
            if having.count > Self.journeysMax {
                answer.notes.append(
                    "\(timeline.person) has \(name) in \(having.count - Self.journeysMax) more journeys; --person \(timeline.person) draws them"
                )
            }
        }
    }
}
