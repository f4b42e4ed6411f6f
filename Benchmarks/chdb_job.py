"""The small job of the benchmark in chDB, which is ClickHouse inside a process: as duckdb_job.py, in ClickHouse's own ways.

    python chdb_job.py LOG_FOLDER OUTPUT_FOLDER

Persons as 64-bit hashes; sessions and dwell times by sorted arrays, one for each person and channel, which ClickHouse
cuts faster than it runs window functions; the funnel by windowFunnel. It is given a copy of the log without the lines that
are no JSON: told to pass over them (input_format_allow_errors_num), it loses thousands of others. It leaves out what
duckdb_job.py leaves out.
"""

import json
import os
import sys
import time

from chdb import session

LOG, OUT = sys.argv[1], sys.argv[2]
SINGLE = os.path.exists(os.path.join(LOG, "all.ndjson.zst"))


def source(files, structure, select):
    return f"SELECT {select} FROM file('{LOG}/{files}', 'JSONEachRow', '{structure}')"


def instant(field):
    return f"toUnixTimestamp64Micro(parseDateTime64BestEffortOrNull({field}, 6, 'UTC'))"


def person(*fields):
    return "cityHash64(coalesce(" + ", ".join(f"nullIf({field}, '')" for field in fields) + ")) AS person"


TEXT = "Nullable(String)"
MANY = [
    source("web-*.ndjson.zst", f"ts {TEXT}, page {TEXT}, by {TEXT}, user Tuple(id {TEXT}, email_hash {TEXT}), device Tuple(cookie {TEXT})",
           f"{instant('ts')} AS us, 'web' AS channel, page AS touchpoint, by AS initiator, "
           + person("user.id", "device.cookie", "user.email_hash")),
    source("app-*.ndjson.zst", f"t {TEXT}, app Tuple(channel {TEXT}), screen {TEXT}, payload Tuple(actor {TEXT}), "
           f"account {TEXT}, mail {TEXT}, install {TEXT}",
           "toInt64OrNull(t) * 1000, app.channel, screen, payload.actor, " + person("account", "install", "mail")),
    source("contact-*.ndjson.gz", f"at {TEXT}, interaction Tuple(medium {TEXT}, stage {TEXT}), who {TEXT}, "
           f"customer Tuple(number {TEXT}, email {TEXT}, visitor {TEXT})",
           f"{instant('at')}, interaction.medium, interaction.stage, who, " + person("customer.number", "customer.visitor", "customer.email")),
    source("email-*.ndjson.zst", f"time {TEXT}, message Tuple(template {TEXT}), actor {TEXT}, to Tuple(customer {TEXT}, hash {TEXT})",
           f"{instant('time')}, 'email', message.template, actor, " + person("to.customer", "to.hash")),
    source("store-*.ndjson", f"sec {TEXT}, desk {TEXT}, by {TEXT}, card {TEXT}",
           "toInt64OrNull(sec) * 1000000, 'store', desk, by, " + person("card")),
]
ONE = [source("all.ndjson.zst", f"time {TEXT}, channel {TEXT}, touchpoint {TEXT}, by {TEXT}, customer {TEXT}, device {TEXT}, email {TEXT}",
              f"{instant('time')} AS us, channel, touchpoint, by AS initiator, "
              + "if(channel = 'store', cityHash64(nullIf(customer, '')), cityHash64(coalesce(nullIf(customer, ''), device, email))) AS person")]

FUNNEL = ["product", "cart", "checkout/payment", "order/confirmed"]
STEPS = ", ".join(f"touchpoint = '{name}'" for name in FUNNEL)
LEVELS = " UNION ALL ".join(
    f"SELECT {i} AS step_index, '{name}' AS step, countIf(level >= {i}) AS reached FROM levels" for i, name in enumerate(FUNNEL, 1))
SECOND = 1_000_000


def csv(name, select):
    return f"INSERT INTO FUNCTION file('{OUT}/{name}.csv', 'CSVWithNames') {select}"


