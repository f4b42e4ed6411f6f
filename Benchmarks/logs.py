"""The logs of the benchmark, and the pipelines that read them. Each is made once and kept in .build/bench.

- many files: `sojourn generate retail`, five systems, five shapes, zstd, gzip and plain
- one file: the same lines in one shape, in the same order, in one frame of zstd
- without lines that are no JSON: for Polars, which cannot pass over them
"""

import gzip
import json
import multiprocessing
import os
import shutil
import subprocess
import sys
import time

from common import FOLDER, PARSER, ROOT, SOJOURN, CORES, measure

# Where retail.yaml finds the fields of the five sources; a dotted path each. In the order of the pipeline: position breaks ties.
SOURCES = {
    "web": {"time": "ts", "id": "id", "touchpoint": "page", "action": "event", "outcome": "result", "price": "props.price", "by": "by",
            "customer": "user.id", "email": "user.email_hash", "device": "device.cookie", "topic": "props.topic",
            "order": "props.order_id", "item": "props.sku", "target": "props.target", "client": "ctx.ua"},
    "app": {"time": "t", "id": "eid", "channel": "app.channel", "touchpoint": "screen", "action": "payload.verb",
            "outcome": "payload.status", "price": "payload.article.price", "by": "payload.actor", "customer": "account", "email": "mail",
            "device": "install", "topic": "payload.about", "order": "payload.order.number", "item": "payload.article.sku",
            "target": "payload.tapped", "client": "ctx.os"},
    "contact": {"time": "at", "id": "interaction.id", "channel": "interaction.medium", "touchpoint": "interaction.stage", "action": "did",
                "outcome": "disposition", "price": "case.price", "by": "who", "customer": "customer.number", "email": "customer.email",
                "device": "customer.visitor", "topic": "case.topic", "order": "case.order", "item": "case.sku", "agent": "desk.agent",
                "team": "desk.team"},
    "email": {"time": "time", "id": "message.id", "touchpoint": "message.template", "action": "kind", "outcome": "status", "by": "actor",
              "value": "score", "customer": "to.customer", "email": "to.hash", "order": "order", "team": "team"},
    "store": {"time": "sec", "id": "receipt", "touchpoint": "desk", "action": "op", "outcome": "state", "price": "eur", "by": "by",
              "customer": "card", "device": "till", "topic": "topic", "order": "order", "item": "article"},
}
CHANNELS = {"web": "web", "email": "email", "store": "store"}  # the others' lines say it themselves

SINGLE_SOURCE = """sources:
  - name: all
    input: {input}
    fields:
      time: time
      event_id: id
      channel: channel
      touchpoint: touchpoint
      action: action
      outcome: outcome
      value: {{first: [price, value]}}
      initiator: by
      ids: {{customer: customer, email: email, device: device}}
      attributes:
        topic: topic
        order: order
        item: item
        price: price
        target: target
        agent: agent
        team: team
        device: {{path: client, match: [{{like: 'iPhone|^iOS', to: iPhone}}, {{like: Android, to: Android}}, {{like: ., to: desktop}}]}}

"""

# The small job, with the same persons as the small jobs of the others: no stitching, no duplicates, one journey a person.
SMALL = """version: 1
name: small
sources:
{sources}
identity: {{known: [person], block_defaults: false}}
channels:
  web:   {{kind: self-service, gap: 30m}}
  app:   {{kind: self-service, gap: 30m}}
  chat:  {{kind: assisted, gap: 1h}}
  phone: {{kind: assisted, gap: 2h}}
  store: {{kind: assisted, gap: 2h}}
  email: {{kind: outbound}}
journeys:
  - name: shopping
    goal: 'touchpoint == "order/confirmed" && channel == "email"'   # none: a person is one journey, as in the other small jobs
    inactivity: 3650d
    steps:
      - {{name: product, match: 'touchpoint == "product"'}}
      - {{name: cart, match: 'touchpoint == "cart"'}}
      - {{name: payment, match: 'touchpoint == "checkout/payment"'}}
      - {{name: confirmed, match: 'touchpoint == "order/confirmed"'}}
"""
SMALL_PERSONS = {  # customer number, else device, else e-mail hash; a till is nobody
    "web": ["user.id", "device.cookie", "user.email_hash"], "app": ["account", "install", "mail"],
    "contact": ["customer.number", "customer.visitor", "customer.email"], "email": ["to.customer", "to.hash"], "store": ["card"],
    "all": ["customer", "{path: device, match: [{like: ^till-, to: ''}]}", "email"]}
PATTERNS = {"web": "web-*.ndjson.zst", "app": "app-*.ndjson.zst", "contact": "contact-*.ndjson.gz", "email": "email-*.ndjson.zst",
            "store": "store-*.ndjson"}


def log_files(log):
    """The files of a log in the order of the pipeline's sources and of their names."""
    names = sorted(name for name in os.listdir(log) if ".ndjson" in name and not name.startswith("truth"))
    order = list(SOURCES)
    return [os.path.join(log, name) for name in sorted(names, key=lambda name: (order + ["all"]).index(name.split("-")[0].split(".")[0]))]


def open_text(path):
    """The lines of a file as bytes."""
    if path.endswith(".gz"):
        return gzip.open(path, "rb")
    if path.endswith(".zst"):
        return subprocess.Popen(["zstd", "-qdc", path], stdout=subprocess.PIPE).stdout
    return open(path, "rb")


