"""Runs sojourn and the same small job in DuckDB in turns on one made-up log, and compares time, CPU and memory.

    make bench                                   4 million events, 5 counted rounds after one to warm up
    python3 Benchmarks/bench.py --events 20000 --rounds 1    a quick look

sojourn does the whole of pipelines/retail.yaml; DuckDB does a small part of it, twice: as an analyst writes it
(duckdb_script.py, "script") and tuned as far as we could (duckdb_job.py, "tuned"). The log, the virtual environment
and the results stay in .build/bench; only Python's standard library is needed to start this.
Every figure is that of the child process as the kernel counts it (wait4): wall, user plus system time, peak resident
memory. Nothing is discarded but the warm-up. Ratios are taken within a round, where both met the same neighbours.
"""

import argparse
import csv
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SOJOURN = os.path.join(ROOT, ".build", "release", "sojourn")
FOLDER = os.path.join(ROOT, ".build", "bench")
JOBS = {"script": os.path.join(ROOT, "Benchmarks", "duckdb_script.py"), "tuned": os.path.join(ROOT, "Benchmarks", "duckdb_job.py")}
CORES = len(os.sched_getaffinity(0))
EVENTS_APART_MAX = 0.02  # duplicates, lines that only one of the two refuses, placeholders
SESSIONS_APART_MAX = 0.30  # people who log in half-way are one person only where identities are stitched


def measure(command):
    """Runs a command and returns its wall seconds, CPU seconds and peak MiB; stops the benchmark if it fails."""
    with open(os.path.join(FOLDER, "last-output.txt"), "w+b") as output:
        start = time.monotonic()
        child = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, cwd=FOLDER)
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.monotonic() - start
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            output.seek(0)
            sys.stderr.write(output.read()[-4000:].decode(errors="replace"))
            sys.exit(f"bench: {command[0]} ended with status {child.returncode}")
    return {"wall": wall, "cpu": usage.ru_utime + usage.ru_stime, "rss": usage.ru_maxrss / 1024}


def prepare_log(events):
    """Makes the log once, and beside it the pipeline that reads it. Returns the log's folder."""
    log = os.path.join(FOLDER, f"retail-{events}")
    if not os.path.exists(log):
        print(f"Making a log of {events} events ...", flush=True)
        shutil.rmtree(log + ".part", ignore_errors=True)
        measure([SOJOURN, "generate", "retail", "-o", log + ".part", "--events", str(events)])
        os.rename(log + ".part", log)
    with open(os.path.join(ROOT, "pipelines", "retail.yaml"), encoding="utf-8") as file:
        pipeline = file.read()
    here = pipeline.replace("../sample-data/", f"retail-{events}/")
    if here == pipeline:
        sys.exit("bench: pipelines/retail.yaml has no input in ../sample-data/ to point elsewhere")
    with open(log + ".yaml", "w", encoding="utf-8") as file:
        file.write(here)
    return log


def prepare_duckdb():
    """The newest DuckDB in a virtual environment; an older one that is there already will do without a network."""
    python = os.path.join(FOLDER, "venv", "bin", "python")
    if not os.path.exists(python):
        print("Making a virtual environment for DuckDB ...", flush=True)
        if subprocess.run([sys.executable, "-m", "venv", os.path.join(FOLDER, "venv")]).returncode:
            shutil.rmtree(os.path.join(FOLDER, "venv"), ignore_errors=True)
            sys.exit("bench: no virtual environment: install python3-venv, or use --without-duckdb")
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--upgrade", "duckdb"]
    installed = subprocess.run(pip).returncode == 0
    version = subprocess.run([python, "-c", "import duckdb; print(duckdb.__version__)"], capture_output=True, text=True)
    if version.returncode:
        sys.exit("bench: DuckDB cannot be installed with pip; without a network, use --without-duckdb")
    return python, version.stdout.strip() + ("" if installed else " (not checked for a newer one)")


def floor_command(log):
    """Decompression and nothing else: each file to nowhere, as many at a time as there are cores. None without zstd."""
    one = 'case "$1" in *.zst) zstd -qdc "$1";; *.gz) gzip -dc "$1";; *) cat "$1";; esac > /dev/null'
    files = [os.path.join(log, name) for name in sorted(os.listdir(log)) if ".ndjson" in name]
    script = 'cores=$1; shift; printf "%s\\0" "$@" | xargs -0 -n 1 -P "$cores" sh -c "$FLOOR" floor'
    return ["env", "FLOOR=" + one, "sh", "-c", script, "sh", str(CORES)] + files if shutil.which("zstd") else None


def read_json(*path):
    with open(os.path.join(*path), encoding="utf-8") as file:
        return json.load(file)


def read_sessions(folder):
    with open(os.path.join(folder, "sessions.csv"), encoding="utf-8", newline="") as file:
        return {row["channel"]: int(row["sessions"]) for row in csv.DictReader(file)}


def check(sojourn_out, job, duckdb_out):
    """The two count different things (see duckdb_job.py), but not very different ones: else one of them is wrong."""
    ours, theirs = read_json(sojourn_out, "run.json")["ledger"]["events"], read_json(duckdb_out, "run.json")["events"]
    rows = [("events", ours, theirs, EVENTS_APART_MAX)]
    sessions, others = read_sessions(os.path.join(sojourn_out, "csv")), read_sessions(duckdb_out)
    for channel in sorted(set(sessions) | set(others)):
        counts = sessions.get(channel, 0), others.get(channel, 0)
        if max(counts):
            # Few sessions differ by chance.
            rows.append((f"{channel} sessions", *counts, SESSIONS_APART_MAX + 10 / max(counts)))
    print(f"\n{'do they agree?':18}{'sojourn':>12}{'DuckDB ' + job:>14}{'apart':>9}")
    failed = []
    for name, ours, theirs, apart_max in rows:
        apart = (theirs - ours) / max(ours, 1)
        print(f"{name:18}{ours:12}{theirs:14}{apart:9.1%}")
        if abs(apart) > apart_max:
            failed.append(name)
    if failed:
        sys.exit(f"bench: {', '.join(failed)}: too far apart; one of the two did not do its job")


