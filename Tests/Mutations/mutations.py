"""Breaks the program in one place after the other, and looks whether a test notices.

    python3 Tests/Mutations/mutations.py                 all of them; the one build takes minutes, then each takes seconds
    python3 Tests/Mutations/mutations.py sealing reach   those whose names contain one of these words
    python3 Tests/Mutations/mutations.py --list          the names, after a look whether every text is still there
    python3 Tests/Mutations/mutations.py --filter Tests  looks with these tests in place of each one's own

Works on a copy of the tree in .build/mutations (--copy FOLDER: elsewhere), which is kept with what it built. All mutations
are in the copy at once, each behind a switch that asks the environment which one is on, so that everything is built once.
Programs that tests start inherit the switch. Told for each: killed, with the test that failed first, or survived. The exit
status is 1 where one survived or cannot be made, and 2 where the tests do not build or fail without any.

A mutation is one entry in MUTATIONS: a name, the file, a text that stands in it exactly once, what stands in place of its
part between « and », and the filter of the tests of which one must fail (`swift test --filter`). The part is a whole
expression; STATEMENT behind the filter says that it is a statement, LITERAL that it lies in a string literal. What no test
can notice does not belong here: say in the commit why it is so.
"""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import threading
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
LONGEST_SECONDS = 1800

VALUE, STATEMENT, LITERAL = "value", "statement", "literal"

IDENTITY, JOURNEYS, TABLES, STATES = "Sources/Identity/", "Sources/Journeys/", "Sources/Tables/", "Sources/States/"
INCREMENTAL = "Sources/Runs/Incremental/"

