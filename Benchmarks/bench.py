"""Runs sojourn, DuckDB, chDB, Polars and the floors in turns on made-up logs, and compares time, CPU and memory.

    make bench                                   4 million lines, 5 counted rounds after one to warm up
    make bench SIZES='1000000 4000000 16000000'  how time grows with lines
    python3 Benchmarks/bench.py --events 20000 --rounds 1 --special 20000 --without chdb,polars    a quick look

Of each log there are two layouts: many files as five systems write them, and one file with one frame of zstd. On each run:

    sojourn      all that pipelines/retail.yaml asks for
    small        sojourn with sessions, dwell times and a funnel only: the same job as the next four
    script       that in DuckDB, as an analyst writes it (duckdb_script.py)
    tuned        that in DuckDB, as fast as we could make it (duckdb_job.py)
    chdb, polars that in these two (chdb_job.py, polars_job.py)
    whole        the whole job in DuckDB, as far as SQL can say it (duckdb_whole.py)
    decompress   decompression alone: each file to nowhere, as many at a time as there are cores
    parse        decompression and strict parsing by simdjson, on all cores (parse_floor.cpp)

Every figure is that of the child process as the kernel counts it (wait4): wall, user plus system time, peak resident memory.
Nothing is discarded but the warm-up. Ratios are taken within a round, where all met the same neighbours; then their median.
The logs, the virtual environment and the outputs stay in .build/bench, and so do the figures of each run, as JSON, to be
compared with a later one. Only Python's standard library is needed to start this.
"""

import argparse
import concurrent.futures
import datetime
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys

import compare
import logs
import special
import targets
from common import CORES, FOLDER, HERE, PARSER, SOJOURN, last_output, measure, read_json

PACKAGES = ["duckdb==2.0.1", "chdb==4.4.0", "polars==2.1.0"]
JOBS = {"script": "duckdb_script.py", "tuned": "duckdb_job.py", "chdb": "chdb_job.py", "polars": "polars_job.py", "whole": "duckdb_whole.py"}
# These stop at a line that is no JSON, or lose others with it: they are given a copy of the log without such lines.
NEEDS_CLEAN = {"chdb", "polars"}
WITHOUT = ["many", "single", "small", *JOBS, "decompress", "parse", "special"]
ALIASES = {"duckdb_script": "script", "duckdb_job": "tuned", "duckdb_whole": "whole"}


def prepare_python():
    """The others in a virtual environment, in fixed versions; what is there already will do without a network."""
    python = os.path.join(FOLDER, "venv", "bin", "python")
    if not os.path.exists(python):
        print("Making a virtual environment ...", flush=True)
        if subprocess.run([sys.executable, "-m", "venv", os.path.join(FOLDER, "venv")]).returncode:
            shutil.rmtree(os.path.join(FOLDER, "venv"), ignore_errors=True)
            sys.exit("bench: no virtual environment: install python3-venv, or use --without " + ",".join(JOBS))
    if subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *PACKAGES]).returncode:
        sys.exit("bench: these cannot be installed with pip: " + " ".join(PACKAGES) + "; without a network, use --without " + ",".join(JOBS))
    return python


def prepare_parser():
    """Builds the floor's parser for this processor, where it is older than its source."""
    source = os.path.join(HERE, "parse_floor.cpp")
    if not os.path.exists(PARSER) or os.path.getmtime(PARSER) < os.path.getmtime(source):
        print("Building parse_floor ...", flush=True)
        command = ["g++", "-O3", "-march=native", "-std=c++17", source, "-o", PARSER, "-lsimdjson", "-lzstd", "-lz", "-pthread"]
        if subprocess.run(command).returncode:
            sys.exit("bench: parse_floor cannot be built: it needs g++, libsimdjson-dev, libzstd-dev and zlib1g-dev; "
                     "or use --without parse,chdb,polars")


def decompress_command(log):
    one = 'case "$1" in *.zst) zstd -qdc "$1";; *.gz) gzip -dc "$1";; *) cat "$1";; esac > /dev/null'
    script = 'cores=$1; shift; printf "%s\\0" "$@" | xargs -0 -n 1 -P "$cores" sh -c "$FLOOR" floor'
    return ["env", "FLOOR=" + one, "sh", "-c", script, "sh", str(CORES)] + logs.log_files(log)


def apart(work, *arguments):
    """Calls a function in a process of its own. The kernel counts a parent's memory as its children's, until they are another
    program: this one stays small."""
    sys.stdout.flush()
    with concurrent.futures.ProcessPoolExecutor(1) as pool:
        return pool.submit(work, *arguments).result()


