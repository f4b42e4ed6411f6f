import Foundation
import Glibc
import TestSupport
import Testing

/// A signal at any moment: what was published stays as it was, or the new output is whole; nothing is left beside it.
@Suite struct SignalTests {
    /// While the program waits for a pipe that neither speaks nor ends.
    @Test(arguments: [SIGTERM, SIGINT], 0..<6)
    func whileWaitingForInput(signal: Int32, round: Int) throws {
        let log = try SmallLog()
        #expect(try log.run().status == 0)
        let before = try snapshot(log)
        var random = SeededGenerator(seed: UInt64(round))
        let running = try Running(["run", "p.yaml", "-o", "out", "-"], in: log.folder.path)
        for _ in 0..<round { running.write(Array(SmallLog.lines(50).utf8)) }
        usleep(UInt32(random.int(0...300)) * 1000)
        running.send(signal)
        let ended = running.wait()
        #expect(ended.status == 128 + signal, "\(ended.errors)")
        #expect(try snapshot(log).differences(from: before) == [])
        #expect(log.leftOvers == [])
    }

    /// While it waits for a named pipe that nobody writes, which cannot even be opened: the run cannot stop by itself, and the
    /// process cleans up for it.
    @Test(arguments: [SIGTERM, SIGINT])
    func whileAFileDoesNotOpen(signal: Int32) throws {
        let log = try SmallLog()
        #expect(try log.run().status == 0)
        let before = try snapshot(log)
        #expect(mkfifo(log.folder.path("log-2.ndjson"), 0o600) == 0)
        let running = try Running(["run", "p.yaml", "-o", "out", "--metrics-file", "sojourn.prom"], in: log.folder.path)
        running.closeInput()
        // Its folder is made before anything is read.
        for _ in 0..<3000 where log.leftOvers.isEmpty { usleep(10_000) }
        usleep(100_000)
        running.send(signal)
        let ended = running.wait()
        #expect(ended.status == 128 + signal, "\(ended.errors)")
        #expect(try snapshot(log).differences(from: before) == [])
        #expect(log.leftOvers == [])
        let metrics = try String(contentsOf: log.folder.url.appendingPathComponent("sojourn.prom"), encoding: .utf8)
        #expect(metrics.contains("\nsojourn_run_exit_status{pipeline=\"small\"} \(128 + signal)\n"), "\(metrics)")
    }

    /// Moments all over a run that has something to do.
    @Test(arguments: [SIGTERM, SIGINT], 0..<12)
    func whileRunning(signal: Int32, round: Int) throws {
        let log = try SmallLog()
        #expect(try log.run().status == 0)
        let before = try snapshot(log)
        try log.folder.write(SmallLog.lines(4000), to: "log-1.ndjson")
        let running = try Running(["run", "p.yaml", "-o", "out"], in: log.folder.path)
        running.closeInput()
        usleep(UInt32(round) * 40_000)
        running.send(signal)
        let ended = running.wait()
        if ended.status == 0 {
            // The run was faster.
            #expect(log.record("ledger.lines") == "4000")
        } else {
            #expect(ended.status == 128 + signal, "\(ended.errors)")
            #expect(try snapshot(log).differences(from: before) == [])
        }
        #expect(log.leftOvers == [], "status \(ended.status), \(round)")
    }

    /// The moments around the first folder's making: once, one in a hundred such runs left it lying there.
    @Test(arguments: [SIGTERM, SIGINT])
    func whileStarting(signal: Int32) throws {
        let log = try SmallLog()
        var random = SeededGenerator(seed: UInt64(signal))
        for round in 0..<40 {
            let running = try Running(["run", "p.yaml", "-o", "out", "-"], in: log.folder.path)
            usleep(UInt32(random.int(0...60_000)))
            running.send(signal)
            #expect(running.wait().status == 128 + signal, "\(round)")
            #expect(log.folder.names() == ["log-1.ndjson", "p.yaml"], "\(round)")
        }
    }

    /// Not even the folders above the output remain.
    @Test func nothingRemainsOfAFirstRun() throws {
        let log = try SmallLog()
        let running = try Running(["run", "p.yaml", "-o", "above/deep/out", "-"], in: log.folder.path)
        running.write(Array(SmallLog.lines(5).utf8))
        // The folders are there: that they are not afterwards means something.
        for _ in 0..<3000 where log.folder.names("above/deep").isEmpty { usleep(10_000) }
        running.send(SIGTERM)
        let ended = running.wait()
        #expect(ended.status == 143)
        // It ended in order: a read that waits for the pipe did not hold it up until the process was ended without a word.
        #expect(ended.errors == "sojourn: stopped by a signal; nothing was published\n")
        #expect(log.folder.names() == ["log-1.ndjson", "p.yaml"])
    }

    private func snapshot(_ log: SmallLog) throws -> RunSnapshot { try RunSnapshot(folder: log.folder.url.appendingPathComponent("out")) }
}
