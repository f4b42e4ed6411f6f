import Disk
import Foundation
import Glibc
import TestSupport
import Testing

struct OutputFileTests {
    @Test func bytesComeOutAsTheyWentIn() throws {
        let folder = try TemporaryFolder()
        let file = try OutputFile(path: folder("f"))
        var expected: [UInt8] = []
        // Around the buffer's size, where a piece fits, fills it, or goes past it.
        for size in [0, 1, 500_000, 548_575, 1, 1 << 20, (1 << 20) - 1, 2, 2 << 20, 7] {
            let piece = [UInt8](repeating: UInt8(size % 251), count: size)
            try file.write(piece)
            expected += piece
        }
        try file.write("Zürich")
        expected += Array("Zürich".utf8)
        let digest = try file.finish()
        #expect(folder.bytes("f") == expected)
        #expect(digest.bytes == Int64(expected.count))
        #expect(digest.sha256 == nil)
        #expect(try file.finish() == digest)
        #expect(throws: OutputError.self) { try file.write("more") }
    }

    @Test func aFullDeviceIsAnError() throws {
        let file = try OutputFile(path: "/dev/full")
        try file.write("fits into the buffer")
        let error = try #require(throws: OutputError.self) { try file.finish() }
        #expect(error.description == "cannot write /dev/full: No space left on device")
        #expect(error.code == ENOSPC)
        #expect(!file.isFinished)
        // The error stays, whoever asks again.
        #expect(throws: error) { try file.write("x") }
        #expect(throws: error) { try file.finish() }
    }

    @Test func aLinkIsNotFollowed() throws {
        let folder = try TemporaryFolder()
        try folder.write("precious", to: "target")
        try FileManager.default.createSymbolicLink(atPath: folder("link"), withDestinationPath: folder("target"))
        #expect(throws: OutputError.self) { try OutputFile(path: folder("link")) }
        #expect(folder.text("target") == "precious")
    }

    @Test func aMissingFolderIsNamed() throws {
        let error = try #require(throws: OutputError.self) { try OutputFile(path: "/nonexistent/f") }
        #expect(error.description == "cannot create /nonexistent/f: No such file or directory")
    }
}
