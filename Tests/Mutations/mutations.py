"""Breaks the program in one place after the other, and looks whether a test notices.

    python3 Tests/Mutations/mutations.py                 all of them; the first build takes minutes, then each one
    python3 Tests/Mutations/mutations.py sealing reach   those whose names contain one of these words
    python3 Tests/Mutations/mutations.py --list          the names, after a look whether every text is still there

Works on a copy of the tree in .build/mutations (--copy FOLDER: elsewhere), which is kept with what it built, so that each
mutation builds only what it touches. Told for each: killed, with the tests that failed, or survived. The exit status is 1
where one survived or cannot be made, and 2 where the tests fail without any.

A mutation is one entry in MUTATIONS: a name, the file, the text that stands in it exactly once, the text in its place, and
the filter of the tests that must fail (`swift test --filter`). What no test can notice does not belong here: say in the
commit why it is so.
"""

import argparse
import filecmp
import os
import shutil
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
LONGEST_SECONDS = 1800

INCREMENTAL = "Sources/Runs/Incremental/"

MUTATIONS = [
    # Sealing: what of a person's old events may be dropped.
    (
        "sealing: parts need not add up to the whole",
        INCREMENTAL + "PersonSealing.swift",
        "if together.cells.isZero { return",
        "if true { return",
        "StateSealingTests",
    ),
    (
        "sealing: the old part may still change by time",
        INCREMENTAL + "PersonSealing.swift",
        "first.holdsUntil == .max, together",
        "together",
        "StateSealingTests",
    ),
    (
        "sealing: both parts together may change by time",
        INCREMENTAL + "PersonSealing.swift",
        "first.holdsUntil == .max, together.holdsUntil == second.holdsUntil",
        "first.holdsUntil == .max",
        "StateSealingTests",
    ),
    (
        "sealing: a person who is all old may still change by time",
        INCREMENTAL + "PersonSealing.swift",
        "if old == rows.count, isSettled {",
        "if old == rows.count {",
        "StateSealingTests",
    ),
    (
        "sealing: persons who share may still change by time",
        INCREMENTAL + "ComponentFold.swift",
        ": latest < sealing.before && holdsUntil == .max && persons.hasShared",
        ": latest < sealing.before && persons.hasShared",
        "StateSealingTests",
    ),
    (
        "reach: deadlines of absent left out",
        "Sources/Definitions/Reach.swift",
        "times.append((friction.within ?? 0) + (friction.absent?.time ?? 0))",
        "times.append(friction.within ?? 0)",
        "StateSealingTests",
    ),
    # What is restated, and why.
    (
        "restatement: what the log has is not loaded",
        INCREMENTAL + "IncrementalSums.swift",
        "shape.isReadWhole || days.contains(part)",
        'shape.isReadWhole && shape.name != "needs" || days.contains(part)',
        "RestatementTests",
    ),
    ("restatement: changed pipeline renamed", INCREMENTAL + "Contribution.swift", '"changed pipeline"', '"new pipeline"', "RestatementTests"),
    ("restatement: removed events renamed", INCREMENTAL + "Contribution.swift", '"removed events"', '"events removed"', "RestatementTests"),
    ("restatement: new identity links renamed", INCREMENTAL + "Contribution.swift", '"new identity links"', '"identity links"', "RestatementTests"),
    ("restatement: late events renamed", INCREMENTAL + "Contribution.swift", '"late events"', '"late"', "RestatementTests"),
    ("restatement: new events renamed", INCREMENTAL + "Contribution.swift", '"new events"', '"events"', "RestatementTests"),
    ("restatement: time passed renamed", INCREMENTAL + "Contribution.swift", '"time passed"', '"time"', "RestatementTests"),
    ("restatement: learned threshold renamed", "Sources/Tables/Published/StallTable.swift", '"as-of or learned threshold"', '"as-of"', "RestatementTests"),
    # Databases and their owner.
    (
        "database: a statement takes values without a reset",
        "Sources/Disk/SQLiteStatement.swift",
        "if isUnderWay { sqlite3_reset(handle) }",
        "if false { sqlite3_reset(handle) }",
        "SQLiteTurnTests",
    ),
    (
        "database: the last error is told",
        "Sources/Disk/SQLiteStatement.swift",
        "let error = failure ?? error(action)",
        "let error = error(action)",
        "SQLiteTurnTests",
    ),
    (
        "database: used by whoever has a statement",
        "Sources/Disk/SQLiteDatabase.swift",
        "        if !isMine { fatalError(",
        "        if false { fatalError(",
        "SQLiteTurnTests",
    ),
    (
        "database: asked for by whoever has it",
        "Sources/Disk/SQLiteDatabase.swift",
        "if connection.turn.isMine { fatalError(",
        "if false { fatalError(",
        "SQLiteTurnTests",
    ),
]