MUTATIONS = [
    # Sealing: what of a person's old events may be dropped.
    (
        "sealing: parts need not add up to the whole",
        INCREMENTAL + "PersonSealing.swift",
        "if «together.cells.isZero» { return",
        "true",
        "StateSealingTests",
    ),
    (
        "sealing: the old part may still change by time",
        INCREMENTAL + "PersonSealing.swift",
        "«first.holdsUntil == .max», together",
        "true",
        "StateSealingTests",
    ),
    (
        "sealing: both parts together may change by time",
        INCREMENTAL + "PersonSealing.swift",
        "«together.changes == second.changes»",
        "true",
        "StateSealingTests",
    ),
    (
        "sealing: a person who is all old may still change by time",
        INCREMENTAL + "PersonSealing.swift",
        "if old == rows.count, «isSettled» {",
        "true",
        "StateSealingTests",
    ),
    (
        "sealing: persons who share may still change by time",
        INCREMENTAL + "ComponentFold.swift",
        ": latest < sealing.before && «holdsUntil == .max» && persons.hasShared",
        "true",
        "StateSealingTests",
    ),
    (
        "sealing: the event at the cut is dropped too",
        INCREMENTAL + "ComponentFold.swift",
        "own.filter { «rows.time($0) < sealed.before» }",
        "rows.time($0) <= sealed.before",
        "StateRetentionTests|StateSealingTests",
    ),
    (
        "sealing: who was counted is forgotten with the events",
        TABLES + "Cells/PersonFacts.swift",
        "«table.mark(owner, of: table.cell(fact.key))»",
        "_ = table.cell(fact.key)",
        "StateRetentionTests",
        STATEMENT,
    ),
    (
        "reach: deadlines of absent left out",
        "Sources/Definitions/PipelineDefinition.swift",
        "times.append(«(friction.within ?? 0) + (friction.absent?.time ?? 0)»)",
        "friction.within ?? 0",
        "StateSealingTests",
    ),
    (
        "tables: counters over all days are added up from days",
        TABLES + "Cells/GroupedCells.swift",
        "|| «isOverall[place] == ofOverall» else",
        "!isOverall[place]",
        "GroupedCellsTests",
    ),
    (
        "tables: texts that show otherwise are ordered by their bytes",
        TABLES + "Cells/SymbolRanks.swift",
        "for symbol in symbols where «!texts.isExact(symbol)» {",
        "false",
        "GroupedCellsTests",
    ),
    # The map on the page.
    (
        "page: what comes back is not told",
        "Sources/Pages/JourneyMap.swift",
        'sum { «$0.text("kind") == "skip" || $0.text("kind") == "back"» }',
        '$0.text("kind") == "skip"',
        "PagesTests.JourneyMapTests",
    ),
    (
        "page: the goal is a stop",
        "Sources/Pages/JourneyMap.swift",
        'let stopped = sum { $0.text("kind") == "end" && «$0.text("to") != "goal"» }',
        "true",
        "PagesTests.JourneyMapTests",
    ),
    (
        "page: channels without a lane are left out",
        "Sources/Pages/JourneyMap.swift",
        "return «rest.isEmpty» ? lanes",
        "true",
        "PagesTests.JourneyMapTests",
    ),
    (
        "drawings: pieces stay on one line",
        "Sources/Drawings/Picture.swift",
        "let last = lines.last, «smallWidth(last + \" · \" + piece) <= narrowest» {",
        "true",
        "PagesTests.JourneyMapTests",
    ),
    (
        "steps by channel: shares of the type's visits",
        TABLES + "Decisions/StepChannelTable.swift",
        "all: «all[CellKey(type: key.type, key.first)] ?? 0»)",
        "all.values.reduce(0, +)",
        "RunsTests.ReferenceTests",
    ),
    # The cases behind a number.
    (
        "cases: visits too young to be judged are listed as not stalled",
        "Sources/Runs/Cases/CaseFinder.swift",
        "if «isJudged» {",
        "true",
        "CaseListTests",
    ),
    (
        "cases: a journey stops at its last step too",
        "Sources/Runs/Cases/CaseFinder.swift",
        "«walk.funnelLevel == place + 1»",
        "walk.funnelLevel >= place + 1",
        "CaseListTests",
    ),
    (
        "cases: what waits in a state is listed",
        "Sources/Runs/Incremental/StandingState.swift",
        "waiting = .init(before: waitsAfter, now: «waitsAfter»)",
        ".max",
        "CaseListTests",
    ),
    (
        "cases: who is hidden by min_count is listed",
        "Sources/Runs/Cases/CaseListing.swift",
        "guard «definition.privacy.minCount == nil» else",
        "true",
        "EndToEndTests.ListTests",
    ),
    # The summary on a terminal.
    (
        "summary: columns stay where there is no room",
        "Sources/sojourn/SummaryTable.swift",
        "«shown.remove(at: last)»",
        "break",
        "EndToEndTests.TerminalTests",
        STATEMENT,
    ),
    # What spreadsheets would run.
    (
        "spreadsheet: an escaped text is not escaped again",
        "Sources/Reports/CSVFile.swift",
        "guard let first = «text.utf8.first(where: { $0 != UInt8(ascii: \"'\") })» else",
        "text.utf8.first",
        "ReportsTests.CSVFileTests",
    ),
    (
        "spreadsheet: carriage returns begin no formula",
        "Sources/Reports/CSVFile.swift",
        'return «"=+-@\\t\\r".utf8.contains(first)»',
        '"=+-@\\t".utf8.contains(first)',
        "ReportsTests.CSVFileTests",
    ),
    # What editors are told of pipeline files.
    (
        "schema: unknown keys are let through",
        "Sources/Definitions/Schema/PipelineSchema.swift",
        '+ [.init("additionalProperties", «false»)]',
        "true",
        "PipelineSchemaTests",
    ),
    (
        "schema: null is refused where nothing is given",
        "Sources/Definitions/Schema/PipelineSchema.swift",
        "schema(key.value, orNull: «!key.isRequired»)",
        "false",
        "PipelineSchemaTests",
    ),
    (
        "shape: a companion is not asked for",
        "Sources/Definitions/SectionReader.swift",
        "let given = self[key.name], «self[companion] == nil» else",
        "false",
        "PipelineFaultTests",
    ),
    # What is restated, and why.
    (
        "restatement: what the log has is not loaded",
        INCREMENTAL + "IncrementalSums.swift",
        "«shape.isReadWhole || days.contains($0.day)»",
        'shape.isReadWhole && shape.name != "needs" || days.contains($0.day)',
        "RestatementTests",
    ),
    (
        "restatement: changed pipeline renamed",
        INCREMENTAL + "Contribution.swift",
        '«"changed pipeline"»',
        '"new pipeline"',
        "RestatementTests",
    ),
    (
        "restatement: removed events renamed",
        INCREMENTAL + "Contribution.swift",
        '«"removed events"»',
        '"events removed"',
        "RestatementTests",
    ),
    (
        "restatement: new identity links renamed",
        INCREMENTAL + "Contribution.swift",
        '«"new identity links"»',
        '"identity links"',
        "RestatementTests",
    ),
    (
        "restatement: late events renamed",
        INCREMENTAL + "Contribution.swift",
        '«"late events"»',
        '"late"',
        "RestatementTests",
    ),
    (
        "restatement: new events renamed",
        INCREMENTAL + "Contribution.swift",
        '«"new events"»',
        '"events"',
        "RestatementTests",
    ),
    (
        "restatement: time passed renamed",
        INCREMENTAL + "Contribution.swift",
        '«"time passed"»',
        '"time"',
        "RestatementTests",
    ),
    (
        "restatement: learned threshold renamed",
        TABLES + "Published/StallTable.swift",
        '«"as-of or learned threshold"»',
        '"as-of"',
        "RestatementTests",
    ),
    (
        "restatement: an event at the last as-of is new",
        INCREMENTAL + "ComponentFold.swift",
        "{ «rows.time($0) <= before» } }",
        "rows.time($0) < before",
        "RestatementTests",
    ),
    (
        "restatement: the last published day left out",
        INCREMENTAL + "Restatement.swift",
        "«row[0].day <= lastDay» &&",
        "row[0].day < lastDay",
        "RestatementTests",
    ),
    (
        "restatement: the last published day is one of UTC",
        INCREMENTAL + "StateChange.swift",
        "lastDay: «zone.day(of: before)»",
        "ZoneOffsets.utc.day(of: before)",
        "RestatementTests",
    ),
    (
        "restatement: a cell that is again what it was",
        STATES + "RestatedStore.swift",
        "DELETE FROM restated WHERE «was = is_now»",
        "0",
        "RestatementTests",
        LITERAL,
    ),
    (
        "restatement: only the first reason is kept",
        STATES + "RestatedStore.swift",
        "CASE WHEN «instr(reason, excluded.reason) > 0» THEN",
        "1",
        "RestatementTests",
        LITERAL,
    ),
    # Databases and their owner.
    (
        "database: a statement takes values without a reset",
        "Sources/Disk/SQLiteStatement.swift",
        "if «isUnderWay» { sqlite3_reset(handle) }",
        "false",
        "SQLiteTurnTests",
    ),
    (
        "database: the last error is told",
        "Sources/Disk/SQLiteConnection.swift",
        "let error = «failure ?? error(action)»",
        "error(action)",
        "SQLiteTurnTests",
    ),
    (
        "database: used by whoever has a statement",
        "Sources/Disk/SQLiteDatabase.swift",
        "        if «!isMine» { fatalError(",
        "false",
        "SQLiteTurnTests",
    ),
    (
        "database: asked for by whoever has it",
        "Sources/Disk/SQLiteDatabase.swift",
        "if «connection.turn.isMine» { fatalError(",
        "false",
        "SQLiteTurnTests",
    ),
    # Who is who.
    (
        "identity: met with as many as allowed is too many",
        IDENTITY + "IdentityGraph.swift",
        "«partnerCount(link) > maxKnown» { return true }",
        "partnerCount(link) >= maxKnown",
        "StitchingTests",
    ),
    (
        "identity: a group with a shared id is no ambiguous one",
        IDENTITY + "IdentityGraph.swift",
        "let partner = «partnerCount(UInt32(link)) > 1» ?",
        "false",
        "StitchingTests",
    ),
    (
        "identity: of two as near the later",
        IDENTITY + "SharedLinks.swift",
        "return «time - sightings[before].time <= sightings[after].time - time» ?",
        "time - sightings[before].time < sightings[after].time - time",
        "StitchingTests",
    ),
    (
        "identity: of several at one time the last",
        IDENTITY + "SharedLinks.swift",
        "let before = «firstIndex(in: range, from: sightings[after - 1].time)»",
        "after - 1",
        "StitchingTests",
    ),
    (
        "identity: of equal ids the type declared later",
        IDENTITY + "SharedLinks.swift",
        "return «identifiers.tag(of: one) < identifiers.tag(of: other)»",
        "identifiers.tag(of: one) > identifiers.tag(of: other)",
        "StitchingTests",
    ),
    (
        "identity: ways to the root of a group of two steps",
        IDENTITY + "IdentityGraph.swift",
        "«groups.flatten()»\n        assignOwners()",
        "()",
        "StitchingTests",
    ),
    (
        "days: a source's events go to the one before",
        "Sources/Events/EventDays.swift",
        "guard «next.source == source», Self.day(of: next.time) == day",
        "true",
        "EventDaysTests",
    ),
    (
        "identity: refused once for each set of ids",
        IDENTITY + "IdentityCounts.swift",
        "symbol != known, «!refused[Int(symbol)]» {",
        "true",
        "StitchingTests",
    ),
    (
        "identity: types of events given by time not counted",
        IDENTITY + "Stitching.swift",
        "if «isNearest», let person { share.masks",
        "false",
        "StateCaseTests",
    ),
    (
        "identity: anonymous persons named by bytes alone",
        IDENTITY + "PersonNames.swift",
        "if «tag < best» || tag == best &&",
        "false",
        "ReferenceTests",
    ),
    (
        "identity: examples in order of ids without their types",
        IDENTITY + "PersonNames.swift",
        "if «one == other» { return identifiers.precedes",
        "true",
        "ReferenceTests",
    ),
    # What a person did.
    (
        "sessions: a silence as long as the gap",
        JOURNEYS + "Sessionizer.swift",
        "if «time - session.last <= plan.sessions.gaps[channel]», time",
        "time - session.last < plan.sessions.gaps[channel]",
        "SessionizerTests",
    ),
    (
        "sessions: no shared instant at an end",
        JOURNEYS + "Sessionizer.swift",
        "if «(next.channel == session.channel ? nextOther : next).start <= session.last» {",
        "(next.channel == session.channel ? nextOther : next).start < session.last",
        "SessionizerTests",
    ),
    (
        "sessions: never over by length",
        JOURNEYS + "FoldPlan.swift",
        "|| «asOf.isLater(than: session.start, plus: sessions.maxLength)»",
        "false",
        "PatternMatcherTests|ReferenceTests",
    ),
    (
        "journeys: as long as may be is too long",
        JOURNEYS + "JourneyFinder.swift",
        "return «time - events.times[Int(line[start])] > maxLength»",
        "time - events.times[Int(line[start])] >= maxLength",
        "JourneyTests",
    ),
    (
        "journeys: fail before goal",
        JOURNEYS + "JourneyFinder.swift",
        "if «events.facts[event].has(EventFacts.reachesGoal)» {",
        "events.facts[event].has(EventFacts.reachesGoal) && !events.facts[event].has(EventFacts.fails)",
        "JourneyTests",
    ),
    (
        "as-of: at the limit is later",
        JOURNEYS + "AsOf.swift",
        "if «time > limit» { return true }",
        "time >= limit",
        "JourneyTests",
    ),
    (
        "as-of: holds until what was asked last",
        JOURNEYS + "AsOf.swift",
        "holdsUntil = «min(holdsUntil, limit)»",
        "limit",
        "StateCaseTests|StateSplitTests",
    ),
    (
        "as-of: at the later moment nothing is answered otherwise",
        JOURNEYS + "AsOf.swift",
        "differing.insert(«question»)",
        "[]",
        "StatePassingTests",
    ),
    (
        "state: where only time passes, funnels stay as they are",
        TABLES + "Published/FunnelTable.swift",
        "override var questions: AsOfQuestions { «.maturity» }",
        "[]",
        "StatePassingTests",
    ),
    (
        "state: where only time passes, journeys are numbered anew",
        JOURNEYS + "PersonWalk+Later.swift",
        "(owner, «other.lastJourney»)",
        "1",
        "StatePassingTests",
    ),
    (
        "events: of equals the later line first",
        JOURNEYS + "PersonEvents.swift",
        "left.sequence < right.sequence : «left.position < right.position»",
        "left.position > right.position",
        "FoldTests|TraceTests|ReferenceTests",
    ),
    (
        "visits: the goal's dwell ends where the journey began",
        JOURNEYS + "StepVisit.swift",
        ".goal(dwell: «person.times[Int(events.last!)]» - person",
        "person.times[Int(events.first!)]",
        "ReferenceTests",
    ),
    (
        "journeys: mature after the horizon",
        JOURNEYS + "AsOf.swift",
        "if «time >= end» { return true }",
        "time > end",
        "FoldTests|ReferenceTests",
    ),
    (
        "journeys: the end of the horizon is outside",
        JOURNEYS + "PersonWalk.swift",
        "«events.times[last] - events.times[first] <= rule.maturity»",
        "events.times[last] - events.times[first] < rule.maturity",
        "FoldTests|ReferenceTests",
    ),
    (
        "journeys: as-of at which a journey matures changes nothing",
        JOURNEYS + "AsOf.swift",
        "note(«end - 1», question)",
        "end",
        "StateCaseTests",
    ),
    (
        "funnels: one event fills several steps",
        JOURNEYS + "PlaceSet.swift",
        "let bit = «63 - rest.leadingZeroBitCount»",
        "rest.trailingZeroBitCount",
        "FunnelMatcherTests",
    ),
    (
        "funnels: the latest event makes room",
        JOURNEYS + "StepFilling.swift",
        "reached.min(by: { «times[$0] < times[$1]» })",
        "times[$0] > times[$1]",
        "FunnelMatcherTests",
    ),
    (
        "funnels: the window's end is outside",
        JOURNEYS + "FunnelMatcher.swift",
        "«time - chains[before] > window» { return }",
        "time - chains[before] >= window",
        "FunnelMatcherTests",
    ),
    (
        "funnels: of several chains the last",
        JOURNEYS + "FunnelMatcher.swift",
        "if «place + 1 > level» {",
        "place + 1 >= level",
        "FunnelMatcherTests",
    ),
    (
        "frictions: absent ends before its deadline",
        JOURNEYS + "PatternMatcher.swift",
        "guard «person.times[Int(event)] <= deadline» else",
        "person.times[Int(event)] < deadline",
        "PatternMatcherTests|ReferenceTests",
    ),
    (
        "frictions: absent is decided after its deadline",
        JOURNEYS + "PatternMatcher.swift",
        "«!asOf.isLater(than: deadline - 1)»",
        "!asOf.isLater(than: deadline)",
        "PatternMatcherTests|ReferenceTests",
    ),
    (
        "frictions: the end of within is outside",
        JOURNEYS + "PatternSearch.swift",
        "seen == startStamp || «time(Int(next)) > deadline» {",
        "time(Int(next)) >= deadline",
        "PatternMatcherTests|ReferenceTests",
    ),
    (
        "frictions: a person's end counts for open journeys",
        JOURNEYS + "FrictionFinder.swift",
        "if «!matcher.matches[place].holdsForClosed || journey.status != .open» { add(place) }",
        "true",
        "ReferenceTests",
    ),
    # What is counted and shown.
    (
        "tables: rows of as many persons as asked for",
        TABLES + "ReportTable.swift",
        ".filter { «($0.element ?? minCount) >= minCount» }",
        "($0.element ?? minCount) > minCount",
        "ReportTablesTests",
    ),
    (
        "tables: rows that cannot be measured left out for few persons",
        TABLES + "Published/FrictionTable.swift",
        "persons: «missing.isEmpty ? group[Counter.customers] : nil»",
        "group[Counter.customers]",
        "ReportTablesTests|MinCountTests|StateCaseTests",
    ),
    (
        "tables: as long as the sla is slow",
        TABLES + "Published/StallTable.swift",
        "if let sla, «time > sla» {",
        "time >= sla",
        "ReferenceTests",
    ),
    (
        "tables: as long as the sla is idle",
        TABLES + "Statistics/StallThreshold.swift",
        "case .sla: «Double(time) > microseconds»",
        "Double(time) >= microseconds",
        "StateCaseTests",
    ),
    (
        "tables: closed journeys counted at every pair",
        TABLES + "Published/TransitionTable.swift",
        "guard «table.addOnce(journey.journey, to: Counter.journeys, of: cell)», journey",
        "table.addOnce(journey.journey, to: Counter.journeys, of: cell) || true",
        "ReferenceTests",
    ),
    (
        "tables: persons with a friction named twice",
        TABLES + "Published/FrictionTable.swift",
        "if «table.addOnce(journey.owner, to: Counter.customers, of: cell, overall: table.cell(key.overall))», journey",
        "table.addOnce(journey.owner, to: Counter.customers, of: cell, overall: table.cell(key.overall)) || true",
        "ReferenceTests",
    ),
    (
        "tables: of places with as many matches the last name",
        TABLES + "Published/FrictionPlaceTable.swift",
        "if «place.group[Counter.occurrences] > summary.occurrences» {",
        "place.group[Counter.occurrences] >= summary.occurrences",
        "ReferenceTests",
    ),
    (
        "tables: places on the day a match began",
        TABLES + "Published/FrictionPlaceTable.swift",
        "key.day = «person.events.days[match.last]»",
        "person.events.days[match.first]",
        "ReferenceTests",
    ),
    (
        "tables: journeys of a touchpoint on the day of the event",
        TABLES + "Published/TouchpointTable.swift",
        "cell(of: plan.kinds[Int(kinds[Int(event)])], day: «journey.day»)",
        "person.events.days[Int(event)]",
        "ReferenceTests",
    ),
    (
        "statistics: ranks rounded down",
        TABLES + "Cells/Histogram.swift",
        "«(rest * millionths + million - 1) / million»",
        "rest * millionths / million",
        "DistributionTests",
    ),
    (
        "statistics: a p-value at its bound",
        TABLES + "Statistics/FalseDiscoveries.swift",
        "where «p <= level * Double(index + 1) / Double(ascending.count)» {",
        "p < level * Double(index + 1) / Double(ascending.count)",
        "StatisticsTests",
    ),
    (
        "cells: a histogram keeps what was taken",
        TABLES + "Cells/CellGroups.swift",
        "«counts[bucket] = 0»",
        "counts[bucket] += 0",
        "DistributionTests",
    ),
    (
        "metrics: open journeys of all types in one",
        TABLES + "Measures/TimeToValuePart.swift",
        "ages[«Int(key.type)»].add(",
        "0",
        "ReferenceTests|SampleDataTests",
    ),
    (
        "cells: buckets of nothing are kept",
        TABLES + "Cells/BucketCounts.swift",
        "if «count == 0» { continue }",
        "false",
        "CellTableTests|StateCaseTests|StateSplitTests",
    ),
    (
        "cells: what is taken away first is added",
        TABLES + "Cells/BucketCounts.swift",
        "if sumCount == 0, «sign == 1», other",
        "true",
        "CellSumTests",
    ),
    (
        "cells: what is kept stays behind a gap",
        TABLES + "Cells/BucketCounts.swift",
        "sums.move(place..<end, to: «left»)",
        "place",
        "CellTableTests",
    ),
    (
        "cells: a count has room that stands for those without",
        TABLES + "Cells/BucketCounts.swift",
        "if «abs(count) < -Self.largeCount» {",
        "abs(count) <= -Self.largeCount",
        "BucketCountsTests",
    ),
    (
        "open journeys: who ties with the last is left out before names are known",
        TABLES + "Decisions/OpenJourneyTable.swift",
        "return «ranks.prefix { $0.rank >= last }».map",
        "ranks.prefix(count)",
        "ManyOpenJourneysTests",
    ),
    (
        "expressions: what asks for the step is asked once of kinds of other touchpoints",
        JOURNEYS + "PredicateCompiler.swift",
        "«reference.field == .touchpoint || reference.field == .step» {",
        "reference.field == .touchpoint",
        "PredicateTests|ReferenceTests",
    ),
    # What decisions are made on: found by logs whose effects are known, not by comparing with the rules.
    (
        "decisions: compared are those who never met it",
        TABLES + "Decisions/ProblemSums.swift",
        "if «exposure.level <= level», exposure.last >= level",
        "true",
        "EffectsTests",
    ),
    (
        "decisions: compared are all, however far they came",
        TABLES + "Decisions/ProblemSums.swift",
        "let all = «level < reached.count ? reached[level] : Share(0, of: 0)»",
        "reached.first ?? Share(0, of: 0)",
        "EffectsTests",
    ),
    (
        "decisions: the time of day speaks",
        TABLES + "Decisions/BusyTable.swift",
        "let ofWeek = «hour - hour / hoursOfWeek * hoursOfWeek»",
        "0",
        "EffectsTests",
    ),
    (
        "decisions: a repeated contact is judged at once",
        TABLES + "Decisions/ContactTable.swift",
        "where «person.hasPassed(window, since: contact)» {",
        "person.hasPassed(window, since: contact) || next != nil",
        "EffectsTests",
    ),
    (
        "decisions: persons of any previous step are those of all",
        TABLES + "Decisions/NextStepTable.swift",
        "«sum.withCounters { $0[Counter.persons.rawValue] = persons }»",
        "_ = persons",
        "MinCountTests",
        STATEMENT,
    ),
    # What a state keeps.
    (
        "state: a placeholder by as many as allowed",
        IDENTITY + "SharedLinks.swift",
        "if «partners[link]!.count > limit» {",
        "partners[link]!.count >= limit",
        "StateCaseTests|StateSplitTests",
    ),
    (
        "state: an event that waits makes a placeholder",
        INCREMENTAL + "Connection.swift",
        "if «time <= until» { share.active",
        "true",
        "StateCaseTests|StateSplitTests",
    ),
    (
        "state: an event at the seal is late",
        INCREMENTAL + "Connection.swift",
        "if «time < sealedBefore», block",
        "time <= sealedBefore",
        "StateRetentionTests",
    ),
    (
        "state: lines put aside go at the seal",
        STATES + "AsideStore.swift",
        "try remove(\"time «<» ?\", time)",
        "<=",
        "StateRetentionTests|StateCaseTests",
        LITERAL,
    ),
    (
        "state: nobody's events go at the seal",
        STATES + "PlaceholderStore.swift",
        "DELETE FROM nobody WHERE latest «<» ?",
        "<=",
        "StateRetentionTests|StateReloadTests",
        LITERAL,
    ),
    (
        "state: nobody's events are not folded anew",
        STATES + "StoredEvents.swift",
        "«for bytes in try NobodyStore(state).all() { try take(bytes) }»",
        "_ = 0",
        "StateReloadTests",
        STATEMENT,
    ),
    (
        "state: of events folded anew a full block is lost",
        STATES + "StoredEvents.swift",
        "if rows.count == rowsPerBlock { «flush()» }",
        "_ = rows.take()",
        "StateReloadTests",
        STATEMENT,
    ),
    (
        "state: due a second late",
        STATES + "ComponentStore.swift",
        "WHERE deadline <= «?»",
        "? - 1",
        "StateNightTests",
        LITERAL,
    ),
    (
        "state: events that are to wait now stay counted",
        INCREMENTAL + "IncrementalRun.swift",
        "try «!ComponentStore(state).later(than: waiting.now).isEmpty»",
        "ComponentStore(state).later(than: waiting.now).count < 0",
        "StateAsOfTests",
    ),
    (
        "state: components numbered from the last one",
        STATES + "StateAccess.swift",
        "$0.set(.components, «lastComponent»)",
        "lastComponent - 1",
        "StateCaseTests|StateSplitTests",
    ),
    (
        "state: identifiers of a component that is joined",
        INCREMENTAL + "ComponentFold.swift",
        "«$0.home == 0 || $0.home != id»",
        "$0.home == 0",
        "StateCaseTests|StateSplitTests",
    ),
    (
        "state: types of events given by time not counted",
        STATES + "ComponentPersons.swift",
        "«masks[Int(person)] |= graph.typeMask(tuple)» }",
        "_ = person",
        "StateCaseTests|StateSplitTests",
    ),
    (
        "state: examples that are none any more stay",
        INCREMENTAL + "ComponentFold.swift",
        "before.examples.filter { «!result.examples.contains($0)» }",
        "false",
        "StateCaseTests|StateSplitTests",
    ),
    (
        "state: files in the order they came",
        INCREMENTAL + "StateChange.swift",
        "one < other : «left.name.utf8.lexicographicallyPrecedes(right.name.utf8)»",
        "left.id < right.id",
        "StateCaseTests|StateSplitTests",
    ),
    (
        "state: a file of the same size is the same",
        INCREMENTAL + "StateInputs.swift",
        "«input.modified == files[place].modified», !reprocesses",
        "true",
        "StateCaseTests|StateReloadTests|RestatementTests",
    ),
    (
        "state: the last line of an earlier run is new",
        INCREMENTAL + "ComponentFold.swift",
        "«RowPosition.line(rows.position($0)) > plan.linesBefore[RowPosition.file(rows.position($0))]»",
        "RowPosition.line(rows.position($0)) >= plan.linesBefore[RowPosition.file(rows.position($0))]",
        "StateReloadTests|RestatementTests",
    ),
    (
        "state: forgetting moves as-of",
        INCREMENTAL + "StandingState.swift",
        "let asOf = «try state.number(.asOf) ?? 0»",
        "0",
        "ForgetTests",
    ),
    (
        "state: the seal goes back with as-of",
        INCREMENTAL + "AsOfDecision.swift",
        "let willSealBefore = «max(sealedBefore, asOf?.saturatingSubtract(definition.retention) ?? .min)»",
        "asOf?.saturatingSubtract(definition.retention) ?? .min",
        "StateRetentionTests|StateReloadTests",
    ),
    # What is measured, and the ways through steps: the reference counts it anew.
    (
        "measures: an answer before the journey's end counts",
        JOURNEYS + "JourneyMeasures.swift",
        "answers[answers.partitioningIndex { «events.times[$0.event] >= end» }...]",
        "true",
        "ReferenceTests",
    ),
    (
        "measures: what a customer does makes it the organization's move everywhere",
        JOURNEYS + "JourneyMeasures.swift",
        "return «one.isByCustomer && one.isAssisted» ||",
        "one.isByCustomer",
        "ReferenceTests",
    ),
    (
        "measures: who gives up has done so at the last event",
        JOURNEYS + "JourneyMeasures.swift",
        "guard «journey.status == .abandoned» else { return last }",
        "false",
        "ReferenceTests",
    ),
    (
        "measures: an agent before the machine makes it not contained",
        JOURNEYS + "JourneyMeasures.swift",
        "return (true, !«journey.events[(first + 1)...]».contains",
        "journey.events",
        "ReferenceTests",
    ),
    (
        "measures: one thing told twice in one channel",
        JOURNEYS + "MeasureRules.swift",
        "guard «from != to», events.times[event]",
        "true",
        "ReferenceTests",
    ),
    (
        "measures: numbers that are worth the same are not the same",
        JOURNEYS + "MeasureRules.swift",
        "{ return «first == second» }",
        "filledText(key, one, events) == filledText(key, other, events)",
        "ReferenceTests",
    ),
    (
        "measures: of open journeys it is known that they do not get there",
        TABLES + "Measures/TimeToValuePart.swift",
        "} else if «journey.status == .open» {",
        "false",
        "ReferenceTests",
    ),
    (
        "scorecard: what was sent is judged at once",
        JOURNEYS + "PersonWalk.swift",
        "&& «asOf.hasReached(events.times[event], plus: MeasureDefinition.outreachMax, .outreach)»",
        "true",
        "ReferenceTests",
    ),
    (
        "scorecard: an event that brings no journey further",
        TABLES + "Measures/ScorecardCells.swift",
        "for visit in visits where «rule.funnelPlaces[visit.step] > level» {",
        "true",
        "ReferenceTests",
    ),
    (
        "map: over a step is to the next one",
        TABLES + "Decisions/MapTable.swift",
        "after < before ? .back : «after == before + 1» ? .next : .skip",
        "true",
        "ReferenceTests",
    ),
    (
        "map: what nobody comes to is left out",
        TABLES + "Decisions/MapTable.swift",
        "if «sums.granularity == .total» { addStepsWithoutVisits",
        "false",
        "ReferenceTests",
    ),
    (
        "sources: of gaps as long the last one",
        TABLES + "Decisions/SourceTable.swift",
        "if let last, «minute - last > gap?.length ?? 0» {",
        "minute - last >= gap?.length ?? 0",
        "ReferenceTests",
    ),
    # Drafts: what `init` makes of a log.
    (
        "drafts: any long number is a card's",
        "Sources/Drafts/Secrets.swift",
        "(13...19).contains(digits.count), «passesLuhn(digits)», run",
        "true",
        "DraftPartsTests",
    ),
    (
        "drafts: texts that nobody sees stand in quotes as they are",
        "Sources/Drafts/YAMLText.swift",
        "if «text.unicodeScalars.allSatisfy(isPrintable)» { return",
        "true",
        "HostileLogTests",
    ),
    (
        "drafts: a pattern may find other files",
        "Sources/Drafts/DraftInputs.swift",
        "if «Set(found) == Set(files.map(\\.path))» || names",
        "true",
        "DraftErrorTests",
    ),
    (
        "drafts: ids of two sources are never the same",
        "Sources/Drafts/SharedIdentity.swift",
        "!taken.contains($0.type) && «share($0, id)» }",
        "false",
        "InitTests",
    ),
    (
        "drafts: lines of nobody are put aside",
        "Sources/Drafts/Draft.swift",
        "if «!isFew», sources[index].format == nil",
        "false",
        "UnseenLogTests",
    ),
    # What changed between two sides.
    (
        "diff: losses of days that are not over",
        "Sources/Comparisons/ComparedSide.swift",
        "return funnelDays.rows.filter { «!unsettled.contains(key($0))» }",
        "true",
        "PeriodTests",
    ),
    (
        "diff: the same journeys are tested against themselves",
        "Sources/Comparisons/Comparison.swift",
        "let isTested = «Self.sharedDays(a, b) == nil»",
        "true",
        "PeriodTests",
    ),
    (
        "diff: small counts are tested",
        "Sources/Comparisons/Figure.swift",
        "return «Double(smaller) * Double(min(both.part, both.whole - both.part)) >= expectedMin * Double(both.whole)»",
        "true",
        "FigureTests",
    ),
    (
        "diff: a friction that is gone is only in A",
        "Sources/Comparisons/Comparison.swift",
        "if kind == .friction, «a.isPeriod», b.isPeriod {",
        "false",
        "PeriodTests",
    ),
    (
        "diff: the difference is A less B",
        "Sources/Comparisons/Figure.swift",
        "difference = «ShareDifference(second, first)»",
        "ShareDifference(first, second)",
        "FigureTests",
    ),
    (
        "diff: periods of few persons are told",
        "Sources/Comparisons/Comparison+Reading.swift",
        "if let record, «PageFacts(run: Array(record)).minCount != nil» {",
        "false",
        "PeriodTests",
    ),
]


