import Dispatch
import Runs
import Timelines

/// One line on a terminal that is written again and again: share done, of the run and of what is done now, and what is left.
final class ProgressLine: @unchecked Sendable {  // the timer may be cancelled from any thread
    private let queue = DispatchQueue(label: "progress")
    private let timer: any DispatchSourceTimer
    private let console: Console
    private static let intervalMilliseconds = 200

    init(_ route: LogRoute, _ console: Console) {
        self.console = console
        timer = DispatchSource.makeTimerSource(queue: queue)
        let started = DispatchTime.now()
        timer.schedule(deadline: .now() + .milliseconds(Self.intervalMilliseconds), repeating: .milliseconds(Self.intervalMilliseconds))
        timer.setEventHandler {
            let (lines, bytes, total) = route.progress
            let seconds = Double(DispatchTime.now().uptimeNanoseconds - started.uptimeNanoseconds) / 1e9
            let read = total.flatMap { $0 > 0 ? min(1, Double(bytes) / Double($0)) : nil }
            let text = Self.text(
                route.stages.moment(read: read, after: seconds), lines: lines, perSecond: Double(lines) / max(seconds, 0.001))
            console.progress(text)
        }
        timer.resume()
    }

    /// `62.0 %  following journeys: 41.0 %; about 8 s left`
    private static func text(_ moment: RunProgress.Moment, lines: Int64, perSecond: Double) -> String {
        var text = moment.whole.map { "\(NumberText.percent($0))  " } ?? ""
        text += moment.words
        if moment.isReading {
            text += ": \(NumberText.grouped(lines)) lines, \(NumberText.grouped(Int64(perSecond))) a second"
        } else if let share = moment.share {
            text += ": \(NumberText.percent(share))"
        }
        return text + (moment.secondsLeft.map { "; about \(TimeWords.rough(Int64($0.rounded()) * 1_000_000)) left" } ?? "")
    }

    /// The line is gone afterwards, and does not come back.
    func stop() {
        timer.cancel()
        // Behind whatever is being shown at this moment.
        queue.sync { console.clearProgress() }
    }
}
