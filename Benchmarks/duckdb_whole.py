"""The whole job of `sojourn run pipelines/retail.yaml` in DuckDB's SQL, as far as it can be written there.

    python duckdb_whole.py LOG_FOLDER OUTPUT_FOLDER

Lines, duplicates and sessions are here; persons in whole_persons.py, journeys and what follows from them in
whole_journeys.py, tables in whole_tables.py. It counts by the rules of pipelines/rules.md, so its numbers are held against sojourn's (compare.py).

Written to be fast: only the columns that are needed; ids as 64-bit hashes; the five texts of an event as one number, its
kind, of which there are some hundred, so that every expression of the pipeline is worked out once for each kind; each
text of three ids once (a tuple), so that stitching sees tuples and not events; duplicates looked for only among ids that come
twice; everything in memory; all processors. The order of lines is kept while reading, because it breaks ties in time.

What it leaves out, and what cannot be equal, stands in Benchmarks/README.md.
"""

import json
import os
import sys
import time

import duckdb

import whole_journeys
import whole_persons
import whole_tables

LOG, OUT = (sys.argv + ["", ""])[1:3]
DAY = 86_400_000_000


def source(number, files, columns, **fields):
    """A SELECT over one source: its fields by the names of pipelines/retail.yaml, absent ones as nulls."""
    spec = ", ".join(f"\"{name}\": '{kind}'" for name, kind in columns.items())
    names = ["us", "id", "channel", "touchpoint", "action", "outcome", "initiator", "customer", "email", "device", "topic"]
    select = ", ".join(f"{fields.get(name, 'NULL')} AS {name}" for name in names)
    return f"""SELECT {number}::UTINYINT AS source, {select}
        FROM read_json('{LOG}/{files}', format='newline_delimited', records=true, ignore_errors=true, columns={{{spec}}})"""


def instant(field):
    """Microseconds of a text with a zone; null without one (pipelines/rules.md, 5)."""
    return f"""CASE WHEN ends_with({field}, 'Z') THEN epoch_us(TRY_CAST({field} AS TIMESTAMP))
        WHEN substr({field}, -6, 1) IN ('+', '-') THEN epoch_us(TRY_CAST({field} AS TIMESTAMPTZ)) END"""


