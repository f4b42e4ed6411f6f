import Foundation
import Testing

@testable import TestSupport

/// A disk that is full at any call of a night: a clear error, the output as it was, and a state that goes on when there is
/// room again.
@Suite struct DiskFullTests {
    /// `FAULT_FULL_AT`: from that call on nothing succeeds that takes room. `FAULT_FAIL_AT`: only that call fails.
    @Test(arguments: [1, 4], ["FAULT_FULL_AT", "FAULT_FAIL_AT"])
    func atAnyCall(number: Int, how: String) throws {
        let calls = try FaultShim.calls(ofNight: number)
        let rounds = min(calls.count, FaultShim.rounds(20))
        for round in 0..<rounds {
            let place = (calls.count - 1) * round / max(1, rounds - 1)
            let night = try DisturbedNight(number)
            defer { night.remove() }
            let words = "night \(number), \(how) \(place + 1): \(calls[place].kind) \(calls[place].path)"
            let ended = try night.run(night.shim([how: "\(place + 1)"]))
            let wasPublished = night.isPublished(words)
            // What comes after the publication, and what only says who holds the lock, may fail without a word.
            #expect(ended.status == (wasPublished ? 0 : 1), "\(words): \(ended.errors)")
            if ended.status == 1 {
                let hasReason = ["No space left on device", "disk is full", "disk I/O error", "unable to open"].contains {
                    ended.errors.contains($0)
                }
                #expect(hasReason && ended.errors.contains(night.place), "\(words): \(ended.errors)")
            }
            try night.expectMended(words, wasPublished: wasPublished)
        }
    }

    /// A device is no place for metrics: it would be replaced by a file.
    @Test func metricsFileThatIsADevice() throws {
        let night = try DisturbedNight(2)
        defer { night.remove() }
        let ended = try night.run([:], "--metrics-file", "/dev/full")
        #expect(ended.status == 1 && ended.errors.contains("/dev/full") && ended.errors.contains("not a plain file"), "\(ended.errors)")
        #expect(!night.isPublished("refused"))
    }

    /// Whoever reads the results gets none; that they are published is known by the exit status.
    @Test func resultsThatCannotBeWritten() throws {
        let night = try DisturbedNight(2)
        defer { night.remove() }
        let full = open("/dev/full", O_WRONLY | O_CLOEXEC)
        defer { close(full) }
        let running = try Running(night.command.filter { $0 != "--quiet" }, in: night.log.folder.path, output: full)
        running.closeInput()
        let ended = running.wait()
        #expect(ended.status == 0 && night.isPublished("without results"), "\(ended.status): \(ended.errors)")
    }
}
