"""Feeds a made-up log to one state night by night, and shows whether a night gets dearer as history grows.

    make nights                                   60 nights of 200,000 lines
    python3 Benchmarks/nights.py --events 300000 --nights 10    a quick look

Every night gives sojourn the files that were delivered that day. Printed for each: wall and CPU seconds of the process
(wait4), peak memory, size of the state, how many published cells changed. At the end the median of five nights around
night 5 and of the last five, and a run over everything without a state: its csv/ must be the same bytes.
"""

import argparse
import glob
import json
import os
import re
import shutil
import statistics
import subprocess
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SOJOURN = os.path.join(ROOT, ".build", "release", "sojourn")
FOLDER = os.path.join(ROOT, ".build", "nights")


def measure(command):
    """Wall seconds, CPU seconds and peak MiB of a command; stops if it fails."""
    start = time.monotonic()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        raise SystemExit(f"exit status {child.returncode}: {' '.join(command)}")
    return time.monotonic() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def nightly_log(folder, events, seed=1):
    """A made-up log in a folder, made unless it is there: the path of its pipeline, and its files by day of delivery."""
    log = os.path.join(folder, f"log-{events}-{seed}")
    if not os.path.exists(os.path.join(log, "truth.json")):
        print("making the log …", flush=True)
        measure([SOJOURN, "generate", "retail", "-o", log, "--events", str(events), "--seed", str(seed), "--days-per-file", "1", "--quiet"])
    pipeline = os.path.join(folder, "retail.yaml")
    with open(os.path.join(ROOT, "pipelines", "retail.yaml")) as source, open(pipeline, "w") as target:
        target.write(source.read().replace("../sample-data/", os.path.basename(log) + "/"))
    nights = {}
    for path in sorted(glob.glob(os.path.join(log, "*.ndjson*"))):
        day = re.search(r"-(\d+)\.ndjson", os.path.basename(path))
        if day:
            nights.setdefault(int(day.group(1)), []).append(path)
    return pipeline, nights


def fresh(folder, *names):
    """Paths in a folder at which there is nothing."""
    paths = [os.path.join(folder, name) for name in names]
    for path in paths:
        shutil.rmtree(path, ignore_errors=True)
    return paths


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--events", type=int, default=12_000_000, help="lines of the whole log, which covers about 60 days")
    arguments.add_argument("--nights", type=int, default=1000, help="stop after so many")
    arguments.add_argument("--seed", type=int, default=1)
    options = arguments.parse_args()

    pipeline, nights = nightly_log(FOLDER, options.events, options.seed)
    state, output = fresh(FOLDER, "state", "out")

    walls, files = [], []
    print("night   lines    wall s  CPU s  peak MiB  state MiB  restated cells")
    for night in sorted(nights)[: options.nights]:
        files += nights[night]
        wall, cpu, memory = measure([SOJOURN, "run", pipeline, "-o", output, "--state", state, "--quiet"] + nights[night])
        with open(os.path.join(output, "run.json")) as file:
            lines = json.load(file)["ledger"]["lines"]
        with open(os.path.join(output, "restated.csv")) as file:
            restated = sum(1 for _ in file) - 1
        size = os.path.getsize(os.path.join(state, "state.sqlite")) / 2**20
        walls.append(wall)
        print(f"{len(walls):5d} {lines:8d} {wall:8.2f} {cpu:6.2f} {memory:9.0f} {size:10.0f} {restated:15d}", flush=True)

    early, late = statistics.median(walls[2:7]), statistics.median(walls[-5:])
    print(f"\nmedian of nights 3 to 7: {early:.2f} s; of the last five: {late:.2f} s; ratio {late / early:.2f}")
    wall, cpu, memory = measure([SOJOURN, "run", pipeline, "-o", output + "-whole", "--quiet"] + files)
    print(f"one run over all of it: {wall:.1f} s, {cpu:.1f} s CPU, {memory:.0f} MiB")
    different = subprocess.run(["diff", "-rq", output + "/csv", output + "-whole/csv"], capture_output=True, text=True).stdout
    print("csv/ of the last night and of that run: " + (different or "the same bytes"))
    if different:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