class Runs:
    """Commands in turns: rounds of figures by name."""

    def __init__(self, commands, rounds):
        self.commands, self.outputs = commands, {}
        self.figures = {name: [] for name in commands}
        self.stages = {name: [] for name in commands}
        print(f"\n{'round':9}{'who':12}{'wall s':>9}{'CPU s':>9}{'peak MiB':>10}", flush=True)
        for index in range(rounds + 1):
            for name, (command, output) in commands.items():
                figures = measure(command)
                self.outputs[name] = last_output()
                print(f"{index or 'warm-up':<9}{name:12}{figures['wall']:9.2f}{figures['cpu']:9.2f}{figures['rss']:10.0f}", flush=True)
                if index:
                    self.figures[name].append(figures)
                    if output:
                        self.stages[name].append(read_json(output, "run.json")["stages"])
        for name in commands:
            print(f"{'median':9}{name:12}{self.median(name, 'wall'):9.2f}{self.median(name, 'cpu'):9.2f}{self.median(name, 'rss'):10.0f}")

    def median(self, name, key):
        return statistics.median(run[key] for run in self.figures[name])

    def ratios(self, name, to, key="wall"):
        """Of each round; empty where one of the two did not run."""
        return [one[key] / max(other[key], 1e-9) for one, other in zip(self.figures.get(name, []), self.figures.get(to, []))]

    def print_ratios(self, to):
        others = [name for name in self.commands if name != to]
        if not others:
            return
        print(f"\n{'ratio to ' + to:21}{'wall':>7}{'(least to most)':>17}{'CPU':>9}{'memory':>9}")
        for name in others:
            wall = self.ratios(name, to)
            rest = [statistics.median(self.ratios(name, to, key)) for key in ("cpu", "rss")]
            print(f"{name:21}{statistics.median(wall):7.2f}{f'({min(wall):.2f} to {max(wall):.2f})':>17}{rest[0]:9.2f}{rest[1]:9.2f}")

    def print_stages(self, name):
        """Shares of wall time by stage: the median over the rounds of what the run said about itself."""
        if not self.stages[name]:
            return
        print(f"\n{name + ' by stage':21}{'wall s':>9}{'share':>8}{'CPU s':>9}")
        rest = [run["wall"] for run in self.figures[name]]
        for index, stage in enumerate(self.stages[name][0]):
            walls, cpus = ([run[index][key] for run in self.stages[name]] for key in ("wall_seconds", "cpu_seconds"))
            rest = [left - wall for left, wall in zip(rest, walls)]
            share = statistics.median(wall / run["wall"] for wall, run in zip(walls, self.figures[name]))
            print(f"{stage['stage']:21}{statistics.median(walls):9.2f}{share:8.1%}{statistics.median(cpus):9.2f}")
        share = statistics.median(left / run["wall"] for left, run in zip(rest, self.figures[name]))
        print(f"{'start and end':21}{statistics.median(rest):9.2f}{share:8.1%}")

    def record(self):
        return {name: {"rounds": runs, "stages": self.stages[name][-1:]} for name, runs in self.figures.items()}


def layout_commands(log, layout, python, without):
    """By name, the command and the folder of its run.json, if it writes one."""
    paths = logs.pipelines(log)
    out = lambda name: os.path.join(FOLDER, f"out-{layout}-{name}")
    commands = {"sojourn": ([SOJOURN, "run", paths["sojourn"], "-o", out("sojourn"), "--quiet"], out("sojourn"))}
    if "small" not in without:
        # Tills are nobody there: more lines than usual are without a person.
        commands["small"] = ([SOJOURN, "run", paths["small"], "-o", out("small"), "--quiet", "--max-rejects", "5%"], out("small"))
    for name in (name for name in JOBS if name not in without):
        read = logs.clean(log) if name in NEEDS_CLEAN else log
        commands[name] = ([python, os.path.join(HERE, JOBS[name]), read, out(name)], out(name))
    if "decompress" not in without:
        commands["decompress"] = (decompress_command(log), None)
    if "parse" not in without:
        commands["parse"] = ([PARSER, *logs.log_files(log)], None)
    return commands


def run_layout(events, layout, arguments, python):
    log = logs.many(events)
    log = logs.single(log) if layout == "single" else log
    commands = layout_commands(log, layout, python, arguments.without)
    packed = sum(os.path.getsize(path) for path in logs.log_files(log))
    print(f"\n== {events} lines, {'one file' if layout == 'single' else 'many files'}: {packed / 1e6:.1f} MB")
    runs = Runs(commands, arguments.rounds)
    runs.print_ratios("sojourn")
    for name in ("sojourn", "tuned", "whole"):
        if name in commands:
            runs.print_stages(name)

    print("\nDo they agree?")
    agreement = {}
    for name in ("script", "tuned", "chdb", "polars"):
        if name in commands and "small" in commands:
            agreement[name] = apart(compare.small, commands["small"][1], name, commands[name][1])
    if "whole" in commands:
        agreement["whole"] = apart(compare.whole, commands["sojourn"][1], commands["whole"][1], python)
    if "parse" in commands:
        apart(compare.parser, commands["sojourn"][1], json.loads(runs.outputs["parse"]))
    return runs, {"events": events, "layout": layout, "bytes": packed, "runs": runs.record(), "agreement": agreement}


