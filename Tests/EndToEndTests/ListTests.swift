import Foundation
import Testing

@testable import TestSupport

/// `sojourn list` as users start it. That lists are as long as the tables say is checked on random cases (`CaseListTests`).
@Suite struct ListTests {
    /// Three customers: one stalls and retries, one is lost, one is under way. As of 12:00.
    private static let log = """
        {"t":"2026-03-01T08:00:00Z","c":"=1+1","ch":"web","tp":"start"}
        {"t":"2026-03-01T08:10:00Z","c":"=1+1","ch":"web","tp":"pay"}
        {"t":"2026-03-01T08:40:00Z","c":"=1+1","ch":"app","tp":"pay"}
        {"t":"2026-03-01T09:00:00Z","c":"=1+1","ch":"web","tp":"done"}
        {"t":"2026-03-01T08:30:00Z","c":"b","ch":"web","tp":"start"}
        {"t":"2026-03-01T11:30:00Z","c":"c","ch":"web","tp":"start"}
        {"t":"2026-03-01T12:00:00Z","c":"c","ch":"phone","tp":"pay"}

        """
    private static let pipeline = """
        version: 1
        name: small
        sources:
          - name: log
            input: log-*.ndjson
            fields: {time: t, channel: ch, touchpoint: tp, ids: {customer: c}}
        identity: {known: [customer]}
        channels: {web: {kind: self-service}, app: {kind: self-service}, phone: {kind: assisted}}
        journeys:
          - name: buy
            start: 'touchpoint == "start"'
            goal: 'touchpoint == "done"'
            inactivity: 2h
            steps:
              - {name: start, match: 'touchpoint == "start"'}
              - {name: pay, match: 'touchpoint == "pay"', sla: 15m}
              - {name: done, match: 'touchpoint == "done"'}
        frictions:
          define:
            - {name: again, pattern: 'a b', where: {a: 'touchpoint == "pay"', b: 'touchpoint == "pay"'}}
            - {name: pay, pattern: 'a', where: {a: 'touchpoint == "pay" && channel == "app"'}}

        """
    private static let header =
        "person,journey,started,status,mature,channel,touchpoint,step,time,end,lasted_seconds,stalled,stopped_here,idle_seconds\n"
    private static let payRow =
        "customer:=1+1,buy,2026-03-01T08:00:00Z,completed,true,web,pay,pay,2026-03-01T08:10:00Z,progressed,3000.000,true,,10800.000\n"

    private func small(_ pipeline: String = Self.pipeline) throws -> SmallLog { try SmallLog(Array(Self.log.utf8), pipeline: pipeline) }

    private func list(_ log: SmallLog, _ words: String...) throws -> Binary.Ended {
        try Binary.run(["list", "p.yaml"] + words, in: log.folder.path)
    }

    @Test(
        arguments: [
            (["--problem", "stall:pay"], payRow),
            (
                ["--problem", "again"],
                "customer:=1+1,buy,2026-03-01T08:00:00Z,completed,true,web,pay,pay,2026-03-01T08:10:00Z,,1800.000,,,10800.000\n"
            ),
            (
                ["--problem", "friction:pay"],
                "customer:=1+1,buy,2026-03-01T08:00:00Z,completed,true,app,pay,pay,2026-03-01T08:40:00Z,,0.000,,,10800.000\n"
            ),
            (
                ["--open"],
                "customer:c,buy,2026-03-01T11:30:00Z,open,false,phone,pay,pay,2026-03-01T12:00:00Z,open,0.000,false,,0.000\n"
            ),
            (
                ["--step", "start"],
                "customer:=1+1,buy,2026-03-01T08:00:00Z,completed,true,web,start,start,2026-03-01T08:00:00Z,progressed,600.000,false,,10800.000\n"
                    + "customer:b,buy,2026-03-01T08:30:00Z,abandoned,true,web,start,start,2026-03-01T08:30:00Z,stopped,,true,lost,12600.000\n"
                    + "customer:c,buy,2026-03-01T11:30:00Z,open,false,web,start,start,2026-03-01T11:30:00Z,progressed,1800.000,,,0.000\n"
            ),
        ])
    func listsByHand(_ words: [String], _ rows: String) throws {
        let log = try small()
        let ended = try Binary.run(["list", "p.yaml"] + words, in: log.folder.path)
        #expect(ended.status == 0 && ended.errors == "", "\(ended.errors)")
        #expect(ended.output == Self.header + rows)
        _ = try log.run("--state", "kept", "--as-of", "2026-03-01T12:00:00Z")
        try FileManager.default.removeItem(atPath: log.folder.path("log-1.ndjson"))
        let kept = try Binary.run(["list", "p.yaml", "--state", "kept"] + words, in: log.folder.path)
        #expect(kept.status == 0 && kept.errors == "" && kept.output == ended.output, "\(kept.errors)")
    }

