"""Reads what sojourn writes with the programs that others use, and fails where one of them does not understand it.

    make readers                                              builds, installs what is needed into .build/readers/venv, and runs this
    .build/readers/venv/bin/python Tests/Readers/readers.py --program .build/release/sojourn

frictionless checks every CSV file against datapackage.json: types, keys, sizes, checksums. DuckDB and Python's sqlite3 open
metrics.sqlite and must see the declared types, dates among them, and the same values. DuckDB also reads the CSV files. jsonschema
checks `sojourn schema` against draft-07 and every pipeline of the repository against it. axe-core looks for what keeps people from
using report.html, in both colour schemes, everything folded open, and must find nothing. All of it for the sample log, and for a log
whose names are formulas, written exactly and with --excel. The tests in Swift check what needs none of these packages.
"""

import argparse
import csv
import glob
import importlib.util
import json
import os
import shutil
import sqlite3
import subprocess

import duckdb
import duckdb_extension_sqlite_scanner
import frictionless
import jsonschema
import ruamel.yaml

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FOLDER = os.path.join(ROOT, ".build", "readers")
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
NAMES = ["=1+1", "+49 30 1", "-2", "@SUM(A1)", "\ttab", "\rreturn", "'=1", "'tis", 'a "b", c', "größe", "plain"]
# What a column is declared as, and what DuckDB must take it for. Of SQLite's BOOLEAN it makes 0 and 1.
DUCKDB_TYPES = {"TEXT": "VARCHAR", "INTEGER": "BIGINT", "INT": "BIGINT", "REAL": "DOUBLE", "BOOLEAN": "BIGINT", "DATE": "DATE"}


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--program", default=os.path.join(ROOT, ".build", "release", "sojourn"))
    program = os.path.abspath(options.parse_args().program)
    scratch = os.path.join(FOLDER, "outputs")
    shutil.rmtree(scratch, ignore_errors=True)
    os.makedirs(scratch)
    hostile = hostile_log(scratch)
    for name, pipeline, words in [
        ("sample", os.path.join(ROOT, "pipelines", "retail.yaml"), []), ("exact", hostile, []), ("excel", hostile, ["--excel"]),
    ]:
        output = os.path.join(scratch, name)
        subprocess.run([program, "run", pipeline, "-o", output, "--quiet", *words], check=True)
        print(f"{name}: {check_package(output)} rows by frictionless, {check_database(output)} cells of metrics.sqlite by sqlite3 and DuckDB")
        print(f"{name}: {check_page(output)} rules that report.html keeps, by axe-core")
    print(f"excel: {check_escapes(os.path.join(scratch, 'exact'), os.path.join(scratch, 'excel'))} texts escaped, and given back")
    print(f"schema: {check_schema(program)} pipelines by jsonschema")


def hostile_log(folder):
    """A log whose touchpoints, actions, owners and steps are formulas. Returns its pipeline file."""
    with open(os.path.join(folder, "hostile.ndjson"), "w", encoding="utf-8") as file:
        for number in range(600):
            name = NAMES[number * 7 % len(NAMES)]
            line = {"t": 1_772_323_200 + number * 400, "c": f"{name}{number % 23}", "ch": NAMES[number % 3], "tp": name, "a": name}
            file.write(json.dumps(line) + "\n")
    steps = [{"name": name, "match": f"touchpoint == {json.dumps(name)}", "owner": name} for name in NAMES]
    pipeline = {
        "version": 1, "name": "hostile", "identity": {"known": ["customer"]},
        "sources": [{
            "name": "=log", "input": "hostile.ndjson",
            "fields": {"time": "t", "channel": "ch", "touchpoint": "tp", "action": "a", "ids": {"customer": "c"}},
        }],
        "journeys": [{"name": "-all", "inactivity": "2h", "goal": 'touchpoint == "plain"', "steps": steps}],
        "dimensions": [{"name": "@by", "field": "action"}],
    }
    path = os.path.join(folder, "hostile.yaml")
    with open(path, "w", encoding="utf-8") as file:
        json.dump(pipeline, file)  # JSON is YAML
    return path


def check(is_true, words):
    if not is_true:
        raise SystemExit(f"readers: {words}")


def check_package(output):
    """Every CSV file by its description. Returns how many rows there are."""
    path = os.path.join(output, "datapackage.json")
    report = frictionless.Package(path).validate()
    check(report.valid, f"{path}: {report.flatten(['type', 'rowNumber', 'fieldName', 'note'])[:5]}")
    with open(path, encoding="utf-8") as file:
        resources = json.load(file)["resources"]
    check(len(report.tasks) == len(resources) > 10, f"{path}: {len(report.tasks)} of {len(resources)} files were looked at")
    rows = 0
    for resource in resources:
        # Another reader, which finds the types itself, must find the same columns.
        file = os.path.join(output, resource["path"])
        found = duckdb.read_csv(file, header=True, delimiter=",", quotechar='"', escapechar='"', sample_size=-1)
        names = [field["name"] for field in resource["schema"]["fields"]]
        check(found.columns == names, f"{file}: DuckDB sees the columns {found.columns}")
        rows += len(found)
    return rows


