"""Streams web events at a steady rate to a state that holds a large history, and shows how long a line waits to be published.

    make stream                                   50,000 lines/s for 38 s on a state of 10.7 million lines, --every 1s
    python3 Benchmarks/stream.py --events 300000 --rate 2000 --seconds 5    a quick look

The state is made of the first forty days of a made-up log. What is streamed are web events of the days behind them, their times
set so that the log goes on from its end in real time. A commit's latency is the time from the moment at which its last line was
written into the pipe until sojourn says that it is published: the wait for the interval's end is part of it.
"""

import argparse
import bisect
import datetime
import json
import os
import re
import subprocess
import threading
import time

from nights import ROOT, SOJOURN, fresh, measure, nightly_log

FOLDER = os.path.join(ROOT, ".build", "stream")
BASE_DAYS = 40
TIME = re.compile(rb'^\{"ts":"([^"]*)"')
CHUNKS_A_SECOND = 20


def utc(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def feed(paths, start, rate, count):
    """Whole lines whose times begin at `start`, so many a second."""
    lines = []
    for path in paths:
        with subprocess.Popen(["zstd", "-dcq", path], stdout=subprocess.PIPE) as unpacked:
            for line in unpacked.stdout:
                if not (found := TIME.match(line)):
                    continue
                moment = datetime.datetime.fromtimestamp(start + len(lines) / rate, datetime.timezone.utc)
                text = moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03}Z"
                lines.append(b'{"ts":"' + text.encode() + line[found.end(1):])
                if len(lines) == count:
                    unpacked.kill()
                    return lines
    return lines


def quantile(sorted_values, share):
    return sorted_values[min(len(sorted_values) - 1, int(len(sorted_values) * share))]


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--events", type=int, default=16_000_000, help="lines of the whole log; the state gets two thirds of them")
    arguments.add_argument("--rate", type=int, default=50_000, help="lines a second")
    arguments.add_argument("--seconds", type=int, default=38)
    options = arguments.parse_args()

    pipeline, days = nightly_log(FOLDER, options.events)
    state, output = fresh(FOLDER, "state", "out")
    run = [SOJOURN, "run", pipeline, "--state", state, "-o", output]
    wall, _, _ = measure(run + ["--quiet"] + [path for day in sorted(days) if day < BASE_DAYS for path in days[day]])
    with open(os.path.join(output, "run.json")) as file:
        before = json.load(file)
    print(f"state: {before['total']['lines']:,} lines in {wall:.0f} s, as of {before['as_of']}", flush=True)
    web = [path for day in sorted(days) if day >= BASE_DAYS for path in days[day] if "/web-" in path]
    lines = feed(web, utc(before["as_of"]) + 1, options.rate, options.rate * options.seconds)

    child = subprocess.Popen(run + ["-", "--source", "web", "--every", "1s"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    commits = []
    reader = threading.Thread(target=lambda: commits.extend((time.monotonic(), line) for line in child.stdout))
    reader.start()
    written, step, start = [], max(1, options.rate // CHUNKS_A_SECOND), time.monotonic()
    for first in range(0, len(lines), step):
        child.stdin.write(b"".join(lines[first:first + step]))
        child.stdin.flush()
        written.append((min(first + step, len(lines)), time.monotonic()))
        time.sleep(max(0, start + written[-1][0] / options.rate - time.monotonic()))
    seconds = time.monotonic() - start
    child.stdin.close()
    if child.wait() != 0:
        raise SystemExit(f"exit status {child.returncode}")
    reader.join()

    counts, latencies = [count for count, _ in written], []
    for moment, line in commits:
        place = bisect.bisect_left(counts, json.loads(line)["lines"])
        latencies.append(moment - written[min(place, len(written) - 1)][1])
    latencies.sort()
    print(f"{len(lines):,} lines written in {seconds:.1f} s, wanted {options.seconds} s; {len(commits)} commits")
    print(f"latency of a commit: p50 {quantile(latencies, 0.5):.2f} s, p99 {quantile(latencies, 0.99):.2f} s (target: p99 1 s)")


if __name__ == "__main__":
    main()
