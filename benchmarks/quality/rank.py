"""How well the coverage of practices and the grade's number tell engineered repositories from others.

usage: python benchmarks/quality/rank.py BENCH --reports FOLDER REPO...

BENCH holds `niche_dev.csv` (repo, engineered Y or N); each REPO is a checkout OWNER+NAME. Prints the area under the
curve (AUC) of both numbers and all repositories by coverage; debt is compared with mldebt's own reference set.
"""

from __future__ import annotations

import argparse
import csv
import sys
from pathlib import Path
from typing import Any

from reference import rate, read

from mldebt.judge.score import VALUES, percentile, weighted
from mldebt.model import CATEGORIES, Category
from mldebt.practices import catalogue


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bench", type=Path)
    parser.add_argument("repositories", type=Path, nargs="+")
    parser.add_argument("--reports", type=Path, required=True)
    arguments = parser.parse_args()
    with (arguments.bench / "niche_dev.csv").open(encoding="utf-8", newline="") as stream:
        labels = {row["repo"].replace("/", "+"): row["engineered"] == "Y" for row in csv.DictReader(stream)}
    rows = []
    for path in arguments.repositories:
        report = read(path, arguments.reports)
        if report is not None and path.name in labels:
            rows.append((coverage(report), number(report), labels[path.name], path.name))
    for covered, health, engineered, name in sorted(rows, reverse=True):
        print(f"{'Y' if engineered else 'N'}  coverage {covered:.2f}  number {health:.2f}  {name}")
    good, bad = [r for r in rows if r[2]], [r for r in rows if not r[2]]
    print(f"{len(good)} engineered, {len(bad)} not")
    print(f"AUC of coverage {auc([r[0] for r in good], [r[0] for r in bad]):.3f}")
    print(f"AUC of the grade's number {auc([r[1] for r in good], [r[1] for r in bad]):.3f}")
    return 0


def coverage(report: dict[str, Any]) -> float:
    """The weighted share of all applicable practices that are there, a partial one counting half."""
    weights = {practice.practice: practice.weight for _, practice in catalogue().practices}
    asked = [(weights[p["practice"]], VALUES[p["status"]]) for p in report["practices"] if p["status"] in VALUES]
    return sum(w * v for w, v in asked) / (sum(w for w, _ in asked) or 1)


def number(report: dict[str, Any]) -> float:
    """The number that the letter is cut from."""
    health: dict[Category, float] = {}
    for name in CATEGORIES:
        covered = report["score"]["categories"][name]["coverage"]
        debt = percentile(name, rate(report, name))
        known = [part for part in (covered, None if debt is None else 1 - debt) if part is not None]
        if known:
            health[name] = sum(known) / len(known)
    return weighted(health)


def auc(high: list[float], low: list[float]) -> float:
    """The chance that one of the first is above one of the second, ties counting half."""
    pairs = [(a > b) + (a == b) / 2 for a in high for b in low]
    return sum(pairs) / len(pairs) if pairs else 0.0


if __name__ == "__main__":
    sys.exit(main())
