"""The small job of the benchmark in Polars: as duckdb_job.py, in Polars' own ways.

    python polars_job.py LOG_FOLDER OUTPUT_FOLDER

Lazy frames over the files, only the columns that are needed, persons as 64-bit hashes, one sort for sessions and dwell times.
Polars stops at a line that is no JSON: the benchmark gives it a copy of the log without them. It leaves out what
duckdb_job.py leaves out.
"""

import json
import os
import sys
import time

import polars as pl

LOG, OUT = sys.argv[1], sys.argv[2]
SINGLE = os.path.exists(os.path.join(LOG, "all.ndjson.zst"))
TEXT = pl.String
SECOND = 1_000_000


def texts(*names):
    return pl.Struct({name: TEXT for name in names})


def instant(field):
    return pl.col(field).str.to_datetime("%+", time_unit="us", time_zone="UTC", strict=False).dt.timestamp("us")


def field(path):
    outer, *inner = path.split(".")
    return pl.col(outer).struct.field(inner[0]) if inner else pl.col(outer)


def source(files, schema, us, channel, touchpoint, initiator, *persons):
    return pl.scan_ndjson(f"{LOG}/{files}", schema=schema, ignore_errors=True).select(
        us.alias("us"), channel.alias("channel"), field(touchpoint).alias("touchpoint"), field(initiator).alias("initiator"),
        pl.coalesce(*(field(one) for one in persons)).alias("person"))


def many():
    return [
        source("web-*.ndjson.zst", {"ts": TEXT, "page": TEXT, "by": TEXT, "user": texts("id", "email_hash"), "device": texts("cookie")},
               instant("ts"), pl.lit("web"), "page", "by", "user.id", "device.cookie", "user.email_hash"),
        source("app-*.ndjson.zst", {"t": TEXT, "app": texts("channel"), "screen": TEXT, "payload": texts("actor"), "account": TEXT,
                                    "mail": TEXT, "install": TEXT},
               pl.col("t").cast(pl.Int64, strict=False) * 1000, field("app.channel"), "screen", "payload.actor",
               "account", "install", "mail"),
        source("contact-*.ndjson.gz", {"at": TEXT, "interaction": texts("medium", "stage"), "who": TEXT,
                                       "customer": texts("number", "email", "visitor")},
               instant("at"), field("interaction.medium"), "interaction.stage", "who",
               "customer.number", "customer.visitor", "customer.email"),
        source("email-*.ndjson.zst", {"time": TEXT, "message": texts("template"), "actor": TEXT, "to": texts("customer", "hash")},
               instant("time"), pl.lit("email"), "message.template", "actor", "to.customer", "to.hash"),
        source("store-*.ndjson", {"sec": TEXT, "desk": TEXT, "by": TEXT, "card": TEXT},
               pl.col("sec").cast(pl.Int64, strict=False) * SECOND, pl.lit("store"), "desk", "by", "card"),
    ]


def one():
    names = ("time", "channel", "touchpoint", "by", "customer", "device", "email")
    frame = pl.scan_ndjson(f"{LOG}/all.ndjson.zst", schema={name: TEXT for name in names}, ignore_errors=True)
    known = pl.when(pl.col("customer") != "").then(pl.col("customer"))
    return [frame.select(instant("time").alias("us"), "channel", "touchpoint", pl.col("by").alias("initiator"),
                         pl.when(pl.col("channel") == "store").then(known).otherwise(pl.coalesce(known, "device", "email")).alias("person"))]


FUNNEL = ["product", "cart", "checkout/payment", "order/confirmed"]


def read():
    frame = pl.concat(one() if SINGLE else many()).filter(
        pl.all_horizontal(pl.col("us", "channel", "touchpoint", "person").is_not_null()), pl.col("person") != "")
    customer = pl.col("initiator").is_null() | (pl.col("initiator") == "customer")
    return frame.select("us", pl.col("channel").cast(pl.Categorical), pl.col("touchpoint").cast(pl.Categorical),
                        ((pl.col("channel") != "email") & customer).alias("own"), pl.col("person").hash().alias("person")).collect(
                            engine="streaming")


