import Foundation
import Glibc
import Testing

@testable import TestSupport

/// Who may use an output is up to whoever made its folder.
@Suite struct OutputRightsTests {
    private func mode(_ log: SmallLog, _ name: String) -> mode_t {
        var status = stat()
        return stat(log.folder.path(name), &status) == 0 ? status.st_mode & 0o7777 : 0
    }

    @Test(arguments: [[], ["--state", "state"]]) func modesStay(more: [String]) throws {
        let log = try SmallLog()
        for round in 0..<2 {
            for mode in [0o2775, 0o700] as [mode_t] {
                if round == 0, mode == 0o2775 { mkdir(log.folder.path("out"), 0o700) }
                chmod(log.folder.path("out"), mode)
                #expect(try Binary.run(["run", "p.yaml", "-o", "out"] + more, in: log.folder.path).status == 0)
                #expect(self.mode(log, "out") == mode)
            }
        }
        // What only the owner may read stays so in a folder that all may enter.
        #expect(mode(log, "out/quarantine.ndjson") == 0o600)
    }

    /// As somebody without privilege: protected against writing, and replaced all the same.
    @Test func aProtectedOutput() throws {
        let log = try SmallLog()
        chmod(log.folder.path, 0o777)
        func run() throws -> Binary.Ended { try Binary.run(["run", "p.yaml", "-o", "out"], in: log.folder.path, asNobody: true) }
        #expect(try run().status == 0)
        for _ in 0..<2 {
            chmod(log.folder.path("out"), 0o555)
            let ended = try run()
            #expect(ended.status == 0 && ended.errors == "", "\(ended.errors)")
            #expect(mode(log, "out") == 0o555 && log.leftOvers == [])
        }
        chmod(log.folder.path("out"), 0o755)
    }

    /// A group that cannot be kept is told before the work, and the output stays as it was.
    @Test func aGroupThatIsNotOurs() throws {
        guard geteuid() == 0 else { return }
        let log = try SmallLog()
        chmod(log.folder.path, 0o777)
        func run(_ more: String...) throws -> Binary.Ended {
            try Binary.run(["run", "p.yaml", "-o", "out"] + more, in: log.folder.path, asNobody: true)
        }
        #expect(try run().status == 0)
        #expect(chown(log.folder.path("out"), 65534, 54_321) == 0)
        let ended = try run()
        #expect(ended.status == 1 && ended.errors.contains("keep the group of") && ended.errors.contains("54321"), "\(ended.errors)")
        #expect(log.isPublished && log.leftOvers == [])
    }

    @Test func metricsFilesAlike() throws {
        let log = try SmallLog()
        for _ in 0..<2 {
            #expect(try log.run("--metrics-file", "m.prom").status == 0)
            chmod(log.folder.path("m.prom"), 0o640)
        }
        #expect(try log.run("--metrics-file", "m.prom").status == 0)
        #expect(mode(log, "m.prom") == 0o640)
    }
}
