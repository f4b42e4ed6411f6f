"""The whole job of `sojourn run pipelines/retail.yaml` in DuckDB's SQL, as far as it can be written there.

    python duckdb_whole.py LOG_FOLDER OUTPUT_FOLDER

Lines, persons, duplicates and sessions are here; journeys and what follows from them in whole_journeys.py, tables in
whole_tables.py. It counts by the rules of pipelines/rules.md, so its numbers are held against sojourn's (compare.py).

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
    return f"""CASE WHEN right({field}, 1) IN ('Z', 'z') OR substr({field}, -6, 1) IN ('+', '-')
        THEN epoch_us(TRY_CAST({field} AS TIMESTAMPTZ)) END"""


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
MACROS = f"""
    CREATE MACRO identifier(value, tag) AS
        CASE WHEN value IS NULL OR ltrim(trim(value), '-0') = '' OR lower(trim(value)) IN {BLOCKED} THEN 0::UBIGINT
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

STITCH = [
    f"""CREATE TEMP TABLE tuples AS
        SELECT tuple, any_value(customer) AS customer, any_value(email) AS email, any_value(device) AS device
        FROM lines WHERE {USABLE} GROUP BY tuple""",
    # Of each linking id: with how many customers it was seen, and one of them.
    """CREATE TEMP TABLE links AS
        SELECT link, any_value(kind) AS kind, count(DISTINCT customer) FILTER (customer <> 0) AS partners,
               min(customer) FILTER (customer <> 0) AS partner
        FROM (SELECT email AS link, customer, 'email' AS kind FROM tuples WHERE email <> 0
              UNION ALL SELECT device, customer, 'device' FROM tuples WHERE device <> 0)
        GROUP BY link""",
    # Placeholders link nothing: from here on they are no ids.
    """CREATE TEMP TABLE seen AS
        SELECT tuple, customer,
               CASE WHEN e.partners > 5 THEN 0 ELSE email END AS email, coalesce(e.partners, 0) AS email_partners, e.partner AS email_partner,
               CASE WHEN d.partners > 5 THEN 0 ELSE device END AS device, coalesce(d.partners, 0) AS device_partners, d.partner AS device_partner
        FROM tuples LEFT JOIN links e ON email = e.link LEFT JOIN links d ON device = d.link""",
    """CREATE TEMP TABLE edges AS SELECT DISTINCT email AS one, device AS other FROM seen WHERE email <> 0 AND device <> 0""",
]
# Groups of linking ids (rule 3): every id takes the least label among those next to it, then its label's label, until nothing
# changes. Only groups that somebody asks for are looked at: those of ids that were never seen with a customer.
ASKED = """CREATE TEMP TABLE labels AS
    SELECT DISTINCT node, node AS label FROM (
        SELECT one AS node FROM edges UNION ALL SELECT other FROM edges)"""
SPREAD = [
    """CREATE OR REPLACE TEMP TABLE nearer AS
        SELECT node, min(label) AS label FROM (
            SELECT * FROM labels
            UNION ALL SELECT one, label FROM edges JOIN labels ON other = node
            UNION ALL SELECT other, label FROM edges JOIN labels ON one = node)
        GROUP BY node""",
    """CREATE OR REPLACE TEMP TABLE next_labels AS
        SELECT a.node, least(a.label, b.label) AS label FROM nearer a JOIN nearer b ON a.label = b.node""",
]
CHANGED = "SELECT count(*) FROM labels a JOIN next_labels b USING (node) WHERE a.label <> b.label"
TURN = "CREATE OR REPLACE TEMP TABLE labels AS FROM next_labels"

OWNERS = [
    """CREATE TEMP TABLE groups AS
        SELECT label, count(DISTINCT partner) FILTER (partners > 0) AS partners, bool_or(partners > 1) AS shared, min(partner) AS partner
        FROM labels JOIN links ON node = link GROUP BY label""",
    """CREATE TEMP TABLE owners AS
        SELECT tuple, CASE
                   WHEN customer <> 0 THEN customer
                   WHEN email <> 0 AND email_partners > 0 THEN CASE email_partners WHEN 1 THEN email_partner END
                   WHEN device <> 0 AND device_partners > 0 THEN CASE device_partners WHEN 1 THEN device_partner END
                   WHEN email = 0 AND device = 0 THEN 0
                   WHEN g.partners = 1 AND NOT g.shared THEN g.partner
                   ELSE coalesce(g.label, nullif(email, 0), device) END AS person,
               CASE WHEN customer <> 0 THEN 0 WHEN email <> 0 AND email_partners > 0 THEN email ELSE device END AS near,
               customer, email, device
        FROM seen LEFT JOIN labels ON node = CASE WHEN email <> 0 THEN email ELSE device END LEFT JOIN groups g USING (label)""",
    # A shared link gives each event to the customer seen with it nearest in time, on a tie to the earlier sighting.
    """CREATE TEMP TABLE sightings AS
        SELECT link, us, min(customer) AS customer FROM (
            SELECT unnest([o.email, o.device]) AS link, us, o.customer
            FROM lines JOIN owners o USING (tuple)
            WHERE us IS NOT NULL AND o.customer <> 0 AND (o.email IN (SELECT near FROM owners WHERE person IS NULL)
                                      OR o.device IN (SELECT near FROM owners WHERE person IS NULL)))
        WHERE link <> 0 GROUP BY link, us""",
    f"""CREATE TEMP TABLE nearest AS
        SELECT n.pos, CASE WHEN b.us IS NULL OR n.us - a.us <= b.us - n.us THEN a.customer ELSE b.customer END AS person
        FROM (SELECT lines.rowid AS pos, us, near AS link FROM lines JOIN owners o USING (tuple)
              WHERE us IS NOT NULL AND person IS NULL) n
        ASOF LEFT JOIN sightings a ON n.link = a.link AND n.us >= a.us
        ASOF LEFT JOIN sightings b ON n.link = b.link AND n.us <= b.us""",
]

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
    run("SET preserve_insertion_order = false", *STITCH, ASKED)
    while True:
        run(*SPREAD)
        changed = ask(CHANGED)
        run(TURN)
        if not changed:
            break
    run(*OWNERS)
    clock.end("stitch")
    run(KINDS, *EVENTS)
    ledger = dict(zip(("lines", "usable"), database.execute(f"SELECT count(*), count(*) FILTER ({USABLE}) FROM lines").fetchone()))
    ledger["duplicates"] = ask("SELECT count(*) FROM doubles")
    ledger["events"] = ask("SELECT count(*) FROM owned") - ledger["duplicates"]
    as_of = ask(AS_OF)
    identity = database.execute("""
        SELECT 'customer', count(DISTINCT customer), 0, 0 FROM tuples WHERE customer <> 0 UNION ALL
        SELECT kind, count(*), count(*) FILTER (partners BETWEEN 2 AND 5), count(*) FILTER (partners > 5) FROM links GROUP BY kind
        """).fetchall()
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
