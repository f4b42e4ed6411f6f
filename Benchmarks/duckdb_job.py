"""The small job of the benchmark in DuckDB: sessions, dwell times, one funnel and daily traffic of the retail log.

    python duckdb_job.py LOG_FOLDER OUTPUT_FOLDER

Written as somebody who knows DuckDB well would write it: only the columns that are needed, with their types given, no
guessing of schemas; one pass over the files into one table; all processors; no order kept that nobody asks for; persons
as 64-bit hashes and times as integers, which sort faster than text and timestamps; one sort shared by sessions and
dwell times; the funnel by joins on the few events that are steps of it.

It does less than `sojourn run`. What it leaves out is named here, so that the comparison can be judged:
- no identity stitching: a person is the customer number, or else the device, or else the e-mail hash, so whoever logs
  in half-way counts twice, and has more and shorter sessions; shared devices and placeholders are not looked for
- bad lines are skipped (`ignore_errors`), without reason, place or limit, and not every line that sojourn refuses is
- duplicates are not removed, and ties in time are in no order
- no journeys: the funnel is the first chain of a person in four touchpoints, without failure, inactivity or window, and
  without times between the steps
- no visits, stalls, thresholds, transitions, entries and exits of touchpoints, concurrent sessions, `max_length`
- no tables by day in SQLite, no ledger, no checksums, no output folder replaced as a whole
"""

import json
import os
import sys
import time

import duckdb

LOG, OUT = sys.argv[1], sys.argv[2]


def source(files, columns, select):
    spec = ", ".join(f"\"{name}\": '{kind}'" for name, kind in columns.items())
    return f"""SELECT {select}
        FROM read_json('{LOG}/{files}', format='newline_delimited', records=true, ignore_errors=true, columns={{{spec}}})"""


# Microseconds, channel, touchpoint, who began it, person: one SELECT for each of the five systems. DuckDB reads .zst,
# .gz and plain files as they are, several at a time.
MANY = [
    source("web-*.ndjson.zst",
           {"ts": "TIMESTAMP", "page": "VARCHAR", "by": "VARCHAR", "user": "STRUCT(id VARCHAR, email_hash VARCHAR)",
            "device": "STRUCT(cookie VARCHAR)"},
           """epoch_us(ts) AS us, 'web' AS channel, page AS touchpoint, "by" AS initiator,
              coalesce("user".id, device.cookie, "user".email_hash) AS person"""),
    source("app-*.ndjson.zst",
           {"t": "BIGINT", "app": "STRUCT(channel VARCHAR)", "screen": "VARCHAR", "payload": "STRUCT(actor VARCHAR)",
            "account": "VARCHAR", "mail": "VARCHAR", "install": "VARCHAR"},
           "t * 1000, app.channel, screen, payload.actor, coalesce(account, install, mail)"),
    # These times have an offset, which a TIMESTAMP would lose.
    source("contact-*.ndjson.gz",
           {"at": "TIMESTAMPTZ", "interaction": "STRUCT(medium VARCHAR, stage VARCHAR)", "who": "VARCHAR",
            "customer": "STRUCT(number VARCHAR, email VARCHAR, visitor VARCHAR)"},
           """epoch_us("at"), interaction.medium, interaction.stage, who,
              coalesce(customer.number, customer.visitor, customer.email)"""),
    source("email-*.ndjson.zst",
           {"time": "TIMESTAMP", "message": "STRUCT(template VARCHAR)", "actor": "VARCHAR",
            "to": "STRUCT(customer VARCHAR, hash VARCHAR)"},
           """epoch_us("time"), 'email', message.template, actor, coalesce("to".customer, "to".hash)"""),
    # A till is nobody: without a card there is no person. (sojourn finds that out by itself.)
    source("store-*.ndjson", {"sec": "BIGINT", "desk": "VARCHAR", "by": "VARCHAR", "card": "VARCHAR"},
           "sec * 1000000, 'store', desk, \"by\", nullif(card, '')"),
]

# The same log in one shape and one file (logs.py).
ONE = [source("all.ndjson.zst",
              {"time": "TIMESTAMPTZ", "channel": "VARCHAR", "touchpoint": "VARCHAR", "by": "VARCHAR", "customer": "VARCHAR",
               "device": "VARCHAR", "email": "VARCHAR"},
              """epoch_us("time") AS us, channel, touchpoint, "by" AS initiator,
                 coalesce(nullif(customer, ''), CASE WHEN channel <> 'store' THEN coalesce(device, email) END) AS person""")]
SOURCES = ONE if os.path.exists(os.path.join(LOG, "all.ndjson.zst")) else MANY