def machine():
    model = platform.processor() or platform.machine()
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            model = next((line.split(":", 1)[1].strip() for line in file if line.startswith("model name")), model)
    except OSError:
        pass
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{model}, {CORES} cores, {memory:.0f} GiB, load {os.getloadavg()[0]:.1f}"


def print_stages(name, rounds, runs):
    """Shares of wall time by stage: the median over the rounds of what the run said about itself."""
    print(f"\n{name + ' by stage':18}{'wall s':>9}{'share':>8}{'CPU s':>9}")
    rest = [run["wall"] for run in rounds]
    for index, stage in enumerate(runs[0]):
        walls, cpus = ([run[index][key] for run in runs] for key in ("wall_seconds", "cpu_seconds"))
        rest = [left - wall for left, wall in zip(rest, walls)]
        share = statistics.median(wall / run["wall"] for wall, run in zip(walls, rounds))
        print(f"{stage['stage']:18}{statistics.median(walls):9.2f}{share:8.1%}{statistics.median(cpus):9.2f}")
    share = statistics.median(left / run["wall"] for left, run in zip(rest, rounds))
    print(f"{'start and end':18}{statistics.median(rest):9.2f}{share:8.1%}")


def parse_arguments():
    parser = argparse.ArgumentParser(description="sojourn and DuckDB in turns on one made-up log.")
    parser.add_argument("--events", type=int, default=4_000_000, help="lines of the log (default 4000000)")
    parser.add_argument("--rounds", type=int, default=5, help="counted rounds (default 5)")
    parser.add_argument("--without-duckdb", action="store_true", help="sojourn alone; needs no network")
    arguments = parser.parse_args()
    if arguments.events < 1 or arguments.rounds < 1:
        parser.error("--events and --rounds must be at least 1")
    if not os.access(SOJOURN, os.X_OK):
        sys.exit("bench: no release build: run `make build` first")
    return arguments


def main():
    arguments = parse_arguments()
    os.makedirs(FOLDER, exist_ok=True)
    log = prepare_log(arguments.events)
    python, version = (None, None) if arguments.without_duckdb else prepare_duckdb()
    outputs = {name: os.path.join(FOLDER, "out-" + name) for name in ("sojourn", *JOBS)}
    commands = {"sojourn": [SOJOURN, "run", log + ".yaml", "-o", outputs["sojourn"], "--quiet"]}
    if python:
        commands |= {name: [python, job, log, outputs[name]] for name, job in JOBS.items()}
    decompress = floor_command(log)
    if decompress:
        commands["floor"] = decompress

    ours = subprocess.run([SOJOURN, "--version"], capture_output=True, text=True).stdout.strip()
    bytes_packed = sum(os.path.getsize(os.path.join(log, name)) for name in os.listdir(log))
    print(f"machine: {machine()}")
    print(f"sojourn {ours}" + (f", DuckDB {version}" if python else "") + f", Python {platform.python_version()}")
    print(f"log: {arguments.events} lines, {bytes_packed / 1e6:.1f} MB in files; floor: " +
          ("zstd, gzip and cat to nowhere" if decompress else "not measured, there is no zstd command"))
    print(f"\n{'round':9}{'who':9}{'wall s':>9}{'CPU s':>9}{'peak MiB':>10}", flush=True)

    rounds, stages = {name: [] for name in commands}, {name: [] for name in outputs}
    for index in range(arguments.rounds + 1):
        for name, command in commands.items():
            figures = measure(command)
            print(f"{index or 'warm-up':<9}{name:9}{figures['wall']:9.2f}{figures['cpu']:9.2f}{figures['rss']:10.0f}", flush=True)
            if index:
                rounds[name].append(figures)
                if name in stages:
                    stages[name].append(read_json(outputs[name], "run.json")["stages"])
    medians = {name: {key: statistics.median(run[key] for run in runs) for key in runs[0]} for name, runs in rounds.items()}
    for name, figures in medians.items():
        print(f"{'median':9}{name:9}{figures['wall']:9.2f}{figures['cpu']:9.2f}{figures['rss']:10.0f}")

    print()
    for job in JOBS if python else ():
        for key, label in (("wall", "wall"), ("cpu", "CPU"), ("rss", "peak memory")):
            ratios = [theirs[key] / ours[key] for ours, theirs in zip(rounds["sojourn"], rounds[job])]
            print(f"DuckDB {job} / sojourn, {label}: min {min(ratios):.2f}, median {statistics.median(ratios):.2f}, max {max(ratios):.2f}")
    if decompress:
        shares = [f"{medians['floor']['cpu'] / medians[name]['cpu']:.0%} of {name}'s" for name in commands if name != "floor"]
        print("decompression alone takes CPU time worth " + ", ".join(shares))
    print_stages("sojourn", rounds["sojourn"], stages["sojourn"])
    for job in JOBS if python else ():
        print_stages("DuckDB " + job, rounds[job], stages[job])
        check(outputs["sojourn"], job, outputs[job])


if __name__ == "__main__":
    main()