class Wrong(Exception):
    """A mutation that cannot be made."""


class Mutation:
    def __init__(self, number, name, file, text, instead, filter, how=VALUE):
        self.number, self.name, self.file, self.instead, self.filter, self.how = number, name, file, instead, filter, how
        self.before, rest = text.split("«")
        self.part, self.after = rest.split("»")

    @property
    def text(self):
        return self.before + self.part + self.after

    def range(self, source):
        """Where the part lies in the file's text."""
        count = source.count(self.text)
        if count != 1:
            raise Wrong(f"{self.file} has the text {count} times, not once: {self.text}")
        start = source.index(self.text) + len(self.before)
        return start, start + len(self.part)

    @property
    def switched(self):
        is_on = f"Mutant.on == {self.number}"
        if self.how == STATEMENT:
            return f"if {is_on} {{ {self.instead} }} else {{ {self.part} }}"
        if self.how == LITERAL:
            return f'\\({is_on} ? "{self.instead}" : "{self.part}")'
        return f"({is_on} ? ({self.instead}) : ({self.part}))"


# Every room that is mutated gets its own, so that none has to import another's.
SWITCH = """import Glibc

enum Mutant {
    static let on = getenv("SOJOURN_MUTATION").flatMap { Int(String(cString: $0)) } ?? 0
}
"""


