import Dispatch
import Runs

/// One line on a terminal that is written again and again: lines read, rate, share done.
final class ProgressLine: @unchecked Sendable {  // the timer may be cancelled from any thread
    private let timer: any DispatchSourceTimer
    private let console: Console
    private static let intervalMilliseconds = 200

    init(_ route: LogRoute, _ console: Console) {
        self.console = console
        let queue = DispatchQueue(label: "progress")
        timer = DispatchSource.makeTimerSource(queue: queue)
        let started = DispatchTime.now()
        timer.schedule(deadline: .now() + .milliseconds(Self.intervalMilliseconds), repeating: .milliseconds(Self.intervalMilliseconds))
        timer.setEventHandler {
            let (lines, bytes, total) = route.progress
            let seconds = Double(DispatchTime.now().uptimeNanoseconds - started.uptimeNanoseconds) / 1e9
            let rate = Int64(Double(lines) / max(seconds, 0.001))
            var text = "\(NumberText.grouped(lines)) lines, \(NumberText.grouped(rate)) a second"
            if let total, total > 0 {
                text = bytes < total ? "\(NumberText.percent(Double(bytes) / Double(total)))  " + text : "computing  " + text
            }
            console.progress(text)
        }
        timer.resume()
    }

    func stop() {
        timer.cancel()
        console.clearProgress()
    }
}