def once(path, make, said):
    """Makes a folder if it is not there, under another name until it is whole."""
    if not os.path.exists(path):
        print(f"Making {said} ...", flush=True)
        shutil.rmtree(path + ".part", ignore_errors=True)
        os.makedirs(path + ".part")
        make(path + ".part")
        os.rename(path + ".part", path)
    return path


def many(events):
    def make(folder):
        measure([SOJOURN, "generate", "retail", "-o", folder, "--events", str(events)])
    return once(os.path.join(FOLDER, f"retail-{events}"), make, f"a log of {events} lines")


def clean(log):
    """The log without the lines that are no JSON object, compressed as before."""
    def make(folder):
        for path in log_files(log):
            target = os.path.join(folder, os.path.basename(path))
            packer = ["zstd", "-q", "-c"] if path.endswith(".zst") else ["gzip", "-c"] if path.endswith(".gz") else ["cat"]
            with open(target, "wb") as file:
                parser = subprocess.Popen([PARSER, "--clean", path], stdout=subprocess.PIPE)
                subprocess.run(packer, stdin=parser.stdout, stdout=file, check=True)
                if parser.wait():
                    sys.exit(f"bench: {path} cannot be cleaned")
    return once(log + "-clean", make, "its copy without lines that are no JSON")


def take(record, path):
    """Takes a value out of nested objects; None where it is not there."""
    *outer, last = path.split(".")
    for name in outer:
        record = record.get(name)
        if not isinstance(record, dict):
            return None
    return record.pop(last, None)


def in_words(number, unit):
    """RFC 3339 with milliseconds of a number of seconds or milliseconds; what is no number stays."""
    if not isinstance(number, int):
        return number
    seconds, rest = divmod(number, 1000) if unit == "ms" else (number, 0)
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds)) + f".{rest:03d}Z"


def convert(job):
    """Writes the lines of a file in the one shape. Lines that are no JSON object stay as they are."""
    path, target = job
    source = os.path.basename(path).split("-")[0]
    fields, channel = SOURCES[source], CHANNELS.get(source)
    with open_text(path) as lines, open(target, "wb") as output:
        for line in lines:
            try:
                record = json.loads(line.decode())
            except ValueError:
                record = None
            if not isinstance(record, dict):
                output.write(line)
                continue
            made = {name: take(record, path) for name, path in fields.items()}
            if source in ("app", "store"):
                made["time"] = in_words(made["time"], "ms" if source == "app" else "s")
            if channel:
                made["channel"] = channel
            made = {name: value for name, value in made.items() if value is not None}
            made["extra"] = {name: value for name, value in record.items() if value not in (None, {})}
            output.write(json.dumps(made, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")


def single(log):
    """The log in one shape and one file: one frame of zstd."""
    def make(folder):
        parts = [(path, os.path.join(folder, f"part-{index:03d}")) for index, path in enumerate(log_files(log))]
        with multiprocessing.Pool(CORES) as pool:
            pool.map(convert, parts, chunksize=1)
        with open(os.path.join(folder, "all.ndjson.zst"), "wb") as file:
            text = subprocess.Popen(["cat"] + [part for _, part in parts], stdout=subprocess.PIPE)
            subprocess.run(["zstd", "-q", "-c"], stdin=text.stdout, stdout=file, check=True)
        for _, part in parts:
            os.remove(part)
    return once(log + "-single", make, "its copy in one file")


def pipelines(log):
    """Writes the pipelines of a log beside it: everything that retail.yaml has, and the small job. Returns their paths."""
    name = os.path.basename(log)
    with open(os.path.join(ROOT, "pipelines", "retail.yaml"), encoding="utf-8") as file:
        whole = file.read()
    if os.path.exists(os.path.join(log, "all.ndjson.zst")):
        head, rest = whole.split("sources:\n", 1)
        here = head + SINGLE_SOURCE.format(input=f"{name}/all.ndjson.zst") + rest[rest.index("identity:"):]
        inputs = {"all": "all.ndjson.zst"}
    else:
        here = whole.replace("../sample-data/", name + "/")
        inputs = PATTERNS
        if here == whole:
            sys.exit("bench: pipelines/retail.yaml has no input in ../sample-data/ to point elsewhere")
    paths = {"sojourn": log + ".yaml", "small": log + "-small.yaml"}
    with open(paths["sojourn"], "w", encoding="utf-8") as file:
        file.write(here)
    with open(paths["small"], "w", encoding="utf-8") as file:
        file.write(SMALL.format(sources="\n".join(small_source(source, f"{name}/{pattern}") for source, pattern in inputs.items())))
    return paths


def small_source(source, pattern):
    fields = SOURCES.get(source) or {name: name for name in ("time", "channel", "touchpoint", "by")}
    channel = f"channel: {fields['channel']}" if "channel" in fields else f"channel: {{value: {source}}}"
    return f"""  - name: {source}
    input: {pattern}
    fields: {{time: {fields['time']}, {channel}, touchpoint: {fields['touchpoint']}, initiator: {fields['by']},
             ids: {{person: {{first: [{', '.join(SMALL_PERSONS[source])}]}}}}}}"""
