import Glibc

/// How long one stage of a run took.
package struct StageTime: Sendable {
    package let name: String
    package let wallSeconds: Double
    package let cpuSeconds: Double
}

/// Takes the time of stages that follow each other, for run.json, and says when each ends, for the progress line. Nothing is
/// decided by it.
package struct StageClock {
    package private(set) var stages: [StageTime] = []
    private var wall = StageClock.now(CLOCK_MONOTONIC)
    private var cpu = StageClock.now(CLOCK_PROCESS_CPUTIME_ID)
    private let progress: RunProgress

    package init(_ progress: RunProgress) { self.progress = progress }

    package mutating func finish(_ name: String) {
        let (wallNow, cpuNow) = (Self.now(CLOCK_MONOTONIC), Self.now(CLOCK_PROCESS_CPUTIME_ID))
        stages.append(StageTime(name: name, wallSeconds: wallNow - wall, cpuSeconds: cpuNow - cpu))
        (wall, cpu) = (wallNow, cpuNow)
        progress.finish(name)
    }

    private static func now(_ clock: clockid_t) -> Double {
        var time = timespec()
        clock_gettime(clock, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
