"""The small job of the benchmark as an analyst writes it in DuckDB: sessions, dwell times and a funnel of the retail log.

    python duckdb_script.py LOG_FOLDER OUTPUT_FOLDER

Columns have names, types and no tricks: persons are texts, times are timestamps, every question is one statement with
window functions over the events. Types are given, so nothing is guessed; files are read by all processors. What it
leaves out is what duckdb_job.py leaves out, which asks the same of DuckDB as tuned as we could make it: no stitching, no
duplicates, no strict lines, no journeys, stalls or transitions, nothing by day.
"""

import json
import os
import sys
import time

import duckdb

LOG, OUT = sys.argv[1], sys.argv[2]


def source(files, columns, select):
    spec = ", ".join(f"\"{name}\": '{kind}'" for name, kind in columns.items())
    return f"SELECT {select} FROM read_json('{LOG}/{files}', format='newline_delimited', ignore_errors=true, columns={{{spec}}})"


MANY = [
    source("web-*.ndjson.zst",
           {"ts": "TIMESTAMPTZ", "id": "VARCHAR", "page": "VARCHAR", "event": "VARCHAR", "result": "VARCHAR", "by": "VARCHAR",
            "user": "STRUCT(id VARCHAR, email_hash VARCHAR)", "device": "STRUCT(cookie VARCHAR)"},
           """ts AS time, id AS event_id, 'web' AS channel, page AS touchpoint, event AS action, result AS outcome,
              "by" AS initiator, coalesce("user".id, device.cookie, "user".email_hash) AS person"""),
    source("app-*.ndjson.zst",
           {"t": "BIGINT", "eid": "VARCHAR", "app": "STRUCT(channel VARCHAR)", "screen": "VARCHAR",
            "payload": "STRUCT(actor VARCHAR, verb VARCHAR, status VARCHAR)", "account": "VARCHAR", "mail": "VARCHAR",
            "install": "VARCHAR"},
           """to_timestamp(t / 1000.0), eid, app.channel, screen, payload.verb, payload.status, payload.actor,
              coalesce(account, install, mail)"""),
    source("contact-*.ndjson.gz",
           {"at": "TIMESTAMPTZ", "interaction": "STRUCT(id VARCHAR, medium VARCHAR, stage VARCHAR)", "did": "VARCHAR",
            "disposition": "VARCHAR", "who": "VARCHAR", "customer": "STRUCT(number VARCHAR, email VARCHAR, visitor VARCHAR)"},
           """"at", interaction.id, interaction.medium, interaction.stage, did, disposition, who,
              coalesce(customer.number, customer.visitor, customer.email)"""),
    source("email-*.ndjson.zst",
           {"time": "TIMESTAMPTZ", "message": "STRUCT(id VARCHAR, template VARCHAR)", "kind": "VARCHAR", "status": "VARCHAR",
            "actor": "VARCHAR", "to": "STRUCT(customer VARCHAR, hash VARCHAR)"},
           """"time", message.id, 'email', message.template, kind, status, actor, coalesce("to".customer, "to".hash)"""),
    source("store-*.ndjson",
           {"receipt": "VARCHAR", "sec": "BIGINT", "desk": "VARCHAR", "op": "VARCHAR", "state": "VARCHAR", "by": "VARCHAR",
            "card": "VARCHAR"},
           "to_timestamp(sec), receipt, 'store', desk, op, state, \"by\", nullif(card, '')"),
]
# The same log in one shape and one file (logs.py).
ONE = [source("all.ndjson.zst",
              {"time": "TIMESTAMPTZ", "id": "VARCHAR", "channel": "VARCHAR", "touchpoint": "VARCHAR", "action": "VARCHAR",
               "outcome": "VARCHAR", "by": "VARCHAR", "customer": "VARCHAR", "device": "VARCHAR", "email": "VARCHAR"},
              """"time", id AS event_id, channel, touchpoint, action, outcome, "by" AS initiator,
                 coalesce(nullif(customer, ''), CASE WHEN channel <> 'store' THEN coalesce(device, email) END) AS person""")]
