import Expressions
import Testing

/// Checks of tables: what they are read as, and what is said of those that are none.
@Suite struct TableCheckTests {
    private static let tables = [
        TableCheck.Table(
            name: "journeys",
            columns: [("journey", .text), ("started", .number), ("completion_rate", .number), ("duration_p50_seconds", .seconds)]),
        TableCheck.Table(
            name: "stalls", columns: [("journey", .text), ("stalled", .number), ("is_stall_point", .boolean), ("first_day", .day)]),
        TableCheck.Table(name: "run", columns: [("events", .number)]),
        TableCheck.Table(name: "daily.stalls", columns: [("day", .day), ("journey", .text), ("stalled", .number)]),
    ]

    private func parse(_ text: String) throws -> TableCheck { try TableCheck.parse(text, tables: Self.tables) }

    @Test func tablesByDayAndTheRun() throws {
        let check = try parse(#"daily.stalls.stalled < 5 where journey == "buy" && day >= last_day - 2"#)
        #expect(check.table == "daily.stalls" && check.condition == .compare("stalled", .less, .integer(5)))
        #expect(
            check.selection
                == .all([
                    .compare("journey", .equal, .string("buy")), .compareLastDay("day", .greaterOrEqual, daysBefore: 2),
                ]))
        #expect(try parse("run.events > 0").table == "run")
        #expect(try parse("daily.stalls.day < last_day").condition == .compareLastDay("day", .less, daysBefore: 0))
        #expect(
            try parse("daily.stalls.day in ['2026-03-01', last_day - 7]").condition
                == .any([.isIn("day", [.string("2026-03-01")]), .compareLastDay("day", .equal, daysBefore: 7)]))
    }

    @Test func textsThatThePipelineKnows() throws {
        let texts: [String: TableCheck.KnownTexts] = [
            "journey": .init("journey", ["buy", "support"]), "channel": .init("channel", ["phone"], allowsOthers: true),
        ]
        func message(_ text: String) throws -> String? {
            let tables = [TableCheck.Table(name: "t", columns: [("journey", .text), ("channel", .text)])]
            do throws(ExpressionError) {
                _ = try TableCheck.parse(text, tables: tables, texts: texts)
                return nil
            } catch { return "\(error.offset): \(error.message)" }
        }
        #expect(try message("t.journey == 'buy' where t.journey != ''") == nil)
        #expect(try message("t.journey == 'by'") == "13: unknown journey `by`; did you mean `buy`?")
        #expect(try message("t.journey in ['buy', 'sell']") == "21: unknown journey `sell`; valid: buy, support")
        // Before and after something is no name; and a log may have channels that nobody declared.
        #expect(try message("t.journey < 'by'") == nil)
        #expect(try message("t.channel == 'kiosk'") == nil)
        #expect(try message("t.channel != 'phne'") == "13: unknown channel `phne`; did you mean `phone`?")
    }

    @Test func thePublishedExample() throws {
        let check = try parse(#"journeys.completion_rate >= 0.2 where journey == "purchase""#)
        #expect(check.table == "journeys")
        #expect(check.condition == .compare("completion_rate", .greaterOrEqual, .number(0.2)))
        #expect(check.selection == .compare("journey", .equal, .string("purchase")))
        #expect(check.source == #"journeys.completion_rate >= 0.2 where journey == "purchase""#)
    }

    @Test func operatorsBindAsInExpressions() throws {
        let check = try parse("stalls.stalled < 5 || !stalls.is_stall_point && (stalls.stalled != -1 || stalls.journey in ['a', 'b',])")
        #expect(
            check.condition
                == .any([
                    .compare("stalled", .less, .integer(5)),
                    .all([
                        .not(.column("is_stall_point")),
                        .any([.compare("stalled", .notEqual, .integer(-1)), .isIn("journey", [.string("a"), .string("b")])]),
                    ]),
                ]))
        #expect(check.selection == nil)
        #expect(check.condition.columns == ["stalled", "is_stall_point", "journey"])
    }

    @Test func literalsOfEveryKind() throws {
        #expect(
            try parse(#"journeys.duration_p50_seconds < duration("15m")"#).condition
                == .compare("duration_p50_seconds", .less, .duration(900_000_000)))
        #expect(try parse("journeys.duration_p50_seconds < 900").condition == .compare("duration_p50_seconds", .less, .integer(900)))
        #expect(try parse("stalls.is_stall_point == false").condition == .compare("is_stall_point", .equal, .boolean(false)))
        #expect(try parse("stalls.first_day >= '2026-03-01'").condition == .compare("first_day", .greaterOrEqual, .string("2026-03-01")))
        let selection = try parse("stalls.stalled < 3 where is_stall_point && stalls.journey != 'x'").selection
        #expect(selection == .all([.column("is_stall_point"), .compare("journey", .notEqual, .string("x"))]))
    }

    @Test(arguments: [
        Fault("", 0, "empty"),
        Fault("journey.started > 1", 0, "unknown table `journey`; did you mean `journeys`?"),
        Fault("zzz.started > 1", 0, "unknown table `zzz`; valid: journeys, stalls, run"),
        Fault("daily.stals.stalled > 1", 6, "unknown table `stals`; did you mean `stalls`?"),
        Fault("daily.run.events > 1", 6, "unknown table `run`; valid: stalls"),
        Fault("daily > 1", 0, "unknown table `daily`"),
        Fault("daily.stalls > 1", 13, "expected `.` and a column after `daily.stalls`"),
        Fault("stalls.day > last_day", 7, "the table by day is `daily.stalls`"),
        Fault("daily.stalls.day > last_day - 40000", 30, "up to 36500"),
        Fault("daily.stalls.day > last_day - x", 30, "a number of days"),
        Fault("daily.stalls.day > last_day + 1", 28, "no arithmetic"),
        Fault("daily.stalls.day > '2026-02-29'", 19, "last_day - 7"),
        Fault("daily.stalls.stalled > last_day", 23, "expected a number"),
        Fault("stalls.stalled > 1 where daily.stalls.stalled > 1", 25, "one table"),
        Fault("journeys.complete_rate > 1", 9, "unknown column `complete_rate`; did you mean `completion_rate`?"),
        Fault("journeys.zzz > 1", 9, "valid: journey, started, completion_rate, duration_p50_seconds"),
        Fault("started > 1", 0, "write journeys.started"),
        Fault("zzz > 1", 0, "unknown table `zzz`"),
        Fault("journeys.started > 1 && started < 5", 24, "write journeys.started"),
        Fault("journeys.started > 1 where zzz == 1", 27, "unknown column `zzz`"),
        Fault("journeys.started > 1 && stalls.stalled > 1", 24, "one table"),
        Fault("journeys.started > 1 where stalls.stalled > 1", 27, "one table"),
        Fault("journeys.journey > 1", 19, "holds texts; compare it with a text"),
        Fault("journeys.started > 'x'", 19, "holds numbers; compare it with a number"),
        Fault("journeys.started in [1, true]", 24, "holds numbers"),
        Fault("journeys.started > duration('15m')", 19, "holds numbers"),
        Fault("journeys.duration_p50_seconds > 'x'", 32, "duration(\"15m\")"),
        Fault("journeys.duration_p50_seconds > duration('15')", 41, "is no duration"),
        Fault("journeys.started > 15m", 19, "is no number"),
        Fault("stalls.is_stall_point > true", 22, "by == or !="),
        Fault("stalls.first_day > '1.3.2026'", 19, "2026-03-31"),
        Fault("journeys.started", 0, "holds numbers; compare it with a number"),
        Fault("journeys.started = 1", 17, "use =="),
        Fault("0.2 < journeys.started", 0, "a column, such as"),
        Fault("journeys.started > journeys.completion_rate", 19, "expected a number"),
        Fault("journeys.started > 1 and journeys.started < 5", 21, "use &&"),
        Fault("journeys.started > 1 where", 26, "expected a column"),
        Fault("journeys.started > 1 where where", 27, "expected a column"),
        Fault("journeys.started > 1 where journey == 'a' where journey == 'b'", 42, "or the end"),
        Fault("journeys.completion-rate > 1", 9, "unknown column `completion`"),
        Fault("journeys.started > 2 - 1", 21, "no arithmetic"),
        Fault("(journeys.started > 1", 21, "to close the parenthesis"),
        Fault("journeys.started > 1 < 2", 21, "or the end"),
        Fault("where journey == 'a'", 0, "a column, such as"),
    ])
    func faults(_ fault: Fault) {
        do {
            let check = try parse(fault.text)
            Issue.record("read as \(check)")
        } catch let error as ExpressionError {
            #expect(error.offset == fault.offset, "\(error.message)")
            #expect(error.message.contains(fault.message), "\(error.message)")
        } catch { Issue.record(error) }
    }

    @Test func depthAndLengthAreBounded() throws {
        for text in [String(repeating: "(", count: 5000), String(repeating: "!", count: 5000)] {
            #expect(throws: ExpressionError.self) { try parse(text + "stalls.is_stall_point") }
        }
        #expect(throws: ExpressionError.self) { try parse("stalls.stalled > 1" + String(repeating: " ", count: Expression.textBytesMax)) }
        let chain = Array(repeating: "stalls.stalled>1", count: 3000).joined(separator: " && ")
        #expect(try parse(chain).condition == .all(Array(repeating: .compare("stalled", .greater, .integer(1)), count: 3000)))
    }
}