def run_special(arguments):
    count = arguments.special
    print(f"\n== special logs, {count} lines")
    commands = {name: (command, command[4]) for name, command in special.commands(count).items()}
    runs = Runs(commands, arguments.rounds)
    lines = {name: read_json(output, "run.json")["ledger"]["lines"] for name, (_, output) in commands.items()}
    base = [run["wall"] / lines["ordinary"] for run in runs.figures["ordinary"]]
    print(f"\n{'an event costs':21}{'µs':>9}{'against ordinary':>19}")
    for name in commands:
        each = [run["wall"] / lines[name] for run in runs.figures[name]]
        print(f"{name:21}{statistics.median(each) * 1e6:9.2f}{statistics.median(one / other for one, other in zip(each, base)):19.2f}")
    warnings = {name: sorted({warning["code"] for warning in read_json(output, "run.json")["warnings"]}) for name, (_, output) in commands.items()}
    print("warnings: " + "; ".join(f"{name}: {', '.join(codes)}" for name, codes in warnings.items() if codes))
    return runs, {"events": count, "lines": lines, "warnings": warnings, "runs": runs.record()}


def machine():
    model = platform.processor() or platform.machine()
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            model = next((line.split(":", 1)[1].strip() for line in file if line.startswith("model name")), model)
    except OSError:
        pass
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{model}, {CORES} cores, {memory:.0f} GiB, load {os.getloadavg()[0]:.1f}"


def parse_arguments():
    parser = argparse.ArgumentParser(description="sojourn, DuckDB, chDB, Polars and the floors in turns on made-up logs.")
    parser.add_argument("--events", type=int, nargs="+", default=[4_000_000], help="lines of the logs (default 4000000)")
    parser.add_argument("--rounds", type=int, default=5, help="counted rounds (default 5)")
    parser.add_argument("--special", type=int, default=1_000_000, help="lines of the special logs (default 1000000)")
    parser.add_argument("--without", default="", help="parts to leave out, with commas: " + ", ".join(WITHOUT))
    parser.add_argument("--json", help="where the figures go (default .build/bench/results-TIME.json)")
    arguments = parser.parse_args()
    arguments.without = {ALIASES.get(name, name) for name in arguments.without.split(",") if name}
    unknown = arguments.without - set(WITHOUT)
    if unknown:
        parser.error(f"--without: there is no {', '.join(sorted(unknown))}; there are {', '.join(WITHOUT)}")
    if min(arguments.events) < 1 or arguments.rounds < 1 or arguments.special < 1:
        parser.error("--events, --rounds and --special must be at least 1")
    if not os.access(SOJOURN, os.X_OK):
        sys.exit("bench: no release build: run `make build` first")
    return arguments


def main():
    arguments = parse_arguments()
    os.makedirs(FOLDER, exist_ok=True)
    layouts = [layout for layout in ("many", "single") if layout not in arguments.without]
    asked = {name for name in (*JOBS, "parse", "decompress") if layouts and name not in arguments.without}
    python = prepare_python() if asked & set(JOBS) else None
    if asked & (NEEDS_CLEAN | {"parse"}):
        prepare_parser()

    version = subprocess.run([SOJOURN, "--version"], capture_output=True, text=True).stdout.strip()
    commit = subprocess.run(["git", "-C", HERE, "describe", "--always", "--dirty"], capture_output=True, text=True).stdout.strip()
    record = {"at": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"), "machine": machine(), "sojourn": version,
              "commit": commit,
              "packages": PACKAGES, "python": platform.python_version(), "rounds": arguments.rounds, "logs": []}
    print(f"machine: {record['machine']}")
    print(f"sojourn {version}; {', '.join(PACKAGES) if python else 'alone'}; Python {record['python']}")

    judged = targets.Targets()
    for events in sorted(arguments.events):
        for layout in layouts:
            runs, figures = run_layout(events, layout, arguments, python)
            judged.add_log(events, layout, runs)
            record["logs"].append(figures)
        if len(layouts) == 2:
            apart(compare.one_file, *(os.path.join(FOLDER, f"out-{layout}-sojourn") for layout in layouts))
    if "special" not in arguments.without:
        runs, record["special"] = run_special(arguments)
        judged.add_special(runs, record["special"])
    record["targets"] = judged.print()
    path = arguments.json or os.path.join(FOLDER, f"results-{record['at'].replace(':', '')[:17]}.json")
    with open(path, "w", encoding="utf-8") as file:
        json.dump(record, file, indent=1)
        file.write("\n")
    print(f"\nAll figures: {os.path.relpath(path)}")


if __name__ == "__main__":
    main()