SOURCES = ONE if os.path.exists(os.path.join(LOG, "all.ndjson.zst")) else MANY
FUNNEL = ["product", "cart", "checkout/payment", "order/confirmed"]


def csv(name, select):
    return f"COPY ({select}) TO '{OUT}/{name}.csv' (HEADER)"


def step(index):
    """The first time of each person at a step, not before the step ahead of it."""
    if index == 0:
        return f"s0 AS (SELECT person, min(time) AS time FROM events WHERE touchpoint = '{FUNNEL[0]}' GROUP BY person)"
    before = f"s{index - 1}"
    return f"""s{index} AS (SELECT person, min(e.time) AS time FROM events e JOIN {before} USING (person)
        WHERE touchpoint = '{FUNNEL[index]}' AND e.time >= {before}.time GROUP BY person)"""


STATEMENTS = [
    ("read", f"""CREATE TEMP TABLE events AS SELECT * FROM ({" UNION ALL ".join(SOURCES)})
        WHERE time IS NOT NULL AND channel IS NOT NULL AND touchpoint IS NOT NULL AND person IS NOT NULL"""),
    ("sessions", csv("sessions", """
        WITH marked AS (
            SELECT *, CASE WHEN time - lag(time) OVER w <= CASE channel WHEN 'chat' THEN INTERVAL 1 HOUR
                WHEN 'phone' THEN INTERVAL 2 HOUR WHEN 'store' THEN INTERVAL 2 HOUR ELSE INTERVAL 30 MINUTE END
                THEN 0 ELSE 1 END AS starts
            FROM events WHERE channel <> 'email' AND coalesce(initiator, 'customer') = 'customer'
            WINDOW w AS (PARTITION BY person, channel ORDER BY time)),
        numbered AS (
            SELECT *, sum(starts) OVER (PARTITION BY person, channel ORDER BY time ROWS UNBOUNDED PRECEDING) AS session
            FROM marked),
        sessions AS (
            SELECT person, channel, session, count(*) AS events, max(time) - min(time) AS duration
            FROM numbered GROUP BY person, channel, session)
        SELECT channel, count(*) AS sessions, sum(events) AS events, count(DISTINCT person) AS customers,
               count(*) FILTER (events = 1) AS bounces, quantile_disc(epoch(duration), 0.5) AS duration_p50_seconds,
               quantile_disc(epoch(duration), 0.9) AS duration_p90_seconds
        FROM sessions GROUP BY channel ORDER BY channel""")),
    ("dwell", csv("dwell", """
        SELECT touchpoint, count(*) AS visits, quantile_disc(dwell, 0.5) AS dwell_p50_seconds,
               quantile_disc(dwell, 0.9) AS dwell_p90_seconds
        FROM (SELECT touchpoint, epoch(lead(time) OVER (PARTITION BY person ORDER BY time) - time) AS dwell FROM events)
        WHERE dwell IS NOT NULL GROUP BY touchpoint ORDER BY touchpoint""")),
    ("funnel", csv("funnel", f"""
        WITH {", ".join(step(index) for index in range(len(FUNNEL)))}
        {" UNION ALL ".join(f"SELECT {i + 1} AS step_index, '{name}' AS step, count(*) AS reached FROM s{i}" for i, name in enumerate(FUNNEL))}
        ORDER BY step_index""")),
]


def main():
    os.makedirs(OUT, exist_ok=True)
    database = duckdb.connect()
    stages, rows = [], {}
    for name, statement in STATEMENTS:
        start, cpu = time.monotonic(), time.process_time()
        result = database.execute(statement).fetchone()
        stages.append({"stage": name, "wall_seconds": time.monotonic() - start, "cpu_seconds": time.process_time() - cpu})
        rows[name] = result[0] if result else 0
    with open(f"{OUT}/run.json", "w") as file:
        json.dump({"version": duckdb.__version__, "events": rows["read"], "stages": stages}, file)


main()
