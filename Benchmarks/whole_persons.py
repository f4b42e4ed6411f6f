"""Who is who, in the whole job in DuckDB (duckdb_whole.py): rules 1 to 3 of pipelines/rules.md, 6, and placeholders.

All of it sees the distinct tuples of three ids, not the events; only shared links are asked event by event.
"""

STITCH = [
    """CREATE TEMP TABLE tuples AS
        SELECT tuple, any_value(customer) AS customer, any_value(email) AS email, any_value(device) AS device
        FROM lines WHERE {usable} GROUP BY tuple""",
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
               CASE WHEN e.partners > 5 THEN 0 ELSE email END AS email, coalesce(e.partners, 0) AS email_partners,
               e.partner AS email_partner,
               CASE WHEN d.partners > 5 THEN 0 ELSE device END AS device, coalesce(d.partners, 0) AS device_partners,
               d.partner AS device_partner
        FROM tuples LEFT JOIN links e ON email = e.link LEFT JOIN links d ON device = d.link""",
    """CREATE TEMP TABLE edges AS SELECT DISTINCT email AS one, device AS other FROM seen WHERE email <> 0 AND device <> 0""",
]
# Groups of linking ids (rule 3): every id takes the least label among those next to it, then its label's label, until nothing
# changes.
LABELS = """CREATE TEMP TABLE labels AS
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
            FROM lines JOIN owners o USING (tuple) JOIN kinds USING (kind_hash)
            WHERE us IS NOT NULL AND o.customer <> 0 AND (o.email IN (SELECT near FROM owners WHERE person IS NULL)
                                                          OR o.device IN (SELECT near FROM owners WHERE person IS NULL)))
        WHERE link <> 0 GROUP BY link, us""",
    """CREATE TEMP TABLE nearest AS
        SELECT n.pos, CASE WHEN b.us IS NULL OR n.us - a.us <= b.us - n.us THEN a.customer ELSE b.customer END AS person
        FROM (SELECT lines.rowid AS pos, us, near AS link FROM lines JOIN owners o USING (tuple)
              WHERE us IS NOT NULL AND person IS NULL) n
        ASOF LEFT JOIN sightings a ON n.link = a.link AND n.us >= a.us
        ASOF LEFT JOIN sightings b ON n.link = b.link AND n.us <= b.us""",
]

COUNTS = """
    SELECT 'customer', count(DISTINCT customer), 0, 0 FROM tuples WHERE customer <> 0 UNION ALL
    SELECT kind, count(*), count(*) FILTER (partners BETWEEN 2 AND 5), count(*) FILTER (partners > 5) FROM links GROUP BY kind"""


def run(execute, ask, usable):
    """Makes `owners` (by tuple) and `nearest` (by event) of `lines` and `kinds`."""
    execute(*[statement.replace("{usable}", usable) for statement in STITCH], LABELS)
    while True:
        execute(*SPREAD)
        changed = ask(CHANGED)
        execute(TURN)
        if not changed:
            break
    execute(*OWNERS)
