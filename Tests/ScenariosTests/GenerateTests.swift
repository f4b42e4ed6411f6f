import Foundation
import Scenarios
import Testing

/// What holds for every scenario: size, repeatability, and the care for the folder.
@Suite struct GenerateTests {
    @Test(arguments: Scenario.allCases, [1, 2, 999, 2500])
    func asManyLinesAsAskedFor(scenario: Scenario, lines: Int) throws {
        try withFolder { folder in
            let summary = try scenario.generate(into: folder.path, lines: lines, seed: 5)
            let reader = LogReader(folder: folder)
            let texts = try reader.fileNames.map { try reader.text(of: $0) }
            #expect(summary.lines == lines)
            #expect(texts.map { $0.count { $0 == 10 } }.reduce(0, +) == lines)
            #expect(summary.textBytes == texts.map(\.count).reduce(0, +))
            #expect(try summary.fileNames.sorted() == reader.fileNames)
            let sizes = try summary.fileNames.map { try Data(contentsOf: folder.appending(path: $0)).count }
            #expect(summary.fileBytes == sizes.reduce(0, +))
            #expect(try reader.truth()["files"] as? [String] == summary.fileNames)
            #expect(try reader.truth()["complete"] as? Bool == true)
        }
    }

    @Test(arguments: Scenario.allCases)
    func theSameSeedGivesTheSameBytes(scenario: Scenario) throws {
        try withFolder { one in
            try withFolder { two in
                _ = try scenario.generate(into: one.path, lines: 3000, seed: 9)
                _ = try scenario.generate(into: two.path, lines: 3000, seed: 9)
                #expect(try contents(one) == contents(two))
                _ = try scenario.generate(into: two.path, lines: 3000, seed: 10)
                #expect(try contents(one) != contents(two))
            }
        }
    }

    @Test func anEarlierLogIsReplacedAsAWhole() throws {
        try withFolder { folder in
            _ = try Scenario.retail.generate(into: folder.path, lines: 3000, seed: 1)
            try FileManager.default.createDirectory(at: folder.appending(path: "mine"), withIntermediateDirectories: false)
            _ = try Scenario.tickets.generate(into: folder.path, lines: 100, seed: 1)
            #expect(try contents(folder).keys.sorted() == ["mine", "tickets-000.ndjson.zst", "truth.json"])
        }
    }

    @Test(arguments: ["notes.txt", "web-1.ndjson", "web-000.csv", "shop-000.ndjson", ".hidden"])
    func aFolderWithSomethingElseIsLeftAlone(name: String) throws {
        try withFolder { folder in
            _ = try Scenario.tickets.generate(into: folder.path, lines: 100, seed: 1)
            try Data("mine".utf8).write(to: folder.appending(path: name))
            let before = try contents(folder)
            #expect(throws: GenerateError.folderInUse(path: folder.path, file: name)) {
                try Scenario.retail.generate(into: folder.path, lines: 100, seed: 1)
            }
            #expect(try contents(folder) == before)
        }
    }

    @Test func filesLikeOursWithoutTheTruthAreLeftAlone() throws {
        try withFolder { folder in
            _ = try Scenario.tickets.generate(into: folder.path, lines: 100, seed: 1)
            try FileManager.default.removeItem(at: folder.appending(path: "truth.json"))
            #expect(throws: GenerateError.self) { try Scenario.tickets.generate(into: folder.path, lines: 100, seed: 1) }
            #expect(try contents(folder).count == 1)
        }
    }

    @Test func whatTheSystemRefusesIsNamed() throws {
        try withFolder { folder in
            try Data().write(to: folder)
            let inside = folder.appending(path: "a/b").path
            let error = #expect(throws: GenerateError.self) { try Scenario.retail.generate(into: inside, lines: 10, seed: 1) }
            #expect(error?.description == "cannot create folder \(inside): Not a directory")
            #expect(error?.isWrongUse == false)
        }
    }

    @Test func foldersOnTheWayAreMade() throws {
        try withFolder { folder in
            _ = try Scenario.tickets.generate(into: folder.path + "/a/b/", lines: 10, seed: 1)
            #expect(try contents(folder.appending(path: "a/b")).count == 2)
        }
    }

    private func contents(_ folder: URL) throws -> [String: Data] {
        var result: [String: Data] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
            result[name] = (try? Data(contentsOf: folder.appending(path: name))) ?? Data()
        }
        return result
    }
}
