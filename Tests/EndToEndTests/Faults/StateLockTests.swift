import Foundation
import Glibc
import Testing

@testable import TestSupport

/// One run at a time has a state.
@Suite struct StateLockTests {
    @Test func othersAreTurnedAway() throws {
        let night = try DisturbedNight(3)
        defer { night.remove() }
        let lock = night.path + "/s/state/lock"
        try? FileManager.default.removeItem(atPath: lock)
        // It waits for a pipe that stays open.
        let holder = try Running(
            ["run", "p.yaml", "-", "-o", "\(night.place)/o/other", "--state", "\(night.place)/s/state"], in: night.log.folder.path)
        while (try? String(contentsOfFile: lock, encoding: .utf8)) != "\(holder.pid)\n" { usleep(5000) }
        let others = try (0..<20).map { _ in try night.start() }
        for other in others {
            let ended = other.wait()
            #expect(ended.status == 75 && ended.errors.contains("(process \(holder.pid))"), "\(ended.status): \(ended.errors)")
        }
        #expect(!night.isPublished("while another run has the state"))
        holder.send(SIGKILL)
        #expect(holder.wait().status == 128 + SIGKILL)
        #expect(try night.run().status == 0)
        #expect(night.isPublished("after the holder's end"))
    }

    /// Of many that begin at once, one at a time gets through, and what they publish is whole.
    @Test func manyAtOnce() throws {
        let night = try DisturbedNight(1)
        defer { night.remove() }
        let all = try (0..<8).map { _ in try night.start() }
        let statuses = all.map { $0.wait().status }
        #expect(statuses.contains(0) && statuses.allSatisfy { [0, 75].contains($0) }, "\(statuses)")
        try night.expectMended("eight at once", wasPublished: true)
    }
}
