"""What the parts of the benchmark share: places, the clock, and what a run left behind."""

import csv
import json
import os
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
HERE = os.path.join(ROOT, "Benchmarks")
SOJOURN = os.path.join(ROOT, ".build", "release", "sojourn")
FOLDER = os.path.join(ROOT, ".build", "bench")
PARSER = os.path.join(FOLDER, "parse_floor")
CORES = len(os.sched_getaffinity(0))


def measure(command):
    """Runs a command and returns its wall seconds, CPU seconds and peak MiB; stops the benchmark if it fails.

    The figures are those of the child process and its children as the kernel counts them (wait4). A child counts this process'
    memory as its own until it is another program, so peaks below some 20 MiB are ours.
    """
    with open(os.path.join(FOLDER, "last-output.txt"), "w+b") as output:
        start = time.monotonic()
        child = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, cwd=FOLDER)
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.monotonic() - start
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            output.seek(0)
            sys.stderr.write(output.read()[-4000:].decode(errors="replace"))
            sys.exit(f"bench: {' '.join(command)[:200]} ended with status {child.returncode}")
    return {"wall": wall, "cpu": usage.ru_utime + usage.ru_stime, "rss": usage.ru_maxrss / 1024}


def last_output():
    with open(os.path.join(FOLDER, "last-output.txt"), encoding="utf-8", errors="replace") as file:
        return file.read()


def read_json(*path):
    with open(os.path.join(*path), encoding="utf-8") as file:
        return json.load(file)


def read_table(folder, name, keys):
    """The rows of a CSV file by the texts of their key columns."""
    with open(os.path.join(folder, name + ".csv"), encoding="utf-8", newline="") as file:
        return {tuple(row[key] for key in keys): row for row in csv.DictReader(file)}
