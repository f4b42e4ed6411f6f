"""Holds the numbers of the others against sojourn's, and stops the benchmark where they lie too far apart: a job that counts
something else is not the same job.

The small jobs and sojourn's small pipeline mean the same persons and the same chains, the whole job in DuckDB follows the same
rules: all of them should be equal, and are (Benchmarks/README.md says what cannot be). The tolerance is for ties in time, which the
small jobs leave in no order, and for hashes of ids that meet.
"""

import json
import os
import sqlite3
import subprocess
import sys

from common import HERE, read_json, read_table

APART_MAX = 0.001
APART_COUNT = 2  # of few, one or two are much

# Whole job: the columns that are sums of counts. Learned thresholds and quantiles are in the tables, too, but these decide.
WHOLE = [
    ("journeys", ["journey"], ["started", "completed", "failed", "abandoned", "open", "mature", "converted", "events", "sessions",
                               "channel_switches", "customers"]),
    ("funnel", ["journey", "step_index"], ["reached", "dropped", "mature", "lost", "open", "elsewhere"]),
    ("stalls", ["journey", "step_index"], ["visits", "progressed", "goal", "stopped", "open", "judged", "slow", "idle", "stalled"]),
    ("transitions", ["journey", "scope", "from", "to"], ["count", "journeys"]),
    ("frictions", ["journey", "friction"], ["occurrences", "journeys", "customers"]),
    ("sessions", ["channel"], ["sessions", "events", "customers", "bounces", "concurrent"]),
    ("touchpoints", ["channel", "touchpoint"], ["events", "customers", "journeys", "journey_entries", "journey_exits", "errors"]),
]
RULES = {"payment_retry", "repeat_contact", "error_exit"}
LEDGER = ["lines", "events", "quarantined", "duplicates", "filtered"]


class Comparison:
    def __init__(self, name):
        self.name, self.failed, self.rows = name, [], []

    def add(self, what, ours, theirs):
        ours, theirs = int(float(ours or 0)), int(float(theirs or 0))
        self.rows.append((what, ours, theirs))
        if abs(ours - theirs) > max(APART_COUNT, APART_MAX * max(ours, theirs)):
            self.failed.append(f"{what}: {ours} and {theirs}")

    def table(self, said, pairs):
        """A line for a group of numbers: how many, how many are equal, and the largest difference."""
        for what, ours, theirs in pairs:
            self.add(what, ours, theirs)
        rows = self.rows[len(self.rows) - len(pairs):]
        share = lambda row: abs(row[1] - row[2]) / max(row[1], row[2], 1)
        furthest = max(rows, key=share)
        equal = sum(1 for _, ours, theirs in rows if ours == theirs)
        apart = "" if equal == len(rows) else f"  furthest {share(furthest):.2%}: {furthest[0]}, {furthest[1]} and {furthest[2]}"
        print(f"  {said:24}{len(rows):6} numbers, {equal:6} equal{apart}")

    def end(self):
        if self.failed:
            sys.exit(f"bench: sojourn and {self.name} are too far apart:\n  " + "\n  ".join(self.failed[:20]))
        return {"numbers": len(self.rows), "equal": sum(1 for _, ours, theirs in self.rows if ours == theirs)}


def small(sojourn_out, name, their_out):
    """Events, sessions, events in sessions and bounces by channel, and how many persons reached each step."""
    comparison = Comparison(name)
    print(f"sojourn, small job, and {name}:")
    comparison.table("events", [("events", read_json(sojourn_out, "run.json")["ledger"]["events"], read_json(their_out, "run.json")["events"])])
    ours, theirs = read_table(os.path.join(sojourn_out, "csv"), "sessions", ["channel"]), read_table(their_out, "sessions", ["channel"])
    comparison.table("sessions by channel", [
        (f"{column} of {key[0]}", ours.get(key, {}).get(column), theirs.get(key, {}).get(column))
        for key in sorted(set(ours) | set(theirs)) for column in ("sessions", "events", "bounces")])
    ours, theirs = read_table(os.path.join(sojourn_out, "csv"), "funnel", ["step_index"]), read_table(their_out, "funnel", ["step_index"])
    comparison.table("funnel", [(f"step {key[0]}", ours.get(key, {}).get("reached"), theirs.get(key, {}).get("reached"))
                                for key in sorted(set(ours) | set(theirs))])
    return comparison.end()


def pairs(rows, columns, one, other):
    return [(f"{column} of {', '.join(key)}", one.get(key, {}).get(column), other.get(key, {}).get(column)) for key in rows for column in columns]


def whole(sojourn_out, their_out, python):
    """All counts of the tables that both have, of the whole time and by day. `python` is one that has DuckDB."""
    comparison = Comparison("DuckDB's whole job")
    print("sojourn and DuckDB's whole job:")
    ours, theirs = read_json(sojourn_out, "run.json"), read_json(their_out, "run.json")
    comparison.table("where lines went", [(key, ours["ledger"][key], theirs["ledger"][key]) for key in LEDGER])
    identity = read_table(os.path.join(sojourn_out, "csv"), "identity", ["id_type"])
    comparison.table("identity", [(f"{column} of {kind}", identity[(kind,)][column], theirs["identity"][kind][column])
                                  for kind in sorted(theirs["identity"]) for column in ("values", "shared", "placeholders")])
    for name, keys, columns in WHOLE:
        one, other = read_table(os.path.join(sojourn_out, "csv"), name, keys), read_table(their_out, name, keys)
        rows = [key for key in sorted(set(one) | set(other)) if name != "frictions" or key[1] in RULES]
        comparison.table(name, pairs(rows, columns, one, other))
    days = json.loads(subprocess.run([python, os.path.join(HERE, "whole_tables.py"), their_out], capture_output=True, check=True).stdout)
    database = sqlite3.connect(os.path.join(sojourn_out, "metrics.sqlite"))
    database.row_factory = sqlite3.Row
    for name, keys, columns in WHOLE:
        key_of = lambda row: tuple(str(row[key]) for key in ["day", *keys])
        one = {key_of(row): dict(row) for row in database.execute(f"SELECT * FROM {name}")}
        other = {key_of(row): row for row in days[name]}
        rows = [key for key in sorted(set(one) | set(other)) if name != "frictions" or key[2] in RULES]
        comparison.table(name + " by day", pairs(rows, columns, one, other))
    database.close()
    return comparison.end()


def one_file(many_out, single_out):
    """The log in one file is the same log, so sojourn's tables are the same bytes, but for those about sources."""
    different = []
    for name in sorted(os.listdir(os.path.join(many_out, "csv"))):
        if name not in ("sources.csv", "source_fields.csv"):
            with open(os.path.join(many_out, "csv", name), "rb") as one, open(os.path.join(single_out, "csv", name), "rb") as other:
                if one.read() != other.read():
                    different.append(name)
    if different:
        sys.exit(f"bench: many files and one file give other tables: {', '.join(different)}")
    print("many files and one file: the same tables, byte for byte (but for those about sources)")


def parser(sojourn_out, counts):
    """What the floor's parser refuses is what sojourn refuses for being no JSON object."""
    run = read_json(sojourn_out, "run.json")
    refused = sum(run["quarantined_by_reason"].get(reason, 0) for reason in ("invalid_utf8", "invalid_json", "not_an_object"))
    ours = run["ledger"]["lines"], refused
    theirs = counts["lines"], counts["bad"]
    if ours != theirs:
        sys.exit(f"bench: of lines and lines that are no JSON object, sojourn counts {ours} and simdjson {theirs}")
    print(f"sojourn and simdjson: {ours[0]} lines, {ours[1]} of them no JSON object")
