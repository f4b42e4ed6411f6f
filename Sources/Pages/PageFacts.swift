package import Tables

/// What the page says of the run itself: nothing that differs between two runs over the same input.
package struct PageFacts: Sendable {
    package var pipeline = ""
    package var version = ""
    /// Of what the pipeline file says.
    package var pipelineHash = ""
    /// UTC, or empty without events.
    package var asOf = ""
    package var timezone = ""
    package var ledger: [(name: String, count: Int64)] = []
    package var reasons: [(name: String, count: Int64)] = []
    package var persons: Int64 = 0
    package var warnings: [String] = []
    /// Conditions in words, and whether they hold.
    package var checks: [(text: String, holds: Bool)] = []
    /// By journey type: how it converts and how it did four weeks before.
    package var trends: [Trend] = []
    /// Rows of fewer persons are left out.
    package var minCount: Int64?

    package struct Trend: Sendable {
        package var journey: String
        package var recent: Share
        package var before: Share

        package init(journey: String, recent: Share, before: Share) { (self.journey, self.recent, self.before) = (journey, recent, before) }
    }

    package init() {}

    func count(_ name: String) -> Int64 { ledger.first { $0.name == name }?.count ?? 0 }
}
