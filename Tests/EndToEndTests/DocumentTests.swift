import Foundation
import Testing

@testable import TestSupport

/// The pages for people: what they link to is there, what they show is what the program says, and what cites them is right.
@Suite struct DocumentTests {
    private static let pages = [
        "README.md", "Benchmarks/README.md", "Sources/README.md", "pipelines/README.md", "pipelines/frictions.md", "pipelines/rules.md",
        "pipelines/metrics.md", "pipelines/formats/README.md",
    ]

    private static func text(_ name: String) throws -> String {
        try String(contentsOf: Binary.root.appendingPathComponent(name), encoding: .utf8)
    }

    /// The parts of a page outside fenced blocks, and those inside with the word behind the fence.
    private static func parts(_ page: String) -> (prose: [String], blocks: [(kind: String, lines: [String])]) {
        var prose: [String] = []
        var blocks: [(kind: String, lines: [String])] = []
        var isInside = false
        for line in page.components(separatedBy: "\n") {
            let bare = line.trimmingCharacters(in: .whitespaces)
            if bare.hasPrefix("```") {
                isInside.toggle()
                if isInside { blocks.append((String(bare.dropFirst(3)), [])) }
            } else if isInside {
                blocks[blocks.count - 1].lines.append(line)
            } else {
                prose.append(line)
            }
        }
        return (prose, blocks)
    }

    /// As hosts of repositories make them: lower case, punctuation dropped, blanks as dashes.
    private static func anchor(_ heading: String) -> String {
        let kept = heading.lowercased().unicodeScalars.filter {
            $0.properties.isAlphabetic || $0.properties.numericType != nil || " -_".unicodeScalars.contains($0)
        }
        return String(String.UnicodeScalarView(kept)).replacingOccurrences(of: " ", with: "-")
    }

    private static func anchors(_ page: String) throws -> [String] {
        try parts(text(page)).prose.filter { $0.hasPrefix("#") }.map { anchor($0.drop { $0 == "#" }.trimmingCharacters(in: .whitespaces)) }
    }

    @Test(arguments: pages)
    func linksLeadSomewhere(page: String) throws {
        let folder = (page as NSString).deletingLastPathComponent
        for line in try Self.parts(Self.text(page)).prose {
            for match in line.matches(of: /\]\(([^)\s]+)\)/) where !match.1.hasPrefix("https://") {
                let parts = match.1.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
                let target = parts[0].isEmpty ? page : ((folder as NSString).appendingPathComponent(parts[0]) as NSString).standardizingPath
                let url = Binary.root.appendingPathComponent(target)
                #expect(FileManager.default.fileExists(atPath: url.path), "\(page): \(match.1)")
                if parts.count == 2 { #expect(try Self.anchors(target).contains(parts[1]), "\(page): \(match.1)") }
            }
        }
    }

    @Test(arguments: pages)
    func anchorsAreTheirOwn(page: String) throws {
        let anchors = try Self.anchors(page)
        #expect(Set(anchors).count == anchors.count)
    }

    /// Every `console` block, from its commands to the last line of what they say.
    @Test(arguments: pages)
    func commandsSayWhatThePageShows(page: String) throws {
        let folder = try ScratchFolder()
        for name in ["pipelines", "sample-data"] {
            let link = folder.url.appendingPathComponent(name)
            try FileManager.default.createSymbolicLink(at: link, withDestinationURL: Binary.root.appendingPathComponent(name))
        }
        for block in try Self.parts(Self.text(page)).blocks where block.kind == "console" {
            let shown = block.lines.filter { !$0.hasPrefix("$ ") }
            guard !shown.isEmpty else { continue }
            let commands = block.lines.filter { $0.hasPrefix("$ ") }
                .map { $0.dropFirst(2).replacingOccurrences(of: ".build/release/sojourn", with: "sojourn") }
            #expect(try Self.shell(commands, in: folder) == shown, "\(page): \(commands)")
        }
    }

    private static func shell(_ commands: [String], in folder: ScratchFolder) throws -> [String] {
        let (process, pipe) = (Process(), Pipe())
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.currentDirectoryURL = folder.url
        let script = ["program=$1; sojourn() { \"$program\" \"$@\"; }"] + commands
        process.arguments = ["-c", script.joined(separator: "\n"), "sh", Binary.path]
        process.standardOutput = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: output, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
    }

    /// A comment cites a section by its number, and the number by the heading that it means.
    @Test func commentsCiteSectionsThatExist() throws {
        let sections = Set(try Self.text("pipelines/rules.md").matches(of: /(?m)^## (\d+)\.\s/).map { String($0.1) })
        #expect(sections.count == 21)
        for folder in ["Sources", "Tests", "Benchmarks"] {
            let files = FileManager.default.enumerator(atPath: Binary.root.appendingPathComponent(folder).path)
            while let name = files?.nextObject() as? String {
                guard [".swift", ".py", ".h"].contains(where: name.hasSuffix) else { continue }
                for match in try Self.text("\(folder)/\(name)").matches(of: /pipelines\/rules\.md, (\d+)/) {
                    #expect(sections.contains(String(match.1)), "\(folder)/\(name): \(match.0)")
                }
            }
        }
    }

    /// A room that is not on the map would be found by nobody. Those that only lead to a C library are one entry.
    @Test(arguments: ["README.md", "Sources/README.md"])
    func theMapHasEveryRoom(page: String) throws {
        let rooms = try FileManager.default.contentsOfDirectory(atPath: Binary.root.appendingPathComponent("Sources").path)
            .filter { !$0.contains(".") && $0.firstMatch(of: /^C[A-Z]/) == nil }
        let shown = try Self.text(page).matches(of: /(?m)^\| `([A-Za-z]+)` \|/).map { String($0.1) }
        #expect(shown.sorted() == rooms.sorted())
    }

    @Test func theFrontDoorIsShort() throws { #expect(try Self.text("README.md").components(separatedBy: "\n").count <= 200) }
}