MANY = [
    source(0, "web-*.ndjson.zst",
           {"ts": "VARCHAR", "id": "VARCHAR", "page": "VARCHAR", "event": "VARCHAR", "result": "VARCHAR", "by": "VARCHAR",
            "user": "STRUCT(id VARCHAR, email_hash VARCHAR)", "device": "STRUCT(cookie VARCHAR)", "props": "STRUCT(topic VARCHAR)"},
           us=instant("ts"), id="id", channel="'web'", touchpoint="page", action="event", outcome="result", initiator='"by"',
           customer='"user".id', email='"user".email_hash', device="device.cookie", topic="props.topic"),
    source(1, "app-*.ndjson.zst",
           {"t": "VARCHAR", "eid": "VARCHAR", "app": "STRUCT(channel VARCHAR)", "screen": "VARCHAR",
            "payload": "STRUCT(verb VARCHAR, status VARCHAR, actor VARCHAR, about VARCHAR)",
            "account": "VARCHAR", "mail": "VARCHAR", "install": "VARCHAR"},
           us="TRY_CAST(t AS BIGINT) * 1000", id="eid", channel="app.channel", touchpoint="screen", action="payload.verb",
           outcome="payload.status", initiator="payload.actor", customer="account", email="mail", device="install",
           topic="payload.about"),
    source(2, "contact-*.ndjson.gz",
           {"at": "VARCHAR", "interaction": "STRUCT(id VARCHAR, medium VARCHAR, stage VARCHAR)", "did": "VARCHAR",
            "disposition": "VARCHAR", "who": "VARCHAR", "case": "STRUCT(topic VARCHAR)",
            "customer": "STRUCT(number VARCHAR, email VARCHAR, visitor VARCHAR)"},
           us=instant('"at"'), id="interaction.id", channel="interaction.medium", touchpoint="interaction.stage", action="did",
           outcome="disposition", initiator="who", customer="customer.number", email="customer.email", device="customer.visitor",
           topic='"case".topic'),
    source(3, "email-*.ndjson.zst",
           {"time": "VARCHAR", "message": "STRUCT(id VARCHAR, template VARCHAR)", "kind": "VARCHAR", "status": "VARCHAR",
            "actor": "VARCHAR", "to": "STRUCT(customer VARCHAR, hash VARCHAR)"},
           us=instant('"time"'), id="message.id", channel="'email'", touchpoint="message.template", action="kind",
           outcome="status", initiator="actor", customer='"to".customer', email='"to".hash'),
    source(4, "store-*.ndjson",
           {"receipt": "VARCHAR", "sec": "VARCHAR", "desk": "VARCHAR", "op": "VARCHAR", "state": "VARCHAR", "by": "VARCHAR",
            "card": "VARCHAR", "till": "VARCHAR", "topic": "VARCHAR"},
           us="TRY_CAST(sec AS BIGINT) * 1000000", id="receipt", channel="'store'", touchpoint="desk", action="op",
           outcome="state", initiator='"by"', customer="card", device="till", topic="topic"),
]
# The same log in one shape and one file (logs.py).
SINGLE = [
    source(0, "all.ndjson.zst",
           {name: "VARCHAR" for name in ("time", "id", "channel", "touchpoint", "action", "outcome", "by", "customer", "email",
                                         "device", "topic")},
           us=instant('"time"'), id="id", channel="channel", touchpoint="touchpoint", action="action", outcome="outcome",
           initiator='"by"', customer="customer", email="email", device="device", topic="topic"),
]


BLOCKED = ("null", "none", "nil", "undefined", "anonymous", "unknown", "guest", "true", "false", "nan", "n/a", "not set",
           "(not set)", "(none)", "[object object]", "\\n", "-1")
BLOCKED_LIST = "(" + ", ".join(f"'{word}'" for word in BLOCKED) + ")"
# The first case is most ids': too long to be blocked, and no zeros, dashes or white space around. Only the others are looked at.
MACROS = f"""
    CREATE MACRO identifier(value, tag) AS
        CASE WHEN strlen(value) > {max(map(len, BLOCKED))} AND value >= '1' AND NOT ends_with(value, ' ') THEN hash(value, tag)
             WHEN value IS NULL OR ltrim(trim(value), '-0') = '' OR lower(trim(value)) IN {BLOCKED_LIST} THEN 0::UBIGINT
             ELSE hash(value, tag) END"""

READ = """CREATE TEMP TABLE lines AS
    SELECT us, source, hash(channel, touchpoint, action, outcome, initiator) AS kind_hash, channel, touchpoint, action, outcome,
           initiator, hash(customer, email, device) AS tuple, customer, email, device,
           CASE WHEN id IS NULL OR id = '' THEN 0::UBIGINT ELSE hash(id, source) END AS event,
           CASE WHEN topic IS NULL THEN 0::UBIGINT ELSE hash(topic) END AS topic
    FROM (SELECT * REPLACE (coalesce(lower(nullif(initiator, '')), 'customer') AS initiator, identifier(customer, 1) AS customer,
                            identifier(email, 2) AS email, identifier(device, 3) AS device)
          FROM ({sources}))"""

# Nulls compare as nulls in all of these, so what is absent is unusable.
USABLE = """us IS NOT NULL AND (customer <> 0 OR email <> 0 OR device <> 0) AND channel <> '' AND touchpoint <> ''
    AND initiator IN ('customer', 'agent', 'system')"""

