#!/usr/bin/env python3
"""Makes Tests/TablesTests/statistics.json anew: what well-known libraries say of the tests and intervals that tables show.

  python3 -m venv v && v/bin/pip install scipy==1.17.1 statsmodels==0.15.0 lifelines==0.30.3 && v/bin/python Benchmarks/reference_statistics.py
"""
import json
import os
import random

import lifelines
import numpy
import scipy
import statsmodels
from lifelines import AalenJohansenFitter
from scipy.stats import norm, pearsonr
from statsmodels.stats.contingency_tables import StratifiedTable
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.weightstats import DescrStatsW
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


def incidence(random):
    """Cumulative incidence. All times are different, since the library moves those that are not."""
    for _ in range(25):
        n = random.choice([3, 8, 30, 120])
        times = random.sample(range(1, 500), n)
        weights = random.choice([(1, 1, 1), (5, 1, 1), (1, 5, 1), (1, 1, 5)])
        events = random.choices([1, 2, 0], weights, k=n)
        if 1 not in events:
            continue
        fitter = AalenJohansenFitter(calculate_variance=True)
        fitter.fit(numpy.array(times), numpy.array(events), event_of_interest=1)
        last = max(times)
        points = []
        for at in sorted(random.sample(range(1, last + 1), min(last, 6))):
            share = float(fitter.predict(at))
            if not 0 < share < 1:
                continue
            rows = fitter.confidence_interval_.loc[:at]
            points.append([at, share, float(rows.iloc[-1, 0]), float(rows.iloc[-1, 1])])
        yield {"times": times, "events": events, "points": points}


def moments(random):
    """Mean with its normal interval, and Pearson's coefficient with Fisher's."""
    for _ in range(30):
        n = random.choice([4, 5, 17, 200])
        first = [random.randint(0, 7000) for _ in range(n)]
        second = [random.choice([random.randint(0, 7000), 7000 - one, one]) for one in first]
        if len(set(first)) < 2 or len(set(second)) < 2:
            continue
        found = pearsonr(first, second)
        interval = found.confidence_interval(0.95)
        low, high = DescrStatsW(numpy.array(first)).zconfint_mean()
        yield {"first": first, "second": second, "r": float(found.statistic), "rLow": float(interval.low), "rHigh": float(interval.high),
               "mean": float(numpy.mean(first)), "low": float(low), "high": float(high)}


def net_shares(random):
    """Promoters less detractors: the mean of 1, 0 and -1, whose variance is that of the multinomial."""
    for _ in range(30):
        counts = [random.randint(0, 40) for _ in range(3)]
        values = numpy.repeat([1, 0, -1], counts)
        if not len(values):
            continue
        half = norm.ppf(0.975) * numpy.std(values) / numpy.sqrt(len(values))
        mean = numpy.mean(values)
        yield {"counts": counts, "low": float(max(-1, mean - half)), "high": float(min(1, mean + half))}


def main():
    drawn = random.Random(20260301)
    made = {
        "versions": {"scipy": scipy.__version__, "statsmodels": statsmodels.__version__, "lifelines": lifelines.__version__},
        "pairs": list(pairs(drawn)), "strata": list(strata(drawn)), "discoveries": list(discoveries(drawn)), "wilson": list(wilson(drawn)),
        "incidence": list(incidence(drawn)), "moments": list(moments(drawn)), "netShares": list(net_shares(drawn)),
    }
    with open(TARGET, "w", encoding="utf-8") as file:
        json.dump(made, file, indent=None, separators=(",", ":"))
        file.write("\n")


main()