    @Test func spreadsheetsRunNothing() throws {
        let ended = try list(small(), "--problem", "friction:pay", "--excel")
        #expect(ended.output.hasPrefix("\u{FEFF}person,") && ended.output.contains("\ncustomer:=1+1,"))
    }

    @Test(
        arguments: [
            (["--problem", "pay"], "it is a friction and a step; ask for friction:pay or stall:pay"),
            (["--problem", "agin"], "did you mean `again`?"), (["--step", "pya"], "did you mean `pay`?"),
            (["--step", "again"], "no such step; it has start, pay, done"), (["--open", "--journey", "by"], "did you mean `buy`?"),
            ([], "Give one of --problem, --step and --open"), (["--open", "--step", "pay"], "Give one of"),
            (["log-1.ndjson", "--open", "--state", "kept"], "give no inputs"),
            (["--open", "--state", "nowhere"], "there is no state of sojourn in this folder"),
        ])
    func wrongUsage(_ words: [String], _ saying: String) throws {
        let log = try small()
        let ended = try Binary.run(["list", "p.yaml"] + words, in: log.folder.path)
        #expect(ended.status == 2 && ended.output == "" && ended.errors.contains(saying), "\(ended.errors)")
        #expect(!FileManager.default.fileExists(atPath: log.folder.path("nowhere")))
    }

    /// A list is one person a row.
    @Test func isRefusedBesideMinCount() throws {
        let ended = try list(small(Self.pipeline + "privacy: {min_count: 2}\n"), "--open")
        #expect(ended.status == 2 && ended.output == "" && ended.errors.contains("min_count"), "\(ended.errors)")
    }

    @Test func personsArePseudonymsBesideAKey() throws {
        let log = try small(Self.pipeline + "privacy: {key_file: key}\n")
        try log.folder.write(String(repeating: "k", count: 32), to: "key")
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: log.folder.path("key"))
        let ended = try list(log, "--step", "start")
        #expect(ended.status == 0, "\(ended.errors)")
        let persons = ended.output.split(separator: "\n").dropFirst().compactMap { $0.split(separator: ",").first }
        #expect(persons.count == 3 && persons.allSatisfy { $0.count == "customer:".count + 64 }, "\(persons)")
        _ = try log.run("--state", "kept", "--as-of", "2026-03-01T12:00:00Z")
        let kept = try list(log, "--step", "start", "--state", "kept")
        #expect(kept.output == ended.output, "\(kept.errors)")
    }

    /// What is kept no longer is not listed, and that is said.
    @Test func sealedEventsAreSaidToBeMissing() throws {
        let log = try small(Self.pipeline + "retention: 1d\n")
        _ = try log.run("--state", "kept", "--as-of", "2026-03-01T12:00:00Z")
        try log.folder.write(#"{"t":"2026-06-09T08:00:00Z","c":"d","ch":"web","tp":"start"}"# + "\n", to: "log-2.ndjson")
        let second = try log.run("--state", "kept", "--as-of", "2026-06-09T08:00:00Z", "--accept-jump")
        #expect(second.status == 0, "\(second.errors)")
        let kept = try list(log, "--step", "start", "--state", "kept")
        #expect(kept.status == 0 && kept.output.contains("customer:d,"), "\(kept.errors)")
        #expect(!kept.output.contains("customer:b,"), "\(kept.output)")
        #expect(kept.errors.contains("kept no longer"), "\(kept.errors)")
    }
}
