"""The tables of the whole job in DuckDB (duckdb_whole.py): CSV for the whole time, a database file by day.

    python whole_tables.py OUTPUT_FOLDER         prints the tables by day as JSON, for comparison

Each table is made in one statement for both: GROUPING SETS give the rows by day and those of all days (`day` null).
"""

import json
import os
import sys

from whole_journeys import TYPES

OWNERS = {"web": "digital", "app": "digital", "chat": "contact-centre", "phone": "contact-centre", "store": "stores", "email": "crm"}
NAME = "CASE type " + " ".join(f"WHEN {index} THEN '{name}'" for index, name in enumerate(TYPES)) + " END AS journey"
OWNER = "CASE channel " + " ".join(f"WHEN '{channel}' THEN '{owner}'" for channel, owner in OWNERS.items()) + " END AS owner"
ZONE = "Europe/Berlin"
HIDDEN_BY_DAY = ["completion_rate", "completion_rate_with", "completion_rate_without"]


def seconds(column, share, where="true"):
    return f"quantile_disc({column}, {share}) FILTER ({where}) / 1e6"


def inner(where):
    """A count that the last step of a funnel does not have."""
    return f"CASE WHEN step_index < any_value(steps) THEN count(*) FILTER ({where}) END"


# Rates of closed journeys mislead by day (pipelines/rules.md, 8), and are left empty there.
CLOSED = "status <> 'open'"
RATE = f"count(*) FILTER (status = 'completed') / nullif(count(*) FILTER ({CLOSED}), 0)"
# The day of an hour, so that the zone is asked for once an hour and not once an event.
HOURS = f"""CREATE TEMP TABLE hours AS
    SELECT hour, (make_timestamptz(hour * 3600000000) AT TIME ZONE '{ZONE}')::DATE AS day FROM (SELECT DISTINCT us // 3600000000 AS hour FROM events)"""