SECOND = 1_000_000
GAP = f"CASE channel WHEN 'chat' THEN {3600 * SECOND} WHEN 'phone' THEN {7200 * SECOND} " \
      f"WHEN 'store' THEN {7200 * SECOND} ELSE {1800 * SECOND} END"


def csv(name, select):
    return f"COPY ({select}) TO '{OUT}/{name}.csv' (HEADER)"


def step(name, touchpoint, before):
    """The first time of each person at a step, not before the step ahead of it."""
    after = f"JOIN {before} USING (person) WHERE steps.us >= {before}.us AND" if before else "WHERE"
    return f"{name} AS (SELECT person, min(steps.us) AS us FROM steps {after} touchpoint = '{touchpoint}' GROUP BY person)"


FUNNEL = ["product", "cart", "checkout/payment", "order/confirmed"]
CHAIN = ", ".join(step(f"s{i}", name, f"s{i - 1}" if i else None) for i, name in enumerate(FUNNEL))
REACHED = " UNION ALL ".join(
    f"SELECT {i + 1} AS step_index, '{name}' AS step, count(*) AS reached FROM s{i}" for i, name in enumerate(FUNNEL))

STATEMENTS = [
    ("read", f"""CREATE TEMP TABLE events AS
        SELECT us, channel, touchpoint, channel <> 'email' AND coalesce(initiator, 'customer') = 'customer' AS own,
               hash(person) AS person
        FROM ({" UNION ALL ".join(SOURCES)})
        WHERE us IS NOT NULL AND channel IS NOT NULL AND touchpoint IS NOT NULL AND person IS NOT NULL"""),
    # What mails and agents do never opens a session.
    ("sort", f"""CREATE TEMP TABLE visits AS
        SELECT channel, touchpoint, person, us, after - us AS dwell,
               before IS NULL OR us - before > gap AS first, after IS NULL OR after - us > gap AS last
        FROM (SELECT *, lag(us) OVER w AS before, lead(us) OVER w AS after, {GAP} AS gap
              FROM events WHERE own WINDOW w AS (PARTITION BY person, channel ORDER BY us))"""),
    ("sessions", csv("sessions", """
        SELECT channel, count(*) FILTER (first) AS sessions, any_value(events) AS events,
               count(DISTINCT person) AS persons, count(*) FILTER (first AND last) AS bounces,
               quantile_disc(duration, 0.5) FILTER (first) / 1e6 AS duration_p50_seconds,
               quantile_disc(duration, 0.9) FILTER (first) / 1e6 AS duration_p90_seconds
        FROM (SELECT channel, person, first, last,
                     CASE WHEN last THEN 0 ELSE lead(us) OVER (PARTITION BY person, channel ORDER BY us, first DESC) - us END
                         AS duration
              FROM visits WHERE first OR last)
        JOIN (SELECT channel, count(*) AS events FROM visits GROUP BY channel) USING (channel)
        GROUP BY channel ORDER BY channel""")),
    ("dwell", csv("dwell", """
        SELECT channel, touchpoint, count(*) AS visits, quantile_disc(dwell, 0.5) / 1e6 AS dwell_p50_seconds,
               quantile_disc(dwell, 0.9) / 1e6 AS dwell_p90_seconds
        FROM visits WHERE NOT last GROUP BY channel, touchpoint ORDER BY channel, touchpoint""")),
    ("funnel", csv("funnel", f"""
        WITH steps AS MATERIALIZED (SELECT person, touchpoint, us FROM events WHERE touchpoint IN {tuple(FUNNEL)}),
             {CHAIN} SELECT * FROM ({REACHED}) ORDER BY step_index""")),
    ("traffic", csv("traffic", f"""
        SELECT make_timestamp(us)::DATE AS day, channel, count(*) AS events FROM events GROUP BY ALL ORDER BY ALL""")),
]


def main():
    os.makedirs(OUT, exist_ok=True)
    database = duckdb.connect()
    database.execute(f"SET threads = {len(os.sched_getaffinity(0))}; SET preserve_insertion_order = false")
    stages, rows = [], {}
    for name, statement in STATEMENTS:
        start, cpu = time.monotonic(), time.process_time()
        result = database.execute(statement).fetchone()
        stages.append({"stage": name, "wall_seconds": time.monotonic() - start, "cpu_seconds": time.process_time() - cpu})
        rows[name] = result[0] if result else 0
    with open(f"{OUT}/run.json", "w") as file:
        json.dump({"version": duckdb.__version__, "events": rows["read"], "stages": stages}, file)


main()