STATEMENTS = [
    ("read", f"""CREATE TABLE events ENGINE = Memory AS
        SELECT assumeNotNull(raw.us) AS us, toLowCardinality(assumeNotNull(raw.channel)) AS channel,
               toLowCardinality(assumeNotNull(raw.touchpoint)) AS touchpoint,
               raw.channel != 'email' AND ifNull(nullIf(raw.initiator, ''), 'customer') = 'customer' AS own,
               assumeNotNull(raw.person) AS person
        FROM ({" UNION ALL ".join(ONE if SINGLE else MANY)}) AS raw
        WHERE isNotNull(raw.us) AND isNotNull(raw.channel) AND isNotNull(raw.touchpoint) AND isNotNull(raw.person)"""),
    ("sort", f"""CREATE TABLE stays ENGINE = Memory AS
        SELECT person, channel, arraySort(groupArray((us, touchpoint))) AS stay, arrayMap(x -> x.1, stay) AS times,
               arrayDifference(times) AS gaps,
               multiIf(channel = 'chat', {3600 * SECOND}, channel IN ('phone', 'store'), {7200 * SECOND}, {1800 * SECOND}) AS gap
        FROM events WHERE own GROUP BY person, channel"""),
    ("sessions", csv("sessions", """
        SELECT channel, sum(length(parts)) AS sessions, sum(length(times)) AS events, count() AS persons,
               sum(arrayCount(part -> length(part) = 1, parts)) AS bounces,
               quantileExactArray(0.5)(arrayMap(part -> part[-1] - part[1], parts)) / 1e6 AS duration_p50_seconds,
               quantileExactArray(0.9)(arrayMap(part -> part[-1] - part[1], parts)) / 1e6 AS duration_p90_seconds
        FROM (SELECT channel, times, arraySplit((time, before) -> before > gap, times, gaps) AS parts FROM stays)
        GROUP BY channel ORDER BY channel""")),
    ("dwell", csv("dwell", """
        SELECT channel, dwell.2 AS touchpoint, count() AS visits, quantileExact(0.5)(dwell.1) / 1e6 AS dwell_p50_seconds,
               quantileExact(0.9)(dwell.1) / 1e6 AS dwell_p90_seconds
        FROM (SELECT channel, arrayJoin(arrayFilter(x -> x.1 <= gap, arrayMap((until, at) -> (until, at.2), arrayPopFront(gaps),
                                                                              arrayPopBack(stay)))) AS dwell FROM stays)
        GROUP BY channel, touchpoint ORDER BY channel, touchpoint""")),
    ("funnel", csv("funnel", f"""
        WITH levels AS (
            SELECT windowFunnel(9000000000000000)(toUInt64(us), {STEPS}) AS level FROM events
            WHERE touchpoint IN {tuple(FUNNEL)} GROUP BY person)
        SELECT * FROM ({LEVELS}) ORDER BY step_index""")),
    ("traffic", csv("traffic", f"""
        SELECT toDate(intDiv(us, {SECOND}), 'UTC') AS day, channel, count() AS events FROM events GROUP BY day, channel ORDER BY day, channel""")),
]


def main():
    os.makedirs(OUT, exist_ok=True)
    database = session.Session()
    for setting in (f"max_threads = {len(os.sched_getaffinity(0))}", "engine_file_truncate_on_insert = 1",
                    "input_format_json_read_numbers_as_strings = 1"):
        database.query(f"SET {setting}")
    stages = []
    for name, statement in STATEMENTS:
        start, cpu = time.monotonic(), time.process_time()
        database.query(statement)
        stages.append({"stage": name, "wall_seconds": time.monotonic() - start, "cpu_seconds": time.process_time() - cpu})
    events = int(str(database.query("SELECT count() FROM events", "CSV")).strip())
    version = str(database.query("SELECT version()", "TSV")).strip()
    with open(f"{OUT}/run.json", "w") as file:
        json.dump({"version": version, "events": events, "stages": stages}, file)


main()
