"""What the rules on machine learning cost of a cold scan.

usage: python benchmarks/speed/family.py TREE [TREE ...] [--runs 5]

Three scans are run in turn, each in a process of its own with an empty cache: the whole one, one without the rules of
the families ml, notebooks and artifacts (those that are off by default too: a scan runs them for its cache), and one
without the facts that are gathered for these rules alone either. The figures are the shares of the whole scan's CPU
time that are missing in the others, round by round, so that a machine that gets slower or faster between rounds changes
both sides; the middle round and the extremes are printed. What practices derive from the same facts is not counted
while the facts are there.

Exits 1 if the middle share of rules and facts together is over the budget.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path
from statistics import median

from measure import cost

BUDGET = 0.30
FAMILIES = ("ml", "notebooks", "artifacts")
FACTS = {"draws": "()", "traffic": "Traffic()", "retired": "()", "restored": "()", "undocumented": "()"}
_WHOLE = "from mldebt.cli import main; main()"
_RULES = f"""
import mldebt.rules.catalogue as catalogue
kept = tuple(rule for rule in catalogue.load() if rule.about.family not in {FAMILIES!r})
catalogue.load = lambda: kept
"""
_ALONE = """
import mldebt.facts.extract as extract
from mldebt.model import Traffic
""" + "".join(f"assert extract.{name}; extract.{name} = lambda *given: {empty}\n" for name, empty in FACTS.items())
ARMS = {"whole": _WHOLE, "no rules": _RULES + _WHOLE, "no rules, no facts": _RULES + _ALONE + _WHOLE}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tree", type=Path, nargs="+")
    parser.add_argument("--runs", type=int, default=5)
    arguments = parser.parse_args()
    print(f"{'':32s} {'whole, CPU s':>12s} {'rules':>8s} {'rules and facts':>16s}  (least to most)")
    shares = [_shares(tree, arguments.runs) for tree in arguments.tree]
    return int(max(shares) > BUDGET)


def _shares(tree: Path, runs: int) -> float:
    """The middle share that the rules and their facts have; prints the line of a tree."""
    _seconds(tree, _WHOLE)  # the files are in memory, and the code is compiled, for all that follow
    rounds = [{name: _seconds(tree, code) for name, code in ARMS.items()} for _ in range(runs)]
    rules, both = ([1 - r[name] / r["whole"] for r in rounds] for name in ("no rules", "no rules, no facts"))
    seconds = median(r["whole"] for r in rounds)
    spread = f"({min(both):.1%} to {max(both):.1%})"
    print(f"{tree.name:32s} {seconds:12.2f} {median(rules):8.1%} {median(both):16.1%}  {spread}", flush=True)
    return median(both)


def _seconds(tree: Path, code: str) -> float:
    """CPU seconds of a cold scan."""
    with tempfile.TemporaryDirectory() as scratch:
        words = ["scan", str(tree), "--format", "json", "-o", str(Path(scratch) / "report.json"), "--jobs", "1"]
        environment = {"MLDEBT_CACHE_DIR": str(Path(scratch) / "cache"), "PYTHONDONTWRITEBYTECODE": ""}
        return cost([sys.executable, "-c", code, *words], {**os.environ, **environment}, allowed=(0, 1)).cpu


if __name__ == "__main__":
    sys.exit(main())