TABLES = {
    "journeys": f"""
        SELECT day, {NAME}, count(*) AS started, count(*) FILTER (status = 'completed') AS completed,
               count(*) FILTER (status = 'failed') AS failed, count(*) FILTER (status = 'abandoned') AS abandoned,
               count(*) FILTER (status = 'open') AS open, {RATE} AS completion_rate,
               {seconds('until - us', 0.5, "status = 'completed'")} AS duration_p50_seconds,
               {seconds('until - us', 0.9, "status = 'completed'")} AS duration_p90_seconds, sum(events) AS events,
               sum(sessions) AS sessions, sum(switches) AS channel_switches, count(DISTINCT person) AS customers,
               count(*) FILTER (troubled) AS with_friction, count(*) FILTER (mature) AS mature, count(*) FILTER (converted) AS converted,
               count(*) FILTER (converted) / nullif(count(*) FILTER (mature), 0) AS conversion_rate
        FROM (SELECT *, journey IN (SELECT journey FROM matches) AS troubled FROM journeys)
        GROUP BY GROUPING SETS ((type), (type, day))""",
    "funnel": f"""
        WITH times AS (
            SELECT journey, type, level, unnest([1, 2, 3, 4, 5]) AS step_index, unnest([0, t2 - t1, t3 - t2, t4 - t3, t5 - t4]) AS gap FROM chains)
        SELECT day, {NAME.replace('type', 't.type')}, step_index, any_value(name) AS step, any_value(owner) AS owner, count(*) AS reached,
               {inner('level = step_index')} AS dropped, {seconds('gap', 0.5, 'step_index > 1')} AS seconds_from_previous_p50,
               {seconds('gap', 0.9, 'step_index > 1')} AS seconds_from_previous_p90, count(*) FILTER (mature) AS mature,
               {inner("mature AND level = step_index AND status IN ('failed', 'abandoned')")} AS lost,
               {inner("mature AND level = step_index AND status = 'open'")} AS open,
               {inner("mature AND level = step_index AND status = 'completed'")} AS elsewhere
        FROM times t JOIN journeys j USING (journey)
             JOIN (SELECT *, count(*) OVER (PARTITION BY type) AS steps FROM steps) s ON s.type = t.type AND s.step = step_index
        WHERE level >= step_index GROUP BY GROUPING SETS ((t.type, step_index), (t.type, step_index, day))""",
    "stalls": f"""
        SELECT day, {NAME.replace('type', 'v.type')}, step AS step_index, any_value(name) AS step, any_value(owner) AS owner, count(*) AS visits,
               count(*) FILTER (progressed) AS progressed, count(*) FILTER (goal) AS goal, count(*) FILTER (stopped) AS stopped,
               count(*) FILTER (open) AS open, {seconds('dwell', 0.5, 'progressed AND judged')} AS dwell_p50_seconds,
               {seconds('dwell', 0.9, 'progressed AND judged')} AS dwell_p90_seconds,
               any_value(coalesce(v.sla, threshold)) / 1e6 AS threshold_seconds, count(*) FILTER (over AND NOT open) AS slow,
               count(*) FILTER (over AND open) AS idle, count(*) FILTER (over OR judged AND stopped) AS stalled,
               stalled / nullif(judged, 0) AS stall_rate, count(*) FILTER (judged) AS judged, count(*) FILTER (judged AND stopped) AS stopped_judged
        FROM (SELECT v.*, s.name, s.owner FROM judged v JOIN steps s USING (type, step)) v
        GROUP BY GROUPING SETS ((v.type, step), (v.type, step, day))""".replace("nullif(judged, 0)", "nullif(count(*) FILTER (judged), 0)"),
    "transitions": f"""
        WITH ways AS (
            SELECT journey, type, 'touchpoint' AS scope, from_touch AS one, into_touch AS other, gap FROM pairs
            UNION ALL SELECT journey, type, 'channel', -from_chan, -into_chan, gap FROM pairs WHERE from_chan <> into_chan),
        names AS (
            SELECT DISTINCT touch AS number, touchpoint AS name FROM kinds UNION ALL SELECT DISTINCT -chan, channel FROM kinds),
        counted AS (
            SELECT day, w.type, scope, one, other, count(*) AS count, {seconds('gap', 0.5)} AS gap_p50_seconds
            FROM ways w JOIN journeys USING (journey) GROUP BY GROUPING SETS ((w.type, scope, one, other), (w.type, scope, one, other, day))),
        had AS (
            SELECT day, w.type, scope, one, other, count(*) AS journeys, {RATE} AS completion_rate
            FROM (SELECT DISTINCT journey, type, scope, one, other FROM ways) w JOIN journeys USING (journey)
            GROUP BY GROUPING SETS ((w.type, scope, one, other), (w.type, scope, one, other, day)))
        SELECT c.day, {NAME.replace('type', 'c.type')}, c.scope, a.name AS "from", b.name AS "to", count, journeys, gap_p50_seconds, completion_rate
        FROM counted c JOIN had h ON c.day IS NOT DISTINCT FROM h.day AND c.type = h.type AND c.scope = h.scope AND c.one = h.one AND c.other = h.other
             JOIN names a ON a.number = c.one JOIN names b ON b.number = c.other""",
    "frictions": f"""
        SELECT j.day, {NAME.replace('type', 'j.type')}, friction, sum(times) AS occurrences, count(*) AS journeys, count(DISTINCT person) AS customers,
               any_value(started) AS of_journeys, {RATE} AS completion_rate_with,
               (any_value(all_completed) - count(*) FILTER (status = 'completed'))
                   / nullif(any_value(all_closed) - count(*) FILTER ({CLOSED}), 0) AS completion_rate_without
        FROM (SELECT friction, journey, count(*) AS times FROM matches GROUP BY ALL) JOIN journeys j USING (journey)
             JOIN (SELECT type, count(*) AS started, count(*) FILTER (status = 'completed') AS all_completed,
                          count(*) FILTER ({CLOSED}) AS all_closed FROM journeys GROUP BY type) t ON t.type = j.type
        GROUP BY GROUPING SETS ((j.type, friction), (j.type, friction, j.day))""",
    "sessions": f"""
        SELECT day, channel, count(*) AS sessions, sum(events) AS events, count(DISTINCT person) AS customers,
               count(*) FILTER (events = 1) AS bounces, {seconds('until - us', 0.5)} AS duration_p50_seconds,
               {seconds('until - us', 0.9)} AS duration_p90_seconds, count(*) FILTER (meets) AS concurrent
        FROM (SELECT *, session IN (
                  SELECT a.session FROM sessions a JOIN sessions b
                  ON a.person = b.person AND a.channel <> b.channel AND a.us <= b.until AND b.us <= a.until) AS meets
              FROM sessions) JOIN hours ON hour = us // 3600000000
        GROUP BY GROUPING SETS ((channel), (channel, day))""",
    "touchpoints": f"""
        WITH seen AS (
            SELECT day, touch, chan, count(*) AS events, count(DISTINCT person) AS customers, count(*) FILTER (is_error) AS errors
            FROM events JOIN kinds USING (kind) JOIN hours ON hour = us // 3600000000
            GROUP BY GROUPING SETS ((touch, chan), (touch, chan, day))),
        gone AS (
            SELECT day, touch, chan, count(DISTINCT journey) AS journeys, sum(entry)::BIGINT AS journey_entries, sum(exit)::BIGINT AS journey_exits
            FROM (SELECT j.day, journey, touch, chan, count(*) FILTER (m.first) AS entry, count(*) FILTER (m.pos = j.last) AS exit
                  FROM member m JOIN kinds k USING (kind) JOIN journeys j USING (journey)
                  GROUP BY ALL) GROUP BY GROUPING SETS ((touch, chan), (touch, chan, day)))
        SELECT coalesce(s.day, g.day) AS day, channel, touchpoint, {OWNER}, coalesce(events, 0) AS events, coalesce(customers, 0) AS customers,
               coalesce(journeys, 0) AS journeys, coalesce(journey_entries, 0) AS journey_entries,
               coalesce(journey_exits, 0) AS journey_exits, coalesce(errors, 0) AS errors
        FROM seen s FULL JOIN gone g ON s.day IS NOT DISTINCT FROM g.day AND s.touch = g.touch AND s.chan = g.chan
             JOIN (SELECT DISTINCT touch, chan, touchpoint, channel FROM kinds) k ON k.touch = coalesce(s.touch, g.touch) AND k.chan = coalesce(s.chan, g.chan)""",
}


