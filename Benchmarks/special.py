"""Logs that are made to be dear: does anything grow faster than the log?

Three of them have a million lines, as has an ordinary one, in which each person has one journey of twenty events, and are run in
turns with it: one person with all events; journeys of 100,000 events; 10,000 touchpoints. And one by itself: 600,000 lines
whose touchpoint is a raw address, 400,000 different ones. Made by counting, so always the same bytes.
"""

import os
import subprocess

from common import FOLDER, SOJOURN

START = 1_767_225_600  # 2026-01-01T00:00:00Z
STEPS = 20  # events from a journey's start to its goal

PIPELINE = """version: 1
name: {name}
sources:
  - name: web
    input: {name}.ndjson.zst
    constants: {{channel: web}}
    fields: {{time: t, touchpoint: at, action: did, outcome: went, ids: {{customer: who, device: with}}, attributes: {{topic: topic, item: item}}}}
identity: {{known: [customer], linking: [device]}}
channels:
  web: {{kind: self-service, owner: digital}}
journeys:
  - name: visit
    start: '{start}'
    goal: '{goal}'
    inactivity: 7d
    steps:
      - {{name: start, match: '{start}', owner: digital}}
      - {{name: middle, match: '{middle}', owner: digital, sla: 10m}}
      - {{name: goal, match: '{goal}', owner: digital}}
frictions: {{include: [standard]}}
"""
WORDS = {"start": 'touchpoint == "start"', "middle": 'touchpoint.startsWith("page/1")', "goal": 'touchpoint == "goal"'}
ADDRESSES = {"start": 'touchpoint.startsWith("/shop/item/1")', "middle": 'touchpoint.startsWith("/shop/item/2")',
             "goal": 'touchpoint.startsWith("/shop/item/99")'}
OUTCOMES = ["ok", "ok", "error", "ok", "ok", "ok", "no-results"]
ACTIONS = ["view", "view", "click", "submit", "view"]


def event(person, place, touchpoint):
    """One a minute of each person, who begin a second apart; text rather than json.dumps, for speed."""
    at = START + person % 86_400 + 60 * place
    number = 31 * person + place
    return (f'{{"t":{at},"at":"{touchpoint}","did":"{ACTIONS[number % 5]}","went":"{OUTCOMES[number % 7]}","who":"c{person}",'
            f'"with":"d{person}","topic":"t{number % 9}","item":"i{number % 97}"}}\n')


def page(place, length, pages, person):
    """What an event of a journey of so many events is at."""
    inside = place % length
    return "start" if inside == 0 else "goal" if inside == length - 1 else f"page/{(7 * person + inside) % pages}"


def lines(name, count):
    """The lines of a log, by its name."""
    persons, length, pages = {
        "ordinary": (count // 20, STEPS, 18), "million": (1, STEPS, 18),
        "journey": (max(1, count // 100_000), max(STEPS, min(count, 100_000)), 18), "touchpoints": (count // 20, STEPS, 10_000)}[name]
    each = count // persons
    for person in range(persons):
        for place in range(each):
            yield event(person, place, page(place, length, pages, person))


def addresses(count):
    """Raw addresses: two thirds as many as lines."""
    for number in range(count):
        person, place = divmod(number, 20)
        address = number if number < count * 2 // 3 else number - count * 2 // 3
        yield event(person, place, f"/shop/item/{address * 7919 % 1_000_003}?session={address:x}&from=mail")


def make(name, count, source, words=WORDS):
    """Writes the log and its pipeline unless they are there, and returns the pipeline's path."""
    path = os.path.join(FOLDER, f"{name}-{count}")
    if not os.path.exists(path + ".ndjson.zst"):
        print(f"Making a log of {count} lines: {name} ...", flush=True)
        with open(path + ".part", "wb") as file:
            packer = subprocess.Popen(["zstd", "-q", "-c"], stdin=subprocess.PIPE, stdout=file)
            for line in source:
                packer.stdin.write(line.encode())
            packer.stdin.close()
            packer.wait()
        os.rename(path + ".part", path + ".ndjson.zst")
    with open(path + ".yaml", "w", encoding="utf-8") as file:
        file.write(PIPELINE.format(name=os.path.basename(path), **words))
    return path + ".yaml"


def commands(count):
    """The runs of the special logs, by name; `ordinary` is what the others are held against."""
    found = {name: make(name, count, lines(name, count)) for name in ("ordinary", "million", "journey", "touchpoints")}
    urls = count * 6 // 10
    found["addresses"] = make("addresses", urls, addresses(urls), ADDRESSES)
    return {name: [SOJOURN, "run", path, "-o", os.path.join(FOLDER, "out-" + name), "--quiet"] for name, path in found.items()}
