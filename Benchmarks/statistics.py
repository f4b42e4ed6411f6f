#!/usr/bin/env python3
"""Makes Tests/TablesTests/statistics.json anew: what well-known libraries say of the tests and intervals that tables show.

  python3 -m venv v && v/bin/pip install scipy==1.17.1 statsmodels==0.15.0 && v/bin/python Benchmarks/statistics.py
"""
import json
import os
import random

import numpy
import scipy
import statsmodels
from statsmodels.stats.contingency_tables import StratifiedTable
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint, proportions_ztest

TARGET = os.path.join(os.path.dirname(__file__), "..", "Tests", "TablesTests", "statistics.json")


def share(random, of):
    return random.choice([0, of, random.randint(0, of), random.randint(0, of)])


def pairs(random):
    """Two shares of different things: Newcombe's interval, and the two-sided pooled z-test."""
    drawn = [(56, 70, 48, 80), (9, 10, 3, 10), (10, 10, 0, 20), (10, 10, 0, 10)]  # the first four are Newcombe's own examples
    for _ in range(60):
        n1, n2 = random.choice([1, 2, 7, 40, 900, 100_000]), random.choice([1, 3, 11, 60, 2000])
        drawn.append((share(random, n1), n1, share(random, n2), n2))
    for k1, n1, k2, n2 in drawn:
        low, high = confint_proportions_2indep(k1, n1, k2, n2, method="newcomb", compare="diff")
        pooled = (k1 + k2) / (n1 + n2)
        p = None if pooled in (0, 1) else proportions_ztest([k1, k2], [n1, n2])[1]
        yield {"first": [k1, n1], "second": [k2, n2], "low": low, "high": high, "p": p}


def strata(random):
    """Cochran-Mantel-Haenszel, and the risk difference of Mantel and Haenszel (by hand from the library's tables)."""
    for _ in range(40):
        rows = []
        for _ in range(random.randint(1, 6)):
            n1, n0 = random.randint(1, 50), random.randint(1, 300)
            rows.append([[random.randint(0, n1), n1], [random.randint(0, n0), n0]])
        tables = [numpy.array([[a, n1 - a], [b, n0 - b]], dtype=float) for (a, n1), (b, n0) in rows]
        if sum(a + b for (a, _), (b, _) in rows) in (0, sum(n1 + n0 for (_, n1), (_, n0) in rows)):
            continue
        p = StratifiedTable(tables).test_null_odds(correction=False).pvalue
        weights = [n1 * n0 / (n1 + n0) for (_, n1), (_, n0) in rows]
        difference = sum(w * (a / n1 - b / n0) for w, ((a, n1), (b, n0)) in zip(weights, rows)) / sum(weights)
        yield {"strata": rows, "p": float(p), "difference": difference}


def discoveries(random):
    for _ in range(30):
        ps = [random.choice([random.random(), random.random() ** 4, 0.01]) for _ in range(random.randint(1, 20))]
        yield {"p": ps, "q": list(multipletests(ps, method="fdr_bh")[1])}


def wilson(random):
    for _ in range(40):
        n = random.choice([1, 2, 5, 30, 1000, 10**7])
        k = share(random, n)
        low, high = proportion_confint(k, n, method="wilson")
        yield {"share": [k, n], "low": max(0, low), "high": min(1, high)}


def main():
    drawn = random.Random(20260301)
    made = {
        "versions": {"scipy": scipy.__version__, "statsmodels": statsmodels.__version__},
        "pairs": list(pairs(drawn)), "strata": list(strata(drawn)), "discoveries": list(discoveries(drawn)), "wilson": list(wilson(drawn)),
    }
    with open(TARGET, "w", encoding="utf-8") as file:
        json.dump(made, file, indent=None, separators=(",", ":"))
        file.write("\n")


main()
