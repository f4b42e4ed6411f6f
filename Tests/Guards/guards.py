"""Counts the instructions that stages of the program take on six fixed inputs, and fails where one left its limit by 3 %.

    make guards                       builds the program and runs this; `make test` does, too
    SOJOURN_RECORD=1 make guards      records limits.txt anew, and fails, so that no recording passes for a check

Time drifts with the machine; the count of instructions does not: two runs differ by less than 0.1 %. More of them than recorded is
a regression, fewer a limit that no longer guards anything: record it. callgrind writes what was counted whenever a stage ends, so
neither start-up nor another stage drowns the one in question; what is called `start` comes before the first.

A compiler or a C library of another version makes other instructions of the same sources. limits.txt says which ones it holds for;
elsewhere nothing is compared, and the last line of output says so. Record them anew with the versions that CI has.
"""

import argparse
import concurrent.futures
import glob
import json
import os
import platform
import re
import shutil
import sqlite3
import subprocess
import sys

import inputs

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
LIMITS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "limits.txt")
FOLDER = os.path.join(ROOT, ".build", "guards")
TOLERANCE = 0.03
LONGEST_SECONDS = 600

# Which stages of which input a guard counts.
GUARDS = {
    "start": ("scan", ["start"]),
    "scan": ("scan", ["read"]),
    "intern": ("intern", ["read", "merge"]),
    "stitch": ("stitch", ["stitch", "shard"]),
    "fold": ("fold", ["fold", "sum"]),
    "rules": ("rules", ["fold", "sum"]),
    "tables": ("tables", ["tables", "write"]),
}
# StageClock.init and StageClock.finish, as the compiler calls them.
CLOCK_STARTS, STAGE_ENDS = "$s4Runs10StageClockVyAcA11RunProgressCcfC*", "$s4Runs10StageClockV6finishyySSF"

# Nothing of the machine's: hashes of Swift's dictionaries without a random seed, and those code paths of the C library and of
# OpenSSL that every processor has. The program's own hash seed stays random, and moves the counts by less than 0.1 %.
ENVIRONMENT = {
    "PATH": "/usr/bin:/bin", "TZ": "UTC", "LC_ALL": "C.UTF-8", "SWIFT_DETERMINISTIC_HASHING": "1", "OPENSSL_ia32cap": "0:0",
    "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX2,-AVX512F,-ERMS,-FSRM",
}


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--program", required=True, help="a release build")
    program = os.path.abspath(options.parse_args().program)
    toolchain = versions()
    is_recording = os.environ.get("SOJOURN_RECORD") == "1"
    recorded_toolchain, limits = (toolchain, {}) if is_recording else read_limits()
    if toolchain != recorded_toolchain:
        print(f"GUARDS SKIPPED, nothing was compared: the limits hold for\n  {recorded_toolchain}\nand here is\n  {toolchain}")
        return 0

    shutil.rmtree(FOLDER, ignore_errors=True)
    os.makedirs(FOLDER)
    # valgrind gives up on the compiler's debug information.
    stripped = os.path.join(FOLDER, "sojourn")
    subprocess.run(["strip", "--strip-debug", program, "-o", stripped], check=True)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        counted = dict(zip(inputs.INPUTS, pool.map(lambda name: counts(stripped, name), inputs.INPUTS)))
    found = {guard: sum(counted[name][stage] for stage in stages) for guard, (name, stages) in GUARDS.items()}

    if is_recording:
        write_limits(toolchain, found)
        print(f"recorded {LIMITS}; look at the changes, then run without SOJOURN_RECORD")
        return 1
    return 1 if sum([differs(guard, found[guard], limits[guard]) for guard in GUARDS]) else 0


def versions():
    """What makes the same sources into the same instructions."""
    swift = subprocess.run(["swift", "--version"], capture_output=True, text=True, check=True).stdout
    valgrind = subprocess.run(["valgrind", "--version"], capture_output=True, text=True, check=True).stdout.strip()
    release = re.search(r"\((swift-\S+)\)", swift)
    return ", ".join([
        release.group(1) if release else swift.splitlines()[0], platform.machine(), " ".join(platform.libc_ver()), valgrind,
        f"SQLite {sqlite3.sqlite_version}"])


def counts(program, name):
    """Instructions by stage, of one run."""
    folder = os.path.join(FOLDER, name)
    os.makedirs(folder)
    inputs.write(name, folder)
    command = [
        "valgrind", "--tool=callgrind", "--callgrind-out-file=counts", f"--dump-before={CLOCK_STARTS}", f"--dump-before={STAGE_ENDS}",
        program, "run", "pipeline.yaml", "-o", "out", "--threads", "1", "--memory", "1G", "--as-of", "2026-05-01T00:00:00Z", "--quiet"]
    ended = subprocess.run(command, cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, timeout=LONGEST_SECONDS)
    if ended.returncode != 0:
        sys.exit(f"{name}: the run failed\n{ended.stdout}{ended.stderr}")
    parts = {}
    for path in glob.glob(os.path.join(folder, "counts.*")):
        with open(path, encoding="utf-8") as file:
            head = file.read(4096)
        part, count = re.search(r"^part: (\d+)", head, re.MULTILINE), re.search(r"^summary: (\d+)", head, re.MULTILINE)
        parts[int(part.group(1))] = int(count.group(1))
    with open(os.path.join(folder, "out", "run.json"), encoding="utf-8") as file:
        # Publication ends after run.json was written.
        stages = ["start", *(stage["stage"] for stage in json.load(file)["stages"]), "publish"]
    if len(parts) != len(stages):
        sys.exit(f"{name}: {len(parts)} parts were counted, and there are {len(stages)} stages. Is StageClock called otherwise now?")
    return dict(zip(stages, (parts[number] for number in sorted(parts))))


def differs(guard, found, limit):
    """Says how a count stands to its limit, and whether it is out of bounds."""
    change = found / limit - 1
    verdict = ""
    if change > TOLERANCE:
        verdict = "   FAILED: dearer by more than 3 %. Find out why"
    elif change < -TOLERANCE:
        verdict = "   FAILED: cheaper by more than 3 %. Record the new limit: SOJOURN_RECORD=1 make guards"
    print(f"{guard:<8}{found:>15,} instructions, limit {limit:>15,}, {change:+7.2%}{verdict}")
    return verdict != ""


def read_limits():
    """The versions that the limits hold for, and the limits by guard."""
    with open(LIMITS, encoding="utf-8") as file:
        lines = [line.strip() for line in file if line.strip() and not line.startswith("#")]
    return lines[0], {guard: int(count.replace(",", "")) for guard, count in (line.split() for line in lines[1:])}


def write_limits(toolchain, found):
    with open(LIMITS, "w", encoding="utf-8") as file:
        file.write("# Instructions by guard, and what they hold for. Recorded by SOJOURN_RECORD=1 make guards; see guards.py.\n")
        file.write(toolchain + "\n")
        file.writelines(f"{guard} {count:,}\n" for guard, count in found.items())


if __name__ == "__main__":
    sys.exit(main())
