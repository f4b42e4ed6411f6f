import Ingest

/// Groups of files put together to sources: what looks alike is one.
struct SourceGroups {
    struct Source {
        var name: String
        var inputs: [String]
        var samples: [LineSample]
        fileprivate let format: String?
        fileprivate let fields: Set<String>
        fileprivate let channel: String?
        fileprivate let time: String?

        /// As messages call it.
        var shown: String { samples.first.map { $0.path == "-" ? "standard input" : $0.path } ?? name }

        /// Lines from the beginning, and of those behind some.
        func lines(first: Int, spread: Int) -> [[UInt8]] {
            let all = samples.flatMap(\.lines)
            guard all.count > first + spread else { return all }
            let rest = all.count - first
            return Array(all[..<first]) + (0..<spread).map { all[first + $0 * rest / spread] }
        }
    }

    private(set) var sources: [Source] = []

    /// Of the fields that either has, so many must be in both.
    private static let likenessMin = 0.6
    private static let linesMax = 500

    init(_ groups: [DraftInputs.Group]) {
        var unread: [DraftInputs.Group] = []
        for group in groups {
            let lines = group.samples.flatMap { $0.lines.prefix(Self.linesMax) }
            if lines.isEmpty {
                unread.append(group)
                continue
            }
            let survey = FieldSurvey(lines: lines)
            let often = survey.fields.filter { survey.share($0) >= 0.5 }
            let source = Source(
                name: group.stem, inputs: group.inputs, samples: group.samples, format: KnownFormat.of(survey)?.name,
                fields: Set(often.map(\.name)),
                channel: RoleGuess(survey, besides: []).channel == nil ? ChannelWords.channel(in: group.stem) : nil,
                time: TimeGuess(survey).fields.first?.stats.name)
            if let place = sources.firstIndex(where: { Self.areAlike($0, source) }) {
                sources[place].inputs += source.inputs
                sources[place].samples += source.samples
            } else {
                sources.append(source)
            }
        }
        // Empty ones, and such as nobody looked at as there are too many, are taken to be like the first.
        if !sources.isEmpty { for group in unread { sources[0].inputs += group.inputs } }
        var taken: Set<String> = []
        for index in sources.indices {
            var (name, count) = (sources[index].name, 2)
            while !taken.insert(name).inserted { (name, count) = ("\(sources[index].name)_\(count)", count + 1) }
            sources[index].name = name
        }
    }

    private static func areAlike(_ one: Source, _ other: Source) -> Bool {
        if one.format != nil || other.format != nil { return one.format == other.format }
        guard one.channel == other.channel, one.time == other.time else { return false }
        let both = one.fields.intersection(other.fields).count
        return Double(both) >= likenessMin * Double(one.fields.union(other.fields).count)
    }

    /// Goes on reading, from the beginning of each source on, and further on in its last file.
    /// - Parameter blocks: of all sources together, those that were read before among them.
    func readOn(blocks: Int) throws {
        let read = sources.reduce(0) { $0 + $1.samples.count }
        let each = max(0, blocks - read) / max(1, sources.count)
        for source in sources {
            var rest = each
            for sample in source.samples where rest > 1 {
                let take = sample === source.samples.last ? rest - min(2, rest / 4) : rest
                let before = sample.bytes
                try sample.read(blocks: take)
                rest -= (sample.bytes - before + LineSample.blockBytes - 1) / LineSample.blockBytes
            }
            // What comes late in a log may look otherwise.
            for step in [4, 8] where rest > 0 {
                try source.samples.last?.read(blocks: 1, passingOver: step)
                rest -= 1
            }
        }
    }
}
