import Testing

@testable import Ingest

@Suite struct ByteRoomTests {
    private func room(_ text: String, count: Int = 16) -> ByteRoom {
        let room = ByteRoom(count: count)
        room.clear(0..<count)
        for (place, byte) in text.utf8.enumerated() { room[place] = byte }
        return room
    }

    private func string(_ room: ByteRoom, _ count: Int) -> String { String(decoding: room.text(0..<count).bytes, as: UTF8.self) }

    @Test func bytesAreMovedAndTakenOver() {
        var one = room("one\ntwo\nthree")
        defer { one.release() }
        #expect(one.lineEnd(in: 0..<13) == 3 && one.lineEnd(in: 4..<13) == 7 && one.lineEnd(in: 8..<13) == nil)
        #expect(one.lastLineEnd(before: 13) == 7 && one.lastLineEnd(before: 7) == 3 && one.lastLineEnd(before: 3) == nil)
        one.moveToStart(4..<13)
        #expect(string(one, 9) == "two\nthree")
        let other = room("12")
        defer { other.release() }
        one.part(1..<16).copy(other.part(0..<2))
        #expect(string(one, 5) == "t12\nt")
        one.grow(to: 40, used: 3)
        one.store(UInt16(littleEndian: 0x4241), at: 38)
        #expect(one.count == 40 && string(one, 3) == "t12" && one[38] == 0x41 && one[39] == 0x42)
    }

    @Test func placesInText() {
        let room = room("plain é\"\n")
        defer { room.release() }
        let text = room.text(0..<16)
        #expect(text.start.lineEnd(before: text.start + 9) == nil)
        #expect(text.start.lineEnd(before: text.end).map { $0 - text.start } == 9)
        var nonASCII: UInt32 = 0
        let quote = text.start.afterPlainText(&nonASCII)
        #expect(quote - text.start == 8 && quote.byte == UInt8(ascii: "\"") && nonASCII != 0)
        #expect(text.dropping(6).count == 10 && text.dropping(6)[0] == 0xC3)
        #expect(text.start.load(as: UInt16.self) == UInt16(littleEndian: 0x6C70))
    }

    #if DEBUG
        /// Release builds do not ask.
        @Test func debugBuildsHoldTheBounds() async {
            await #expect(processExitsWith: .failure) { _ = ByteRoom(count: 4)[4] }
            await #expect(processExitsWith: .failure) { ByteRoom(count: 4)[-1] = 1 }
            await #expect(processExitsWith: .failure) { ByteRoom(count: 4).store(UInt32(1), at: 1) }
            await #expect(processExitsWith: .failure) { ByteRoom(count: 4).copy(ByteRoom(count: 5)) }
            await #expect(processExitsWith: .failure) { _ = ByteRoom(count: 4).text(2..<5) }
            await #expect(processExitsWith: .failure) { Text.with([1, 2]) { _ = $0[2] } }
            await #expect(processExitsWith: .failure) { Text.with([1, 2]) { _ = ($0.start + 2).byte } }
            await #expect(processExitsWith: .failure) { Text.with([1, 2]) { _ = $0.start + 3 } }
            await #expect(processExitsWith: .failure) { Text.with([1, 2]) { _ = $0.start.load(as: UInt32.self) } }
            await #expect(processExitsWith: .failure) { _ = TextPlace.nowhere.byte }
        }
    #endif
}