def sort(events):
    gap = pl.col("channel").cast(TEXT).replace_strict({"chat": 3600 * SECOND, "phone": 7200 * SECOND, "store": 7200 * SECOND},
                                                      default=1800 * SECOND, return_dtype=pl.Int64)
    same = (pl.col("person") == pl.col("person").shift()) & (pl.col("channel") == pl.col("channel").shift())
    stays = events.lazy().filter("own").sort("person", "channel", "us").with_columns(
        (~(same & (pl.col("us") - pl.col("us").shift() <= gap)).fill_null(False)).alias("first"))
    return stays.with_columns(pl.col("first").cum_sum().alias("session"), pl.col("first").shift(-1, fill_value=True).alias("last"),
                              (pl.col("us").shift(-1) - pl.col("us")).alias("dwell")).collect()


def sessions(stays):
    by_session = stays.lazy().group_by("session").agg(pl.col("channel", "person").first(), pl.len().alias("events"),
                                                      (pl.col("us").last() - pl.col("us").first()).alias("duration"))
    return by_session.group_by("channel").agg(
        pl.len().alias("sessions"), pl.col("events").sum().alias("events"), pl.col("person").n_unique().alias("persons"),
        (pl.col("events") == 1).sum().alias("bounces"), (pl.col("duration").quantile(0.5) / 1e6).alias("duration_p50_seconds"),
        (pl.col("duration").quantile(0.9) / 1e6).alias("duration_p90_seconds")).sort(pl.col("channel").cast(TEXT)).collect()


def dwell(stays):
    return stays.lazy().filter(~pl.col("last")).group_by("channel", "touchpoint").agg(
        pl.len().alias("visits"), (pl.col("dwell").quantile(0.5) / 1e6).alias("dwell_p50_seconds"),
        (pl.col("dwell").quantile(0.9) / 1e6).alias("dwell_p90_seconds")).sort(
            pl.col("channel").cast(TEXT), pl.col("touchpoint").cast(TEXT)).collect()


def funnel(events):
    steps = events.filter(pl.col("touchpoint").cast(TEXT).is_in(FUNNEL))
    before, reached = None, []
    for name in FUNNEL:
        here = steps.lazy().filter(pl.col("touchpoint") == name).select("person", "us")
        if before is not None:
            here = here.join(before.lazy(), on="person").filter(pl.col("us") >= pl.col("since")).select("person", "us")
        before = here.group_by("person").agg(pl.col("us").min().alias("since")).collect()
        reached.append(before.height)
    return pl.DataFrame({"step_index": list(range(1, len(FUNNEL) + 1)), "step": FUNNEL, "reached": reached})


def traffic(events):
    return events.lazy().group_by(pl.from_epoch("us", time_unit="us").dt.date().alias("day"), "channel").agg(
        pl.len().alias("events")).sort("day", pl.col("channel").cast(TEXT)).collect()


def main():
    os.makedirs(OUT, exist_ok=True)
    stages = []

    def timed(name, work):
        start, cpu = time.monotonic(), time.process_time()
        result = work()
        stages.append({"stage": name, "wall_seconds": time.monotonic() - start, "cpu_seconds": time.process_time() - cpu})
        return result

    events = timed("read", read)
    stays = timed("sort", lambda: sort(events))
    for name, work in (("sessions", lambda: sessions(stays)), ("dwell", lambda: dwell(stays)), ("funnel", lambda: funnel(events)),
                       ("traffic", lambda: traffic(events))):
        timed(name, lambda: work().write_csv(f"{OUT}/{name}.csv"))
    with open(f"{OUT}/run.json", "w") as file:
        json.dump({"version": pl.__version__, "events": events.height, "stages": stages}, file)


main()
