"""What the benchmark should show, and whether it does: targets beside what was measured.

Ratios are of one round each, then their median. The targets are meant for logs of 4 million lines and special logs of a million;
on smaller ones the start of the programs weighs more than the job.
"""

import statistics

MEANT = {"many": 4_000_000, "single": 4_000_000, "special": 1_000_000}
GROWTH_MAX = 1.10


class Targets:
    def __init__(self):
        self.rows = []
        self.per_line = {}

    def add(self, what, target, figure, met, unit="", meant=True):
        self.rows.append({"what": what, "target": target, "measured": round(figure, 3), "unit": unit, "met": met, "meant": meant})

    def at_least(self, what, least, ratios, meant):
        if ratios:
            figure = statistics.median(ratios)
            self.add(what, f">= {least}", figure, figure >= least, meant=meant)

    def at_most(self, what, most, figures, unit="", meant=True):
        """What is measured against a limit that may differ from round to round: the median of measured / limit decides."""
        if figures:
            limit = statistics.median(limit for _, limit in figures)
            self.add(what, f"<= {most or f'{limit:.3g}'}", statistics.median(figure for figure, _ in figures),
                     statistics.median(figure / limit for figure, limit in figures) <= 1, unit, meant)

    def add_log(self, events, layout, runs):
        name = f"{events} lines, {'one file' if layout == 'single' else 'many files'}"
        meant = events == MEANT[layout]
        ours, floor = runs.figures["sojourn"], runs.figures.get("decompress", [])
        if layout == "many":
            self.at_least(f"{name}: DuckDB tuned / sojourn", 1.6, runs.ratios("tuned", "sojourn"), meant)
            self.at_least(f"{name}: DuckDB whole / sojourn", 8, runs.ratios("whole", "sojourn"), meant)
            self.at_least(f"{name}: DuckDB tuned / sojourn small", 2.5, runs.ratios("tuned", "small"), meant)
        share = 2.5 if layout == "many" else 2
        self.at_most(f"{name}: wall of {share} x decompression + 0.3 s", None,
                     [(run["wall"], share * least["wall"] + 0.3) for run, least in zip(ours, floor)], "s", meant)
        self.at_most(f"{name}: peak memory of 60 MiB + 64 bytes a line", None, [(run["rss"], 60 + 64 * events / 2**20) for run in ours], "MiB", meant)
        self.per_line.setdefault(layout, []).append((events, statistics.median(run["wall"] for run in ours) / events))

    def add_special(self, runs, figures):
        meant = figures["events"] == MEANT["special"]
        lines = figures["lines"]
        for name, words in (("million", "a person with all events"), ("journey", "journeys of 100,000 events"), ("touchpoints", "10,000 touchpoints")):
            self.at_most(f"{words}: cost of an event, in ordinary ones", "2", [
                (run["wall"] / lines[name] / (base["wall"] / lines["ordinary"]), 2)
                for run, base in zip(runs.figures[name], runs.figures["ordinary"])], meant=meant)
        raw = f"{lines['addresses']} raw addresses"
        self.at_most(f"{raw}: wall", None, [(run["wall"], 4) for run in runs.figures["addresses"]], "s", meant)
        self.at_most(f"{raw}: peak memory", None, [(run["rss"], 600) for run in runs.figures["addresses"]], "MiB", meant)
        warned = "many_touchpoints" in figures["warnings"]["addresses"]
        self.add(f"{raw}: warning many_touchpoints", ">= 1", int(warned), warned, meant=meant)

    def print(self):
        for layout, sizes in self.per_line.items():
            (least, base), *others = sorted(sizes)
            for events, each in others:
                self.add(f"time a line of {events} lines, in that of {least}, {layout}", f"<= {GROWTH_MAX}", each / base, each / base <= GROWTH_MAX,
                         meant=(least, events) == (1_000_000, 16_000_000))
        print(f"\n{'targets':66}{'target':>10}{'measured':>14}")
        for row in self.rows:
            said = ("met" if row["met"] else "missed") + ("" if row["meant"] else " (meant for another size)")
            print(f"{row['what']:66}{row['target']:>10}{row['measured']:>10.2f} {row['unit']:4}{said}")
        return self.rows