# Every expression of the pipeline that asks for nothing but these five texts, once for each kind.
KINDS = f"""CREATE TEMP TABLE kinds AS
    SELECT (row_number() OVER ())::SMALLINT AS kind, *,
           (dense_rank() OVER (ORDER BY touchpoint))::SMALLINT AS touch, (dense_rank() OVER (ORDER BY channel))::SMALLINT AS chan,
           channel IN ('chat', 'phone', 'store') AS assisted,
           initiator = 'customer' AS customers,
           initiator = 'customer' AND channel <> 'email' AS own,
           CASE channel WHEN 'chat' THEN {DAY // 24} WHEN 'phone' THEN {DAY // 12} WHEN 'store' THEN {DAY // 12} ELSE {DAY // 48} END AS gap,
           coalesce(outcome IN ('error', 'declined', 'timeout'), false) AS is_error,
           coalesce(outcome IN ('error', 'failed', 'failure', 'timeout', 'declined'), false) AS went_wrong,
           coalesce(initiator = 'customer' AND (action = 'pay' OR action = 'submit' AND contains(touchpoint, 'pay')), false) AS pays
    FROM (SELECT kind_hash, any_value(channel) AS channel, any_value(touchpoint) AS touchpoint, any_value(action) AS action,
                 any_value(outcome) AS outcome, any_value(initiator) AS initiator
          FROM lines WHERE {USABLE} GROUP BY kind_hash)"""

EVENTS = [
    """CREATE TEMP TABLE owned AS
        SELECT lines.rowid AS pos, us, kind, event, topic, CASE WHEN o.person IS NULL THEN nearest.person ELSE o.person END AS person
        FROM lines JOIN kinds USING (kind_hash) JOIN owners o USING (tuple) LEFT JOIN nearest ON nearest.pos = lines.rowid
        WHERE us IS NOT NULL AND o.person IS DISTINCT FROM 0""",
    f"""CREATE TEMP TABLE days AS
        SELECT day, count(*) AS persons FROM (SELECT DISTINCT us // {DAY} AS day, person FROM owned) GROUP BY day""",
    """CREATE TEMP TABLE doubles AS
        SELECT pos FROM (
            SELECT pos, row_number() OVER (PARTITION BY person, event ORDER BY us, pos) AS place
            FROM owned WHERE event IN (SELECT event FROM owned WHERE event <> 0 GROUP BY event HAVING count(*) > 1))
        WHERE place > 1""",
]
# The latest event of the last alive day (pipelines/rules.md, 2).
AS_OF = f"""
    WITH busy AS (SELECT persons, sum(persons) OVER (ORDER BY persons DESC) AS together, sum(persons) OVER () AS all_of_them FROM days),
         most AS (SELECT max(persons) AS m FROM busy WHERE 2 * together >= all_of_them),
         last AS (SELECT max(day) AS day FROM days, most WHERE persons * 100 >= m AND (m < 3 OR persons >= 2))
    SELECT max(us) FROM owned, last WHERE us // {DAY} = last.day"""