class Wrong(Exception):
    """A mutation that cannot be made."""


def mutated(root, file, old, new):
    """The file's text, and what it is to become."""
    path = os.path.join(root, file)
    if not os.path.exists(path):
        raise Wrong(f"{file} is not there")
    with open(path, encoding="utf-8", newline="") as source:
        text = source.read()
    count = text.count(old)
    if count != 1:
        raise Wrong(f"{file} has the text {count} times, not once: {old}")
    return text, text.replace(old, new)


def write(path, text):
    with open(path, "w", encoding="utf-8", newline="") as target:
        target.write(text)


def refresh(copy):
    """Brings the copy up to date. Files that are the same keep their times, so that they are not built again."""
    listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, check=True, stdout=subprocess.PIPE)
    names = {name for name in listed.stdout.decode().split("\0") if name and os.path.isfile(os.path.join(ROOT, name))}
    for name in names:
        source, target = os.path.join(ROOT, name), os.path.join(copy, name)
        if not os.path.isfile(target) or not filecmp.cmp(source, target, shallow=False):
            os.makedirs(os.path.dirname(target), exist_ok=True)
            shutil.copy(source, target)
    for top in ("Sources", "Tests"):
        for folder, _, files in os.walk(os.path.join(copy, top)):
            for file in (os.path.join(folder, file) for file in files):
                if os.path.relpath(file, copy) not in names:
                    os.remove(file)


def run(copy, *words):
    """Whether the command succeeds, and what it says. Warnings are no errors here: mutations leave things unused."""
    try:
        ended = subprocess.run(["swift", *words], cwd=copy, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=LONGEST_SECONDS)
    except subprocess.TimeoutExpired:
        return False, f"took more than {LONGEST_SECONDS} s"
    return ended.returncode == 0, ended.stdout.decode(errors="replace")


def tests_pass(copy, filter):
    passed, said = run(copy, "test", "--skip-build", "--filter", filter)
    if passed and "Test run with 0 tests" in said:
        raise Wrong(f"the filter {filter} finds no test")
    return passed, said


def kill(copy, file, old, new, filter):
    """What noticed the mutation, in words; None where nothing did."""
    text, broken = mutated(copy, file, old, new)
    path = os.path.join(copy, file)
    write(path, broken)
    try:
        built, said = run(copy, "build", "--build-tests")
        if not built:
            raise Wrong("it does not build: " + "; ".join(line for line in said.splitlines() if "error:" in line)[:500])
        passed, said = tests_pass(copy, filter)
        if passed:
            return None
        failed = sorted({line.split("Test ")[1].split(" ")[0] for line in said.splitlines() if line.startswith("✘ Test ") and " recorded an issue" in line})
        return ", ".join(failed) or "the end of the test program"
    finally:
        write(path, text)


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("words", nargs="*", help="only mutations whose names contain one of these")
    arguments.add_argument("--list", action="store_true", help="list the mutations, and check their texts")
    arguments.add_argument("--copy", default=os.path.join(ROOT, ".build", "mutations"), help="where the tree is copied to")
    options = arguments.parse_args()
    chosen = [one for one in MUTATIONS if not options.words or any(word in one[0] for word in options.words)]
    if not chosen:
        raise SystemExit("no mutation has such a name")

    wrong = 0
    for name, file, old, new, _ in chosen:
        try:
            mutated(ROOT, file, old, new)
        except Wrong as error:
            print(f"cannot be made: {name}: {error}")
            wrong += 1
        else:
            if options.list:
                print(name)
    if options.list or wrong:
        return min(wrong, 1)

    refresh(options.copy)
    built, said = run(options.copy, "build", "--build-tests")
    if not built:
        print(said[-3000:])
        print("the tests do not build without any mutation")
        return 2
    for filter in sorted({one[4] for one in chosen}):
        passed, said = tests_pass(options.copy, filter)
        if not passed:
            print(said[-3000:])
            print(f"{filter} fails without any mutation")
            return 2

    killed = 0
    for name, file, old, new, filter in chosen:
        start = time.monotonic()
        try:
            by = kill(options.copy, file, old, new, filter)
            word = "SURVIVED" if by is None else f"killed by {by}"
        except Wrong as error:
            by, word = None, f"CANNOT BE MADE, {error}"
        killed += by is not None
        print(f"{time.monotonic() - start:4.0f} s  {name}: {word}", flush=True)
    print(f"{killed} of {len(chosen)} killed")
    return 0 if killed == len(chosen) else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Wrong as error:
        print(error)
        sys.exit(1)