def write(database, folder):
    path = os.path.join(folder, "metrics.duckdb")
    if os.path.exists(path):
        os.remove(path)
    database.execute(HOURS)
    database.execute(f"ATTACH '{path}' AS published")
    for name, select in TABLES.items():
        database.execute(f"CREATE TEMP TABLE made AS {select}")
        database.execute(f"COPY (SELECT * EXCLUDE (day) FROM made WHERE day IS NULL ORDER BY ALL) TO '{folder}/{name}.csv' (HEADER)")
        empty = [f"NULL AS {column}" for column in HIDDEN_BY_DAY if column in select.replace('"', " ").replace(",", " ").split()]
        rest = f" REPLACE ({', '.join(empty)})" if empty else ""
        database.execute(f"CREATE TABLE published.{name} AS SELECT *{rest} FROM made WHERE day IS NOT NULL ORDER BY ALL")
        database.execute("DROP TABLE made")
    database.execute("DETACH published")


def by_day(folder):
    import duckdb

    database = duckdb.connect(os.path.join(folder, "metrics.duckdb"), read_only=True)
    made = {}
    for name in TABLES:
        rows = database.execute(f"FROM {name}")
        columns = [column[0] for column in rows.description]
        made[name] = [dict(zip(columns, row)) for row in rows.fetchall()]
    return made


if __name__ == "__main__":
    json.dump(by_day(sys.argv[1]), sys.stdout, default=str)