SESSIONS = [
    # Events that open no session are kept apart; their session is null.
    """CREATE TEMP TABLE events AS
        SELECT pos, us, kind, topic, person, channel, own, gap,
               CASE WHEN own THEN last_value(CASE WHEN first THEN pos END IGNORE NULLS) OVER
                   (PARTITION BY person, channel, own ORDER BY us, pos ROWS UNBOUNDED PRECEDING) END AS session
        FROM (SELECT pos, us, kind, topic, person, channel, own, gap,
                     coalesce(us - lag(us) OVER (PARTITION BY person, channel, own ORDER BY us, pos) > gap, true) AS first
              FROM owned JOIN kinds USING (kind) WHERE pos NOT IN (FROM doubles))""",
    """CREATE TEMP TABLE sessions AS
        SELECT session, any_value(person) AS person, any_value(channel) AS channel, any_value(gap) AS gap, min(us) AS us, max(us) AS until,
               count(*) AS events, arg_max(pos, (us, pos)) AS last
        FROM events WHERE own GROUP BY session""",
]
# `max_length`: an event later than the session's start plus 24 h begins another one. A walk, event by event, over the few
# sessions that are longer.
LONG = f"SELECT count(*) FROM sessions WHERE until - us > {DAY}"
CUT = [
    f"""CREATE TEMP TABLE cut AS
        WITH RECURSIVE walk AS (
            SELECT session, us, pos, place, pos AS part, us AS since FROM long WHERE place = 1
            UNION ALL
            SELECT l.session, l.us, l.pos, l.place, CASE WHEN l.us - since > {DAY} THEN l.pos ELSE part END,
                   CASE WHEN l.us - since > {DAY} THEN l.us ELSE since END
            FROM walk JOIN long l ON l.session = walk.session AND l.place = walk.place + 1)
        SELECT pos, part FROM walk""",
    "UPDATE events SET session = part FROM cut WHERE cut.pos = events.pos",
    "DROP TABLE sessions",
    SESSIONS[1],
]
LONG_EVENTS = f"""CREATE TEMP TABLE long AS
    SELECT session, us, pos, row_number() OVER (PARTITION BY session ORDER BY us, pos) AS place
    FROM events WHERE session IN (SELECT session FROM sessions WHERE until - us > {DAY})"""


class Clock:
    """Wall and CPU seconds by stage, for run.json."""

    def __init__(self):
        self.stages, self.at = [], (time.monotonic(), time.process_time())

    def end(self, stage):
        now = time.monotonic(), time.process_time()
        self.stages.append({"stage": stage, "wall_seconds": now[0] - self.at[0], "cpu_seconds": now[1] - self.at[1]})
        self.at = now


def main():
    os.makedirs(OUT, exist_ok=True)
    database = duckdb.connect()
    database.execute(f"SET threads = {len(os.sched_getaffinity(0))}; SET TimeZone = 'UTC'")
    run = lambda *statements: [database.execute(statement) for statement in statements]
    ask = lambda statement: database.execute(statement).fetchone()[0]
    clock = Clock()

    run(MACROS)
    single = os.path.exists(os.path.join(LOG, "all.ndjson.zst"))
    run(READ.format(sources=" UNION ALL ".join(SINGLE if single else MANY)))
    clock.end("read")
    run("SET preserve_insertion_order = false", KINDS)
    whole_persons.run(run, ask, USABLE)
    clock.end("stitch")
    run(*EVENTS)
    ledger = dict(zip(("lines", "usable"), database.execute(f"SELECT count(*), count(*) FILTER ({USABLE}) FROM lines").fetchone()))
    ledger["duplicates"] = ask("SELECT count(*) FROM doubles")
    ledger["events"] = ask("SELECT count(*) FROM owned") - ledger["duplicates"]
    as_of = ask(AS_OF)
    identity = database.execute(whole_persons.COUNTS).fetchall()
    # What is not needed any more would only take memory.
    run("DROP TABLE lines", "DROP TABLE tuples", "DROP TABLE seen", "DROP TABLE nearest")
    clock.end("events")
    run(*SESSIONS)
    if ask(LONG):
        run(LONG_EVENTS, *CUT)
    run("DROP TABLE owned")
    clock.end("sessions")
    whole_journeys.run(run, as_of)
    clock.end("journeys")
    whole_tables.write(database, OUT)
    clock.end("tables")

    ledger |= {"quarantined": ledger["lines"] - ledger.pop("usable")}
    ledger["filtered"] = ledger["lines"] - ledger["quarantined"] - ledger["duplicates"] - ledger["events"]
    with open(f"{OUT}/run.json", "w", encoding="utf-8") as file:
        json.dump({"version": duckdb.__version__, "events": ledger["events"], "ledger": ledger, "as_of_us": as_of,
                   "identity": {name: {"values": values, "shared": shared, "placeholders": placeholders}
                                for name, values, shared, placeholders in identity}, "stages": clock.stages}, file)


if __name__ == "__main__":
    main()
