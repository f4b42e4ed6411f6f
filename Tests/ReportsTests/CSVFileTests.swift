import Disk
import Reports
import Tables
import TestSupport
import Testing

/// A small RFC 4180 reader, strict about quotes. LF ends a record, as it does in our files.
private func readCSV(_ bytes: [UInt8]) -> [[String]]? {
    var rows: [[String]] = []
    var row: [String] = []
    var place = 0
    while place < bytes.count {
        var field: [UInt8] = []
        if bytes[place] == UInt8(ascii: "\"") {
            place += 1
            while true {
                guard place < bytes.count else { return nil }
                if bytes[place] == UInt8(ascii: "\"") {
                    guard place + 1 < bytes.count, bytes[place + 1] == UInt8(ascii: "\"") else { break }
                    place += 1
                }
                field.append(bytes[place])
                place += 1
            }
            place += 1
        } else {
            while place < bytes.count, bytes[place] != UInt8(ascii: ","), bytes[place] != 0x0A {
                guard bytes[place] != UInt8(ascii: "\""), bytes[place] != 0x0D else { return nil }
                field.append(bytes[place])
                place += 1
            }
        }
        row.append(String(decoding: field, as: UTF8.self))
        guard place < bytes.count else { return nil }
        if bytes[place] == 0x0A {
            rows.append(row)
            row = []
        } else if bytes[place] != UInt8(ascii: ",") {
            return nil
        }
        place += 1
    }
    return row.isEmpty ? rows : nil
}

struct CSVFileTests {
    private func csv(_ table: ReportTable, _ form: CSVFile.Form = .exact) throws -> [UInt8] {
        let folder = try TemporaryFolder()
        let file = try OutputFile(path: folder("t.csv"))
        try CSVFile.write(table, to: file, form: form)
        try file.finish()
        return try #require(folder.bytes("t.csv"))
    }

    private func table(_ names: [String], _ rows: [[ReportTable.Cell]]) -> ReportTable {
        ReportTable(name: "t", title: "A test", columns: names.map { .init($0, .text, "") }, rows: rows, keyColumns: [])
    }

    /// Texts that a spreadsheet would run, texts that look like escaped ones, and others.
    private static let hostile = [
        "=1+1", "+49 30 1", "-1", "@SUM(A1)", "\tx", "\r=x", "'=1", "''-", "", "'", "'tis", "a=b", " =1", "1", "=\"a\",b", "ü", "\n=1",
    ]

    @Test func spreadsheetsRunNoText() throws {
        let rows = Self.hostile.map { [ReportTable.Cell.text($0), .text("x")] }
        let bytes = try csv(table(["name", "other"], rows), .spreadsheet)
        #expect(bytes.prefix(3) == [0xEF, 0xBB, 0xBF])
        let read = try #require(readCSV(Array(bytes.dropFirst(3))))
        #expect(read[0] == ["name", "other"])
        let names = read.dropFirst().map { $0[0] }
        #expect(
            names == [
                "'=1+1", "'+49 30 1", "'-1", "'@SUM(A1)", "'\tx", "'\r=x", "''=1", "'''-", "", "'", "'tis", "a=b", " =1", "1",
                "'=\"a\",b", "ü", "\n=1",
            ])
        #expect(!names.contains { $0.utf8.first.map("=+-@\t\r".utf8.contains) ?? false })
        #expect(Set(names).count == names.count)
        // Exact by default: every text as it is.
        #expect(readCSV(try csv(table(["name", "other"], rows)))?.dropFirst().map { $0[0] } == Self.hostile)
    }

    /// What is no text has no apostrophe: a negative number stays one.
    @Test func numbersStayNumbers() throws {
        let table = ReportTable(
            name: "t", title: "", columns: [.init("a", .integer, ""), .init("b", .ratio, ""), .init("c", .seconds, "")],
            rows: [[.integer(-5), .ratio(-0.5), .duration(-1_500_000)]], keyColumns: [])
        let bytes = try csv(table, .spreadsheet)
        #expect(String(decoding: bytes.dropFirst(3), as: UTF8.self) == "a,b,c\n-5,-0.500000,-1.500\n")
    }

    @Test func everyKindOfCell() throws {
        let bytes = try csv(
            table(
                ["text", "count", "rate", "dwell", "threshold", "flag", "day", "nothing"],
                [
                    [.text("web"), .integer(-3), .ratio(0.5), .duration(1500), .seconds(2.0005), .boolean(true), .day(0), .unknown],
                    [.text(""), .integer(Int64.max), .ratio(.nan), .duration(-500), .seconds(1e20), .boolean(false), .day(-1), .unknown],
                ]))
        #expect(
            String(decoding: bytes, as: UTF8.self) == """
                text,count,rate,dwell,threshold,flag,day,nothing
                web,-3,0.500000,0.002,2.001,true,1970-01-01,
                ,9223372036854775807,,-0.001,100000000000000000000.000,false,1969-12-31,

                """)
    }

    @Test func quotesOnlyWhereNeeded() throws {
        let drawn: [(String, String)] = [
            ("plain", "plain"), (" blanks ", " blanks "), ("a,b", "\"a,b\""), ("say \"hi\"", "\"say \"\"hi\"\"\""), ("\"", "\"\"\"\""),
            ("two\nlines", "\"two\nlines\""), ("mac\rline", "\"mac\rline\""), ("dos\r\nline", "\"dos\r\nline\""), ("a;b\tc'd", "a;b\tc'd"),
            ("=1+2", "=1+2"), ("Zürich 東京 👩‍👩‍👧", "Zürich 東京 👩‍👩‍👧"), ("nul\0", "nul\0"),
        ]
        for (text, expected) in drawn {
            let bytes = try csv(table(["x", "y"], [[.text(text), .integer(1)]]))
            #expect(bytes == Array("x,y\n\(expected),1\n".utf8), "\(text.debugDescription)")
        }
    }

    @Test func aLoneEmptyFieldIsNoEmptyLine() throws {
        #expect(try csv(table(["x"], [[.text("")], [.unknown], [.text("a")]])) == Array("x\n\"\"\n\"\"\na\n".utf8))
    }

    @Test func anEmptyTableHasItsHeader() throws {
        #expect(try csv(table(["a", "b,c"], [])) == Array("a,\"b,c\"\n".utf8))
    }

    @Test(arguments: UInt64(1)...300) func whatIsWrittenReadsBack(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let alphabet = Array("ab,\"\n\r ;é語\t'\0").map(String.init) + ["\r\n", "\"\"", "\u{301}"]
        func text() -> String {
            (0..<Int.random(in: 0...6, using: &generator)).map { _ in alphabet.randomElement(using: &generator) ?? "" }.joined()
        }
        let width = Int.random(in: 1...4, using: &generator)
        let names = (0..<width).map { _ in text() }
        let rows = (0..<Int.random(in: 0...5, using: &generator)).map { _ in (0..<width).map { _ in text() } }
        let read = readCSV(try csv(table(names, rows.map { $0.map(ReportTable.Cell.text) })))
        // Compared as bytes: Swift takes differently composed letters for the same.
        #expect(read.map { $0.map { $0.map { Array($0.utf8) } } } == ([names] + rows).map { $0.map { Array($0.utf8) } }, "seed \(seed)")
    }
}
