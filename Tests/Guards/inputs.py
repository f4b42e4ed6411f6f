"""The six inputs of guards.py: a log in plain text, so that no decompressor's choice of instructions counts, and its pipeline.

Each makes one stage the dearest of its run. All is arithmetic on the number of the line; nothing is drawn.
"""

import json

FIRST = 1772323200  # 2026-03-01T00:00:00Z
DAY = 86400

# A pipeline of one source, and the fields that it maps besides those which every log has. Of a field that no line had a run would
# look for the name that was meant, and that is no stage's work.
PIPELINE = """
version: 1
name: %s
sources:
  - name: log
    input: log.ndjson
    time_unit: s
    fields: {time: t, channel: c, touchpoint: p, %s}
identity: {known: [customer], linking: [device, email], max_known: 5}
channels:
  web: {kind: self-service, owner: digital, gap: 30m}
  app: {kind: self-service, owner: digital, gap: 30m}
  chat: {kind: assisted, owner: contact, gap: 1h, response_sla: 5m}
  phone: {kind: assisted, owner: contact, gap: 2h}
  email: {kind: outbound, owner: crm}
error_outcomes: [error]
"""

PURCHASE = """
journeys:
  - name: purchase
    start: 'touchpoint == "product"'
    goal: 'touchpoint == "confirmed"'
    inactivity: 7d
    steps:
      - {name: browse, match: 'touchpoint in ["product", "search"]', owner: digital, sla: 1d}
      - {name: cart, match: 'touchpoint == "cart"', owner: digital, sla: 1d}
      - {name: pay, match: 'touchpoint == "payment"', owner: payments, sla: 15m}
      - {name: done, match: 'touchpoint == "confirmed"', owner: payments}
    funnel: {window: 7d, mode: ordered}
"""


def mixed(number):
    """A number that looks like none that came before it: 64 bits, by the finalizer of splitmix64."""
    number = (number + 1) * 0x9E3779B97F4A7C15 & (1 << 64) - 1
    number = (number ^ number >> 30) * 0xBF58476D1CE4E5B9 & (1 << 64) - 1
    number = (number ^ number >> 27) * 0x94D049BB133111EB & (1 << 64) - 1
    return number ^ number >> 31


def scan():
    """Wide lines: two kilobytes of objects, lists, numbers, escapes and umlauts that nobody maps."""
    lines = []
    for number in range(3000):
        fields = {f"field_{place}": {"text": f"Größe \\ \"{mixed(number) % 97}\"\n" * 2, "list": [place, -1.5e3, None, True, "plain text"]}
                  for place in range(16)}
        lines.append({**fields, "t": FIRST + number * 60, "c": "web", "p": "search", "u": f"c{number % 100}"})
    return PIPELINE % ("scan", "ids: {customer: u}"), lines


def intern():
    """Short lines of which each has three ids, an event id and a text that no other line has."""
    lines = [{"t": FIRST + number, "c": "web", "p": "search", "e": f"{mixed(number):x}", "u": f"c{mixed(number) >> 8}",
              "d": f"d{mixed(number) >> 9}", "m": f"m{mixed(number) >> 10}", "x": f"x{mixed(number) >> 11}"} for number in range(25000)]
    return PIPELINE % ("intern", "event_id: e, ids: {customer: u, device: d, email: m}, attributes: {x: x}"), lines


def stitch():
    """Devices and mail addresses that hang together in long chains, seen with a customer here and there."""
    lines = []
    for number in range(30000):
        chain, link = number % 400, number // 400
        line = {"t": FIRST + number, "c": "web", "p": "search", "d": f"d{chain}.{link // 2}", "m": f"m{chain}.{(link + 1) // 2}"}
        lines.append({**line, "u": f"c{chain}.{link}"} if mixed(number) % 16 == 0 else line)
    return PIPELINE % ("stitch", "ids: {customer: u, device: d, email: m}"), lines


def fold():
    """Few customers with many sessions, journeys and visits."""
    places = ["product", "search", "cart", "product", "cart", "payment", "payment", "confirmed"]
    lines = [{"t": FIRST + number * 97, "c": ["web", "app"][number // 800 % 2], "p": places[mixed(number) % 8], "u": f"c{number % 40}"}
             for number in range(20000)]
    return PIPELINE % ("fold", "ids: {customer: u}") + PURCHASE, lines


def rules():
    """What the eighteen shipped rules look for, again and again."""
    places, actions = ["product", "cart", "payment", "confirmed", "help", "bot"], ["view", "click", "submit", "ask", "answer", "escalate"]
    lines = []
    for number in range(12000):
        dice = mixed(number)
        lines.append({
            "t": FIRST + number * 61, "c": ["web", "app", "chat", "phone", "email"][dice % 5], "p": places[(dice >> 8) % 6],
            "a": actions[(dice >> 16) % 6], "o": ["ok", "error", "declined", "no-results", "resolved"][(dice >> 24) % 5],
            "by": ["customer", "customer", "agent", "system"][dice >> 32 & 3], "u": f"c{number % 60}", "topic": f"t{dice >> 40 & 1}",
            "order": f"o{dice >> 41 & 3}", "item": f"i{dice >> 43 & 3}", "price": dice >> 45 & 3, "agent": f"a{dice >> 47 & 3}",
            "team": f"team {dice >> 49 & 3}", "target": f"b{dice >> 51 & 1}"})
    fields = ("action: a, outcome: o, initiator: by, ids: {customer: u}, "
              "attributes: {topic: topic, order: order, item: item, price: price, agent: agent, team: team, target: target}")
    return PIPELINE % ("rules", fields) + PURCHASE + "frictions: {include: [standard]}\n", lines


def tables():
    """Many touchpoints on many days: most cells are met once or twice."""
    lines = [{"t": FIRST + number * 400, "c": ["web", "app"][mixed(number) % 2], "p": f"page {mixed(number) % 800}", "u": f"c{number % 700}"}
             for number in range(8000)]
    return PIPELINE % ("tables", "ids: {customer: u}") + PURCHASE.replace("'touchpoint == \"product\"'", "'channel == \"web\"'", 1), lines


INPUTS = {"scan": scan, "intern": intern, "stitch": stitch, "fold": fold, "rules": rules, "tables": tables}


def write(name, folder):
    """Writes pipeline.yaml and log.ndjson into a folder."""
    pipeline, lines = INPUTS[name]()
    with open(f"{folder}/pipeline.yaml", "w", encoding="utf-8") as file:
        file.write(pipeline)
    with open(f"{folder}/log.ndjson", "w", encoding="utf-8") as file:
        file.writelines(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
