/// Random files for a pipeline: people walk through channels and touchpoints, and their events land in the sources' files.
struct RandomLog {
    private let pipeline: NaivePipeline
    private let vocabulary: RandomVocabulary
    /// 2026-03-01T00:00:00Z: every unit of numeric time is told apart by magnitude.
    static let start: Int64 = 1_772_323_200_000_000

    private struct File {
        var source: NaiveSource
        var path: String
        var linesLeft: Int
        var lines: [[UInt8]] = []
    }

    init(pipeline: NaivePipeline, vocabulary: RandomVocabulary) {
        self.pipeline = pipeline
        self.vocabulary = vocabulary
    }

    mutating func write(_ random: inout SeededGenerator) -> (files: [NaiveFile], asOf: Int64?) {
        var files = emptyFiles(&random)
        var people = RandomPerson.some(pipeline, start: Self.start, &random)
        let badPercent = random.pick([0, 0, 3, 10])
        var times: [Int64] = []
        var eventCount = 0
        // Some logs are of few hours each some weeks, so that hours of the week and months come again.
        let weeks = random.pick([0, 0, 0, 0, 1, 1, 3])
        let linesBetween = files.map(\.linesLeft).reduce(0, +) / random.int(2...6) + 1
        var leaps = 0
        while files.contains(where: { $0.linesLeft > 0 }) {
            if weeks > 0, eventCount / linesBetween > leaps {
                leaps += 1
                let next = Self.start + Int64(weeks * leaps) * 7 * 86_400_000_000
                for person in people.indices { people[person].wait(until: next + Int64(random.int(0...3)) * 600_000_000) }
            }
            let person = random.int(0...people.count - 1)
            // A run of one person's events, now and then changing the source.
            for _ in 0..<random.int(1...8) {
                let open = files.indices.filter { files[$0].linesLeft > 0 }
                guard !open.isEmpty else { break }
                let file = random.pick(open)
                files[file].linesLeft -= 1
                people[person].walk(vocabulary, &random)
                times.append(people[person].now)
                eventCount += 1
                let line = RandomLine(pipeline: pipeline, vocabulary: vocabulary, source: files[file].source)
                if random.chance(percent: badPercent) { files[file].lines.append(line.bad(people[person], eventCount, &random)) }
                files[file].lines.append(line.good(people[person], eventCount, &random))
                // The same line again, here or in another file of the source.
                if random.chance(percent: 4), let repeated = files[file].lines.last {
                    let same = files.indices.filter { files[$0].source.name == files[file].source.name }
                    files[random.pick(same)].lines.append(repeated)
                }
            }
        }
        // A clock that is wrong: as-of is not to follow it where others are right.
        for file in files.indices where random.chance(percent: 12) {
            var person = random.pick(people)
            person.jump(200 * 86_400_000_000 + Int64(random.int(0...2)) * 43_200_000_000)
            eventCount += 1
            let line = RandomLine(pipeline: pipeline, vocabulary: vocabulary, source: files[file].source)
            files[file].lines.insert(line.good(person, eventCount, &random), at: random.int(0...files[file].lines.count))
        }
        times.sort()
        // Now and then just when something is old enough to be judged.
        let ages =
            [0, 0, 0, 0] + pipeline.journeys.compactMap(\.horizon) + pipeline.channels.compactMap(\.responseSLA)
            + pipeline.contacts.windows.prefix(1)
            + (pipeline.frictions.contains { $0.name == "outreach_collision" } ? [NaiveDuration.microseconds("3d")] : [])
        let asOf =
            random.chance(percent: 25)
            ? random.pick(Array(times.suffix(times.count / 2 + 1))) + random.pick(ages) + random.pick([0, 0, 0, -1, 1]) : nil
        return (files.map { NaiveFile(source: $0.source.name, path: $0.path, bytes: bytes($0.lines, &random)) }, asOf)
    }

    /// In position order; the numbers in the names do not sort as numbers.
    private func emptyFiles(_ random: inout SeededGenerator) -> [File] {
        let size = random.pick([2, 10, 20, 40, 40, 60, 60, 200])
        var files: [File] = []
        for (index, source) in pipeline.sources.enumerated() {
            for name in ["10", "2", "b"].prefix(random.pick([1, 1, 2, 3])) {
                files.append(File(source: source, path: "s\(index)-\(name).ndjson", linesLeft: random.int((size / 2)...size)))
            }
        }
        return files
    }

    /// Blank lines, either line end, sometimes a byte order mark, sometimes no end of the last line.
    private func bytes(_ lines: [[UInt8]], _ random: inout SeededGenerator) -> [UInt8] {
        let lines = random.chance(percent: 20) ? lines.shuffled(using: &random) : lines
        let crlfPercent = random.pick([0, 0, 100, 30])
        var bytes: [UInt8] = []
        // The mark stands before an empty line: it is then no question at what byte the first bad line begins.
        if random.chance(percent: 15) { bytes = [0xEF, 0xBB, 0xBF, 0x0A] }
        for (index, line) in lines.enumerated() {
            if random.chance(percent: 3) { bytes += Array(random.pick(["\n", "  \n", "\t \r\n"]).utf8) }
            bytes += line
            if index == lines.count - 1, random.chance(percent: 40) { break }
            bytes += random.chance(percent: crlfPercent) ? [0x0D, 0x0A] : [0x0A]
        }
        return bytes
    }
}
