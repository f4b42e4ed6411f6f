"""Holds sojourn against DuckDB's whole job on random logs that are worse than any real one. Not part of `make bench`.

    python3 Benchmarks/random_logs.py [SEED ...]         needs .build/bench/venv, which `make bench` makes

Few persons with thousands of events, all in the same few minutes or over two months; many events at the same time; identifiers
that are none, numbers and texts of the same characters, duplicates, long sessions, lines that cannot be used. Two programs
that share no line have to count the same. Shared devices are left out: two customers seen with one at the same microsecond are
told apart by their texts, which DuckDB's job does not keep.
"""

import json
import os
import random
import subprocess
import sys
import time

import compare
import logs
from common import FOLDER, HERE, SOJOURN, measure

PLACES = {
    "web": ["product", "search", "home", "cart", "checkout/address", "checkout/payment", "order/confirmed", "register", "register/verify",
            "profile", "help", "help/returns"],
    "app": ["product", "cart", "checkout/address", "checkout/payment", "order/confirmed", "profile", "help", "register"],
    "chat": ["chat/bot", "chat/agent", "chat/form"], "phone": ["phone/menu", "phone/queue", "phone/agent", "order/confirmed"],
    "email": ["mail/verify", "mail/offer"], "store": ["store/till", "store/pickup"]}
ACTIONS = ["view", "submit", "pay", "cancel", "answer", None, "click"]
OUTCOMES = ["ok", "error", "declined", "timeout", "resolved", None, "late", "no-results"]
NO_IDS = ["guest", " Anonymous ", "0000", "", "-1", None, "\\N", "[object Object]"]
BAD = ['{"a":1', "[1]", '{"time":"2026-03-01 at noon","customer":"x","channel":"web","touchpoint":"x"}',
       '{"time":"2026-03-01T10:00:00","customer":"x","channel":"web","touchpoint":"x"}']
START = 1_772_325_081


def text_of(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def lines(drawn):
    span, grid, persons = drawn.choice([3, 20, 60]) * 86_400, drawn.choice([1, 10, 60, 600]), drawn.choice([20, 200, 1000])
    for index in range(30_000):
        person, channel = drawn.randrange(persons), drawn.choices(list(PLACES), [6, 3, 2, 2, 1, 1])[0]
        number = 9_007_199_254_740_000 + person
        record = {"time": text_of(START + drawn.randrange(span) // grid * grid), "channel": channel, "touchpoint": drawn.choice(PLACES[channel]),
                  "id": f"i{index if drawn.random() < 0.98 else drawn.randrange(index + 1)}", "action": drawn.choice(ACTIONS),
                  "outcome": drawn.choice(OUTCOMES)}
        if drawn.random() < 0.3:
            record["by"] = drawn.choice(["agent", "system", "customer", "Agent", ""])
        if drawn.random() < 0.4:
            record["customer"] = drawn.choice([number, str(number)]) if drawn.random() < 0.97 else drawn.choice(NO_IDS)
        if drawn.random() < 0.6:
            record["device"] = f"ck_{person}" if drawn.random() < 0.97 else drawn.choice(["till-1", "unknown"])
        if drawn.random() < 0.15:
            record["email"] = f"mail-hash-of-{person}"
        if drawn.random() < 0.5:
            record["topic"] = drawn.choice(["a", "b", 7, "7"])
        yield json.dumps(record)
    for index in range(3000):  # sessions of days, which `max_length` cuts
        yield json.dumps({"time": text_of(START + index * 1000), "id": f"long{index}", "channel": drawn.choice(["web", "app"]),
                          "touchpoint": drawn.choice(PLACES["app"]), "action": "view", "customer": f"long{index % 2}"})
    yield from BAD


def main():
    log = os.path.join(FOLDER, "random")
    os.makedirs(log, exist_ok=True)
    ours, theirs = os.path.join(FOLDER, "out-random-sojourn"), os.path.join(FOLDER, "out-random-whole")
    python = os.path.join(FOLDER, "venv", "bin", "python")
    for seed in map(int, sys.argv[1:] or range(1, 6)):
        drawn = random.Random(seed)
        made = list(lines(drawn))
        drawn.shuffle(made)
        subprocess.run(["zstd", "-q", "-f", "-o", os.path.join(log, "all.ndjson.zst")], input="\n".join(made).encode(), check=True)
        measure([SOJOURN, "run", logs.pipelines(log)["sojourn"], "-o", ours, "--quiet", "--max-rejects", "60%"])
        measure([python, os.path.join(HERE, "duckdb_whole.py"), log, theirs])
        print(f"seed {seed}")
        compare.whole(ours, theirs, python)


if __name__ == "__main__":
    main()