def read(path):
    with open(path, encoding="utf-8", newline="") as source:
        return source.read()


def switched_sources(mutations):
    """The text of every file that has mutations, with all of them behind switches; and what cannot be made, in words."""
    by_file, texts, wrong = {}, {}, []
    for mutation in mutations:
        by_file.setdefault(mutation.file, []).append(mutation)
    for file, here in by_file.items():
        path = os.path.join(ROOT, file)
        if not os.path.exists(path):
            wrong += [f"{one.name}: {file} is not there" for one in here]
            continue
        source = read(path)
        places = []
        for one in here:
            try:
                places.append((*one.range(source), one))
            except Wrong as error:
                wrong.append(f"{one.name}: {error}")
        places.sort(key=lambda place: place[:2])
        wrong += [f"{two[2].name}: it overlaps with {one[2].name}" for one, two in zip(places, places[1:]) if two[0] < one[1]]
        for start, end, one in reversed(places):
            source = source[:start] + one.switched + source[end:]
        texts[file] = source
        texts[os.path.join(*file.split("/")[:2], "Mutant.swift")] = SWITCH
    return texts, wrong


def refresh(copy, switched):
    """Brings the copy up to date. Files that are the same keep their times, so that they are not built again."""
    listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, check=True, stdout=subprocess.PIPE)
    names = {name for name in listed.stdout.decode().split("\0") if name and os.path.isfile(os.path.join(ROOT, name))}
    for name in names | switched.keys():
        source, target = os.path.join(ROOT, name), os.path.join(copy, name)
        if name in switched:
            wanted = switched[name].encode()
        else:
            with open(source, "rb") as file:
                wanted = file.read()
        if os.path.isfile(target):
            with open(target, "rb") as file:
                if file.read() == wanted:
                    continue
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with open(target, "wb") as file:
            file.write(wanted)
        if name not in switched:
            shutil.copymode(source, target)
    for top in ("Sources", "Tests"):
        for folder, _, files in os.walk(os.path.join(copy, top)):
            for file in (os.path.join(folder, file) for file in files):
                if os.path.relpath(file, copy) not in names | switched.keys():
                    os.remove(file)


