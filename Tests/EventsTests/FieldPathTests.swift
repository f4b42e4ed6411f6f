import Events
import Testing

@Suite struct FieldPathTests {
    /// RFC 6901, sections 3 and 5.
    @Test(
        arguments: [
            ("/foo", ["foo"]), ("/foo/0", ["foo", "0"]), ("/", [""]), ("/a~1b", ["a/b"]), ("/c%d", ["c%d"]), ("/e^f", ["e^f"]),
            ("/ ", [" "]),
            ("/m~0n", ["m~n"]), ("/~01", ["~1"]), ("/~10", ["/0"]), ("//", ["", ""]), ("/a//b/", ["a", "", "b", ""]), ("/a.b", ["a.b"]),
            ("/i\\j", ["i\\j"]), ("/k\"l", ["k\"l"]),
            // A combining mark does not make another character of the slash or the tilde before it.
            ("/a/\u{301}b", ["a", "\u{301}b"]), ("/\u{301}", ["\u{301}"]), ("/~0\u{301}", ["~\u{301}"]),
        ])
    func pointers(_ text: String, _ tokens: [String]) throws {
        let path = try #require(FieldPath(text))
        #expect(path.isPointer)
        #expect(path.tokens.map { Array($0.utf8) } == tokens.map { Array($0.utf8) })
    }

    @Test(arguments: [
        ("a", ["a"]), ("a.b.0", ["a", "b", "0"]), ("a/b", ["a/b"]), ("a~1", ["a~1"]), ("a.\u{301}b", ["a", "\u{301}b"]), (" ", [" "]),
    ])
    func dottedPaths(_ text: String, _ tokens: [String]) throws {
        let path = try #require(FieldPath(text))
        #expect(!path.isPointer)
        #expect(path.tokens.map { Array($0.utf8) } == tokens.map { Array($0.utf8) })
    }

    @Test(arguments: ["", ".", "a.", ".a", "a..b", "/~", "/a~", "/~2", "/a~/b"])
    func faults(_ text: String) {
        #expect(FieldPath(text) == nil)
    }

    @Test(arguments: [
        ("a", "a", true), ("a", "a.b", true), ("/a", "a.b", true), ("a.b", "/a/b/0", true), ("a.b", "a", false), ("a.b", "a.c", false),
        ("a", "ab", false),
        ("a.0", "/a/0", true), ("\u{E4}", "a\u{308}", false), ("/", "a", false),
    ])
    func covers(_ path: String, _ other: String, _ covers: Bool) throws {
        #expect(try #require(FieldPath(path)).covers(#require(FieldPath(other))) == covers)
    }

    /// Without limits a path of 2,000 keys overflows the stack, and one of 30 places takes 2^30 nodes to look for.
    @Test func hostilePathsAreRefused() {
        #expect(FieldPath(Array(repeating: "a", count: 128).joined(separator: ".")) != nil)
        #expect(FieldPath(Array(repeating: "a", count: 129).joined(separator: ".")) == nil)
        #expect(FieldPath(String(repeating: "/0", count: 8)) != nil)
        #expect(FieldPath(String(repeating: "/0", count: 9)) == nil)
        #expect(FieldPath(String(repeating: "/00", count: 20)) != nil)
    }

    @Test(arguments: [
        ("0", 0), ("7", 7), ("10", 10), ("00", nil), ("01", nil), ("", nil), ("-0", nil), ("+1", nil), ("1a", nil),
        ("99999999999999999999", nil),
    ])
    func places(_ token: String, _ place: Int?) {
        #expect(FieldPath.place(token) == place)
    }
}
