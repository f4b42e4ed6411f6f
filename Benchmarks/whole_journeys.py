"""Journeys, visits, funnels, transitions and frictions of the whole job in DuckDB (duckdb_whole.py).

The tables that whole_tables.py counts: `member` (an event of a journey), `journeys`, `visits`, `chains` (funnel) and
`matches` (frictions). A journey type is a number: 0 purchase, 1 support, 2 onboarding.
"""

DAY = 86_400_000_000
MINUTE = 60_000_000
TYPES = ["purchase", "support", "onboarding"]
INACTIVITY = [7 * DAY, 7 * DAY, 14 * DAY]
# The steps of each type in their order: name, owner, what an event must satisfy, SLA (None: learned), whether the funnel has it.
STEPS = [
    [("browse", "marketing", "touchpoint IN ('product', 'search', 'home')", 2 * DAY, True),
     ("cart", "digital", "touchpoint = 'cart'", DAY, True),
     ("address", "checkout", "touchpoint = 'checkout/address'", 10 * MINUTE, True),
     ("payment", "payments", "touchpoint = 'checkout/payment'", 15 * MINUTE, True),
     ("confirmed", "payments", "touchpoint = 'order/confirmed'", None, True)],
    [("help pages", "digital", "starts_with(touchpoint, 'help')", None, False),
     ("bot", "digital", "touchpoint = 'chat/bot'", None, False),
     ("chat agent", "contact-centre", "touchpoint = 'chat/agent'", None, False),
     ("message", "contact-centre", "touchpoint = 'chat/form'", DAY, False),
     ("phone menu", "contact-centre", "touchpoint = 'phone/menu'", None, False),
     ("phone queue", "contact-centre", "touchpoint = 'phone/queue'", 5 * MINUTE, False),
     ("phone agent", "contact-centre", "touchpoint = 'phone/agent'", None, False)],
    [("form", "digital", "touchpoint = 'register'", None, True),
     ("mail sent", "crm", "touchpoint = 'mail/verify'", DAY // 2, True),
     ("verified", "digital", "touchpoint = 'register/verify'", None, True),
     ("profile", "digital", "touchpoint = 'profile'", None, True)],
]
RULES = [  # scope, start, goal, fail
    ("channel IN ('web', 'app', 'email') OR touchpoint = 'order/confirmed'", "touchpoint = 'product'", "touchpoint = 'order/confirmed'",
     "touchpoint = 'checkout/payment' AND action = 'cancel'"),
    ("channel IN ('chat', 'phone') OR starts_with(touchpoint, 'help')", "true", "outcome = 'resolved'", "false"),
    ("starts_with(touchpoint, 'register') OR touchpoint IN ('mail/verify', 'profile')", "touchpoint = 'register'",
     "touchpoint = 'profile' AND action = 'submit' AND outcome = 'ok'", "false"),
]
WINDOW = 7 * DAY  # of both funnels


def by_type(values, column="type"):
    return f"CASE {column} " + " ".join(f"WHEN {index} THEN {value}" for index, value in enumerate(values)) + " END"


def type_kinds():
    """What each kind of event is to each type in whose scope it is."""
    selects = []
    for index, (scope, start, goal, fail) in enumerate(RULES):
        step = " ".join(f"WHEN {match} THEN {place}" for place, (_, _, match, _, _) in enumerate(STEPS[index], 1))
        selects.append(f"""SELECT {index}::UTINYINT AS type, kind, coalesce({start}, false) AS start, coalesce({goal}, false) AS goal,
            coalesce({fail}, false) AS fail, CASE {step} END::UTINYINT AS step FROM kinds WHERE {scope}""")
    return "CREATE TEMP TABLE type_kinds AS " + " UNION ALL ".join(selects)


STEP_TABLE = "CREATE TEMP TABLE steps AS SELECT * FROM (VALUES " + ", ".join(
    f"({index}, {place}, '{name}', '{owner}', {'NULL' if sla is None else sla}, {funnel})"
    for index, steps in enumerate(STEPS) for place, (name, owner, _, sla, funnel) in enumerate(steps, 1)
) + ") AS t(type, step, name, owner, sla, funnel)"

# A journey ends at a goal or failure, or before a silence. What lies between two ends is a stretch; its journey begins at the
# stretch's first event that satisfies `start`. An end without an open journey changes nothing, so this is the same.
JOURNEYS = [
    f"""CREATE TEMP TABLE stretches AS
        SELECT *, sum(breaks::INT) OVER (PARTITION BY type, person ORDER BY us, pos ROWS UNBOUNDED PRECEDING) AS stretch
        FROM (SELECT type, person, us, pos, kind, session, start, goal, fail, step, lag(us) OVER w AS before, lag(kind) OVER w AS kind_before,
                     lag(CASE WHEN step IS NOT NULL THEN (us, pos, step) END IGNORE NULLS) OVER w AS step_before,
                     coalesce(us - before > {by_type(INACTIVITY)} OR lag(goal OR fail) OVER w, true) AS breaks
              FROM events JOIN type_kinds USING (kind)
              WINDOW w AS (PARTITION BY type, person ORDER BY us, pos))""",
    """CREATE TEMP TABLE begun AS
        SELECT (row_number() OVER ())::INT AS journey, * FROM (
            SELECT type, person, stretch, min((us, pos)) AS began FROM stretches WHERE start GROUP BY type, person, stretch)""",
    """CREATE TEMP TABLE member AS
        SELECT journey, type, person, us, pos, kind, session, goal, fail, step, ((us, pos) = began) AS first,
               CASE WHEN (us, pos) <> began THEN before END AS before, CASE WHEN (us, pos) <> began THEN kind_before END AS kind_before,
               step IS NOT NULL AND (step_before IS NULL OR (step_before[1], step_before[2]) < began OR step_before[3] <> step) AS visits,
               step_before[1] AS stepped
        FROM stretches JOIN begun USING (type, person, stretch) WHERE (us, pos) >= began""",
    "DROP TABLE stretches",
    f"""CREATE TEMP TABLE journeys AS
        SELECT *, (make_timestamptz(us) AT TIME ZONE 'Europe/Berlin')::DATE AS day,
               CASE WHEN goal THEN 'completed' WHEN fail THEN 'failed' WHEN {{as_of}} - until > {by_type(INACTIVITY)} THEN 'abandoned'
                    ELSE 'open' END AS status,
               {{as_of}} - us >= {by_type(INACTIVITY)} AS mature,
               {{as_of}} - us >= {by_type(INACTIVITY)} AND goal AND until - us <= {by_type(INACTIVITY)} AS converted
        FROM (SELECT journey, any_value(type) AS type, any_value(person) AS person, min(us) AS us, max(us) AS until, count(*) AS events,
                     bool_or(goal) AS goal, bool_or(fail) AS fail, arg_max(pos, (us, pos)) AS last,
                     count(*) FILTER (k.channel <> b.channel) AS switches, count(DISTINCT session) AS sessions
              FROM member JOIN kinds k USING (kind) LEFT JOIN kinds b ON kind_before = b.kind GROUP BY journey)""",
]

# One character for the bucket of a time, as in pipelines/rules.md, 16: below 512 µs each microsecond has its own, above that
# each power of two has 256. Learned thresholds are judged by buckets, so their numbers can be equal only with the same ones.
BUCKETS = """
    CREATE MACRO exponent(t) AS greatest(length(bin(t)) - 9, 0);
    CREATE MACRO bucket(t) AS CASE WHEN t < 512 THEN t ELSE 256 * exponent(t) + (t >> exponent(t)) END;
    CREATE MACRO middle(b) AS CASE WHEN b < 512 THEN b
        ELSE ((b - 256 * (b // 256 - 1)) << (b // 256 - 1)) + ((1::BIGINT << (b // 256 - 1)) - 1) / 2.0 END"""

VISITS = [
    f"""CREATE TEMP TABLE visits AS
        SELECT *, next IS NOT NULL AS progressed, next IS NULL AND status = 'completed' AS goal,
               next IS NULL AND status IN ('failed', 'abandoned') AS stopped, next IS NULL AND status = 'open' AS open,
               CASE WHEN next IS NOT NULL THEN next - us WHEN status = 'completed' THEN until - us END AS dwell,
               {{as_of}} - us >= coalesce(sla, inactivity) AS judged
        FROM (SELECT v.*, j.status, j.until, j.day, s.sla, {by_type(INACTIVITY, "v.type")} AS inactivity, lead(v.us) OVER w AS next,
                     lead(stepped) OVER w AS last
              FROM (SELECT journey, type, step, us, pos, stepped FROM member WHERE visits) v
                   JOIN journeys j USING (journey) JOIN steps s ON s.type = v.type AND s.step = v.step
              WINDOW w AS (PARTITION BY v.journey ORDER BY v.us, v.pos))""",
    """CREATE TEMP TABLE learned AS
        SELECT type, step, exp(q3 + 1.5 * (q3 - q1)) * 1e6 AS threshold FROM (
            SELECT type, step, count(*) AS n, ln(nullif(middle(quantile_disc(bucket(dwell), 0.25)), 0) / 1e6) AS q1,
                   ln(nullif(middle(quantile_disc(bucket(dwell), 0.75)), 0) / 1e6) AS q3
            FROM visits WHERE progressed AND judged AND sla IS NULL GROUP BY type, step)
        WHERE n >= 30 AND q1 IS NOT NULL""",
    """CREATE TEMP TABLE judged AS
        SELECT v.*, threshold,
               judged AND NOT stopped AND coalesce(
                   CASE WHEN sla IS NOT NULL THEN coalesce(dwell, {as_of} - us) > sla
                        ELSE bucket(coalesce(dwell, {as_of} - us)) > bucket(threshold::BIGINT) END, false) AS over
        FROM visits v LEFT JOIN learned USING (type, step)""",
]

# Funnels over visits: different steps lie in different visits, so a chain of events is a chain of visits, of which each gives
# its last event, and the one that ends the chain its first. A journey's visits are a text, one letter a visit.
LETTERS = "ABCDE"
MODES = {0: "ordered", 2: "strict"}


def greedy(select):
    """Mode ordered without its window, for journeys that are shorter: the first A, the first B behind it, and so on."""
    # One inside the other: side by side, each would be worked out anew wherever it is named.
    select = f"SELECT *, instr(way, 'A') AS p1 FROM ({select})"
    for i, letter in list(enumerate(LETTERS, 1))[1:]:
        behind = f"instr(substr(way, p{i - 1} + 1), '{letter}')"
        select = f"SELECT *, CASE WHEN b{i} > 0 AND p{i - 1} > 0 THEN p{i - 1} + b{i} ELSE 0 END AS p{i} FROM (SELECT *, {behind} AS b{i} FROM ({select}))"
    return select


def chain(select):
    """The chain that ends at visit `ends`, each event of it as late as can be: places q1 to q5 and times t1 to t5."""
    for i in range(len(LETTERS), 0, -1):
        before = f" WHEN level > {i} THEN q{i + 1} - nullif(instr(reverse(left(way, q{i + 1} - 1)), '{LETTERS[i - 1]}'), 0)"
        select = f"SELECT *, CASE WHEN level = {i} THEN ends{before if i < len(LETTERS) else ''} END AS q{i} FROM ({select})"
    times = [f"CASE WHEN level = {i} THEN starts[q{i}] ELSE lasts[q{i}] END AS t{i}" for i in range(1, len(LETTERS) + 1)]
    return f"SELECT *, {', '.join(times)} FROM ({select})"


EACH_END = chain("""SELECT journey, type, way, starts, lasts, ends, ascii(way[ends]) - 64 AS level
    FROM (SELECT *, unnest(generate_series(1, length(way))) AS ends FROM ways WHERE long)""")
LAST_TIME = "CASE level " + " ".join(f"WHEN {i} THEN t{i}" for i in range(1, len(LETTERS) + 1)) + " END"
LEVEL, ENDS = ("CASE " + " ".join(f"WHEN p{i} > 0 THEN {word}{i}" for i in range(5, 0, -1)) + " ELSE 0 END" for word in ("", "p"))
CHAINS = [
    f"""CREATE TEMP TABLE ways AS
        SELECT v.journey, any_value(v.type) AS type, string_agg(chr(64 + v.step), '' ORDER BY v.us, v.pos) AS way,
               list(v.us ORDER BY v.us, v.pos) AS starts, list(v.last ORDER BY v.us, v.pos) AS lasts,
               any_value(j.until - j.us) > {WINDOW} AS long
        FROM visits v JOIN journeys j USING (journey) WHERE v.type IN {tuple(MODES)} GROUP BY v.journey""",
    # Of journeys longer than the window: each visit as the end of a chain, if one within the window leads to it.
    f"""CREATE TEMP TABLE ended AS
        SELECT journey, type, way, starts, lasts, level, min(ends) AS ends FROM (
            SELECT *, max(level) OVER (PARTITION BY journey) AS most FROM ({EACH_END})
            WHERE coalesce({LAST_TIME} - t1 <= {WINDOW}, false)
              AND (type = 0 OR substr(way, (ends - level + 1)::INT, level::INT) = left('{LETTERS}', level::INT)))
        WHERE level = most GROUP BY ALL""",
    f"""INSERT INTO ended
        SELECT journey, 0, way, starts, lasts, {LEVEL}, {ENDS} FROM ({greedy("FROM ways WHERE type = 0 AND NOT long")}) WHERE p1 > 0""",
    f"""INSERT INTO ended
        SELECT journey, 2, way, starts, lasts, level, instr(way, left('{LETTERS}', level)) + level - 1
        FROM (SELECT *, CASE WHEN contains(way, 'ABCD') THEN 4 WHEN contains(way, 'ABC') THEN 3 WHEN contains(way, 'AB') THEN 2
                             WHEN contains(way, 'A') THEN 1 ELSE 0 END AS level FROM ways WHERE type = 2 AND NOT long) WHERE level > 0""",
    f"CREATE TEMP TABLE chains AS {chain('FROM ended')}",
]

TRANSITIONS = [
    """CREATE TEMP TABLE pairs AS
        SELECT journey, type, k.touch AS into_touch, b.touch AS from_touch, k.chan AS into_chan, b.chan AS from_chan, us - before AS gap
        FROM member m JOIN kinds k USING (kind) JOIN kinds b ON m.kind_before = b.kind""",
]

SAME = f"coalesce(e.us - so.bound <= {10 * MINUTE} OR e.channel = so.channel AND e.us - so.bound <= {60 * MINUTE}, false)"
FRICTIONS = [
    # payment_retry: fail try+ within 30 minutes. From each failure the last try in time; matches do not overlap, so the search
    # goes on behind each: a few steps of recursion over few rows.
    f"""CREATE TEMP TABLE tries AS
        SELECT *, max(place) OVER (PARTITION BY journey ORDER BY us RANGE BETWEEN CURRENT ROW AND {30 * MINUTE} FOLLOWING) AS ends
        FROM (SELECT journey, us, pos, went_wrong, row_number() OVER (PARTITION BY journey ORDER BY us, pos) AS place
              FROM member JOIN kinds USING (kind) WHERE pays)""",
    """CREATE TEMP TABLE matches AS
        WITH RECURSIVE found AS (
            SELECT journey, min(place) AS place, arg_min(ends, place) AS ends FROM tries WHERE went_wrong AND ends > place GROUP BY journey
            UNION ALL
            SELECT t.journey, min(t.place), arg_min(t.ends, t.place) FROM tries t JOIN found f ON t.journey = f.journey AND t.place > f.ends
            WHERE went_wrong AND t.ends > t.place GROUP BY t.journey)
        SELECT 'payment_retry' AS friction, journey FROM found""",
    # error_exit: the last event of a session that is over went wrong.
    f"""INSERT INTO matches
        SELECT 'error_exit', journey
        FROM (SELECT last AS pos FROM sessions WHERE {{as_of}} - until > gap OR {{as_of}} - us > {DAY})
             JOIN member USING (pos) JOIN kinds USING (kind) WHERE went_wrong""",
    # repeat_contact: contact same* again, within 7 days, to_last. An event of the customer is always bound: as `same`, or as
    # `again`, with which the search goes on. What others do is bound where it is `same`, and invisible where not. So a fold over the
    # events of a person and topic needs to know the last bound event, and the customer's last one, and gathers the matches.
    f"""CREATE TEMP TABLE contacts AS
        SELECT list_reduce(list({{'us': us, 'channel': chan, 'asks': customers, 'pos': pos, 'bound': CASE WHEN customers THEN us END,
                                 'asked': CASE WHEN customers THEN us END, 'again': []::BIGINT[]}} ORDER BY us, pos),
                           lambda so, e: {{'us': e.us, 'channel': CASE WHEN e.asks OR {SAME} THEN e.channel ELSE so.channel END, 'asks': e.asks,
                                          'pos': e.pos, 'bound': CASE WHEN e.asks OR {SAME} THEN e.us ELSE so.bound END,
                                          'asked': CASE WHEN e.asks THEN e.us ELSE so.asked END,
                                          'again': CASE WHEN e.asks AND NOT {SAME} AND coalesce(e.us - so.asked <= {7 * DAY}, false)
                                                   THEN list_append(so.again, e.pos) ELSE so.again END}}) AS walked
        FROM events JOIN kinds USING (kind) WHERE assisted AND topic <> 0 GROUP BY person, topic HAVING bool_or(customers)""",
    """INSERT INTO matches
        SELECT 'repeat_contact', journey FROM (SELECT unnest(walked.again) AS pos FROM contacts) JOIN member USING (pos)""",
]


def run(execute, as_of):
    execute(STEP_TABLE, type_kinds(), BUCKETS)
    for statements in (JOURNEYS, VISITS, CHAINS, TRANSITIONS, FRICTIONS):
        execute(*[statement.replace("{as_of}", str(as_of)) for statement in statements])