def check_page(output):
    script = os.path.join(importlib.util.find_spec("axe_playwright_python").submodule_search_locations[0], "axe.min.js")
    look = os.path.join(ROOT, "Tests", "EndToEndTests", "Browser", "look.py")
    said = subprocess.run(["python3", look, "--axe", script, os.path.join(output, "report.html")], check=True, capture_output=True)
    schemes = json.loads(said.stdout)
    check(len(schemes) == 2 and all(scheme["passes"] > 20 for scheme in schemes), "axe-core looked at nothing")
    for scheme in schemes:
        check(not scheme["violations"], f"report.html, {scheme['scheme']}: {scheme['violations']}")
    return min(scheme["passes"] for scheme in schemes)


def check_database(output):
    """metrics.sqlite by two programs. Returns how many cells they see alike."""
    path = os.path.join(output, "metrics.sqlite")
    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    check(database.execute("PRAGMA integrity_check").fetchone() == ("ok",), f"{path} is damaged")
    check(database.execute("PRAGMA journal_mode").fetchone() == ("delete",), f"{path} is no plain file")
    duck = duckdb.connect()
    [extension] = glob.glob(os.path.join(os.path.dirname(duckdb_extension_sqlite_scanner.__file__), "extensions", "*", "*.duckdb_extension"))
    duck.execute(f"LOAD '{extension}'")
    duck.execute(f"ATTACH '{path}' AS metrics (TYPE sqlite, READ_ONLY)")
    cells = 0
    for (table,) in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall():
        declared = [(name, kind) for _, name, kind, *_ in database.execute(f'PRAGMA table_info("{table}")')]
        seen = duck.execute(f'DESCRIBE metrics."{table}"').fetchall()
        for (name, kind), (other, duck_kind, *_) in zip(declared, seen, strict=True):
            check(name == other and DUCKDB_TYPES[kind] == duck_kind, f"{path}: {table}.{name} is {kind}, for DuckDB {duck_kind}")
        ours = database.execute(f'SELECT * FROM "{table}"').fetchall()
        theirs = duck.execute(f'SELECT * FROM metrics."{table}"').fetchall()
        # sqlite3 gives dates as texts, DuckDB as dates; and it may give rows in another order.
        plain = [tuple(str(value) if kind == "DATE" and value else value for (_, kind), value in zip(declared, row)) for row in theirs]
        check(sorted(map(repr, plain)) == sorted(map(repr, ours)), f"{path}: DuckDB sees other values in {table}")
        cells += len(ours) * len(declared)
    return cells


def check_escapes(exact, excel):
    """No text of the files for spreadsheets is a formula; taking an apostrophe away gives the exact files. Returns how many had one."""
    with open(os.path.join(excel, "datapackage.json"), encoding="utf-8") as file:
        package = json.load(file)
    check("apostrophe" in package.get("description", ""), "datapackage.json does not speak of the apostrophes")
    escaped = 0
    for resource in package["resources"]:
        texts = {place for place, field in enumerate(resource["schema"]["fields"]) if field["type"] == "string"}
        with open(os.path.join(excel, resource["path"]), "rb") as file:
            check(file.read(3) == b"\xef\xbb\xbf", f"{resource['path']} has no byte order mark")
        files = [open(os.path.join(folder, resource["path"]), encoding=code, newline="") for folder, code in [(exact, "utf-8"), (excel, "utf-8-sig")]]
        for row, safe in zip(*map(csv.reader, files), strict=True):
            for place, (text, cell) in enumerate(zip(row, safe, strict=True)):
                check(place not in texts or not cell.startswith(FORMULA_STARTS), f"{resource['path']}: {cell!r} is a formula")
                if cell != text:
                    check(place in texts and cell == "'" + text and text.lstrip("'").startswith(FORMULA_STARTS), f"{resource['path']}: {cell!r} of {text!r}")
                    escaped += 1
        for file in files:
            file.close()
    check(escaped > 50, f"only {escaped} texts were escaped")
    return escaped


def check_schema(program):
    """Returns how many pipelines are sound by it."""
    schema = json.loads(subprocess.run([program, "schema"], check=True, stdout=subprocess.PIPE).stdout)
    jsonschema.Draft7Validator.check_schema(schema)
    validator = jsonschema.Draft7Validator(schema)
    files = sorted(glob.glob(os.path.join(ROOT, "pipelines", "**", "*.yaml"), recursive=True))
    for path in files:
        with open(path, encoding="utf-8") as file:
            pipeline = ruamel.yaml.YAML(typ="safe", pure=True).load(file)  # YAML 1.2, as sojourn reads it
        check(validator.is_valid(pipeline), f"{path}: {[error.message for error in validator.iter_errors(pipeline)][:3]}")
        pipeline["sources"][0]["inputs"] = "a"
        check(not validator.is_valid(pipeline), f"{path}: an unknown key is not refused")
    check(len(files) > 10, "there are no pipelines")
    return len(files)


if __name__ == "__main__":
    main()
