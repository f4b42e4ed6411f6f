import Foundation
import Testing

@testable import TestSupport

/// One of the nights of `NightlyLog` in a folder of its own, to be disturbed: state and output are those of the night before.
struct DisturbedNight {
    let log: NightlyLog
    let night: Int
    /// Below the log's folder.
    let place: String

    init(_ night: Int) throws {
        log = try NightlyLog.shared.get()
        self.night = night
        place = "night-\(night)-\(UUID().uuidString)"
        try FileManager.default.copyItem(atPath: log.folder.path("after-\(night - 1)"), toPath: log.folder.path(place))
    }

    func remove() { try? FileManager.default.removeItem(atPath: path) }

    var path: String { log.folder.path(place) }
    var output: URL { URL(fileURLWithPath: path + "/o/out") }
    var stateFile: URL { URL(fileURLWithPath: path + "/s/state/state.sqlite") }
    var command: [String] { NightlyLog.command(night, in: place) }

    func run(_ environment: [String: String] = [:], _ more: String...) throws -> Binary.Ended {
        try Binary.run(command + more, in: log.folder.path, environment: environment)
    }

    func start(_ environment: [String: String] = [:]) throws -> Running {
        let running = try Running(command, in: log.folder.path, environment: environment)
        running.closeInput()
        return running
    }

    /// What the shim needs to number the calls of a run on this night's folder.
    func shim(_ more: [String: String]) -> [String: String] {
        more.merging(["LD_PRELOAD": FaultShim.path, "FAULT_UNDER": path]) { $1 }
    }

    /// Whether the whole output of this night is published. Anything but this or the output of the night before is an issue.
    func isPublished(_ how: String, sourceLocation: SourceLocation = #_sourceLocation) -> Bool {
        if !FileManager.default.fileExists(atPath: output.path) {
            #expect(night == 1, "\(how): the output is gone", sourceLocation: sourceLocation)
            return false
        }
        do {
            let found = try PublishedVersion(folder: output)
            if let before = log.versions[night - 1], found == before { return false }
            #expect(found == log.versions[night], "\(how): neither this night's output nor the one before", sourceLocation: sourceLocation)
        } catch {
            Issue.record("\(how): not whole: \(error)", sourceLocation: sourceLocation)
        }
        return true
    }

    /// The same command again must bring this night's numbers, and say what it restated unless that was published before.
    func expectMended(_ how: String, wasPublished: Bool, sourceLocation: SourceLocation = #_sourceLocation) throws {
        // With the shim, which waits for no disk: this one's power does not go, and waiting was most of these tests' time.
        let again = try run(shim([:]))
        #expect(again.status == 0, "\(how): \(again.errors)", sourceLocation: sourceLocation)
        let (found, wanted) = (try PublishedVersion(folder: output), try #require(log.versions[night]))
        #expect(
            found.hasSameNumbers(as: wanted), "\(how): other numbers: \(found.snapshot.differences(from: wanted.snapshot))",
            sourceLocation: sourceLocation)
        #expect(wasPublished || found.hasSameRestatement(as: wanted), "\(how): restated otherwise", sourceLocation: sourceLocation)
        let names = ["o", "s/state"].flatMap { name in
            // A journal without a header stays where SQLite has a file for itself.
            ((try? FileManager.default.contentsOfDirectory(atPath: path + "/" + name)) ?? []).filter {
                !["out", "state.sqlite", "state.sqlite-journal", "lock"].contains($0)
            }
        }
        #expect(names == [], "\(how): left behind", sourceLocation: sourceLocation)
    }
}

/// The library that counts, fails and kills by calls (see FaultShim.h), where the same build put it.
enum FaultShim {
    static let path = Binary.builtFolder.appendingPathComponent("libFaultShim.so").path

    /// How many disturbed runs a test makes: `SOJOURN_KILLS`, or few enough for every day.
    static func rounds(_ usual: Int) -> Int { ProcessInfo.processInfo.environment["SOJOURN_KILLS"].flatMap { Int($0) } ?? usual }

    /// A call that changes files; see FaultShim.h.
    struct Call: Equatable {
        var kind: Character
        var offset: Int
        var length: Int
        var path: String
        var second: String?
        var bytes: [UInt8] = []
    }

    static func calls(_ log: URL) throws -> [Call] {
        let bytes = [UInt8](try Data(contentsOf: log))
        var (calls, place): ([Call], Int) = ([], 0)
        while place < bytes.count {
            let end = bytes[place...].firstIndex(of: 0x0A) ?? bytes.count
            let words = String(decoding: bytes[place..<end], as: UTF8.self).split(separator: " ", maxSplits: 3).map(String.init)
            let paths = words[3].split(separator: "\t").map(String.init)
            var call = Call(
                kind: words[0].first!, offset: Int(words[1])!, length: Int(words[2])!, path: paths[0],
                second: paths.count > 1 ? paths[1] : nil)
            place = end + 1
            if call.kind == "W" {
                call.bytes = Array(bytes[place..<min(place + call.length, bytes.count)])
                place += call.length
            }
            calls.append(call)
        }
        return calls
    }

    /// The calls of a whole night in peace.
    static func calls(ofNight number: Int) throws -> [Call] {
        let night = try DisturbedNight(number)
        defer { night.remove() }
        let file = night.path + "-calls"
        let ended = try night.run(night.shim(["FAULT_LOG": file]))
        #expect(ended.status == 0, "\(ended.errors)")
        #expect(night.isPublished("in peace"))
        defer { try? FileManager.default.removeItem(atPath: file) }
        return try calls(URL(fileURLWithPath: file)).map { call in
            var call = call
            call.path = String(call.path.dropFirst(night.path.count + 1))
            call.second = call.second.map { String($0.dropFirst(night.path.count + 1)) }
            return call
        }
    }
}