def failure(copy, filter, number):
    """The first test that fails with this mutation, or how else the tests end; None where all pass. It is over at the first."""
    scratch = os.path.join(copy, ".build", "scratch")
    os.makedirs(scratch, exist_ok=True)
    # A line at a time, as the first failure is waited for.
    tests = subprocess.Popen(
        ["stdbuf", "-oL", "swift", "test", "--skip-build", "--filter", filter], cwd=copy, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        errors="replace", start_new_session=True, env=dict(os.environ, SOJOURN_MUTATION=str(number), TMPDIR=scratch))
    took_too_long = threading.Event()

    def end():
        took_too_long.set()
        os.killpg(tests.pid, signal.SIGKILL)

    timer = threading.Timer(LONGEST_SECONDS, end)
    timer.start()
    last = ""
    try:
        for line in tests.stdout:
            if "Test run with 0 tests" in line:
                raise Wrong(f"the filter {filter} finds no test")
            if line.startswith("✘ Test ") and " recorded an issue" in line:
                return line.split("Test ")[1].split(" ")[0]
            last = line.strip() or last
        if took_too_long.is_set():
            return f"the time: more than {LONGEST_SECONDS} s"
        return None if tests.wait() == 0 else f"the end of the test program: {last}"
    finally:
        timer.cancel()
        try:
            os.killpg(tests.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        tests.wait()
        tests.stdout.close()
        shutil.rmtree(scratch, ignore_errors=True)


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("words", nargs="*", help="only mutations whose names contain one of these")
    arguments.add_argument("--list", action="store_true", help="list the mutations, and check their texts")
    arguments.add_argument("--filter", help="the tests to look with, in place of each mutation's own")
    arguments.add_argument("--copy", default=os.path.join(ROOT, ".build", "mutations"), help="where the tree is copied to")
    options = arguments.parse_args()
    mutations = [Mutation(number + 1, *entry) for number, entry in enumerate(MUTATIONS)]
    chosen = [one for one in mutations if not options.words or any(word in one.name for word in options.words)]
    if not chosen:
        raise SystemExit("no mutation has such a name")

    switched, wrong = switched_sources(mutations)
    for words in wrong:
        print(f"cannot be made: {words}")
    if options.list:
        print("\n".join(one.name for one in chosen))
    if options.list or wrong:
        return 1 if wrong else 0

    refresh(options.copy, switched)
    # Warnings are no errors here: switches leave things unused.
    built = subprocess.run(["swift", "build", "--build-tests"], cwd=options.copy, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if built.returncode != 0:
        said = built.stdout.decode(errors="replace")
        print("\n".join(line for line in said.splitlines() if "error:" in line) or said[-3000:])
        print("the tests do not build")
        return 2
    filters = {options.filter or one.filter for one in chosen}
    by = failure(options.copy, "|".join(sorted({part for filter in filters for part in filter.split("|")})), 0)
    if by is not None:
        print(f"{by} fails without any mutation")
        return 2

    killed = 0
    for one in chosen:
        start = time.monotonic()
        by = failure(options.copy, options.filter or one.filter, one.number)
        killed += by is not None
        print(f"{time.monotonic() - start:4.0f} s  {one.name}: {'SURVIVED' if by is None else f'killed by {by}'}", flush=True)
    print(f"{killed} of {len(chosen)} killed")
    return 0 if killed == len(chosen) else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Wrong as error:
        print(error)
        sys.exit(1)
