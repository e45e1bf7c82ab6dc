"""Leaks against labelled files: a file is right if the rule of its kind of leak finds something just if it should.

usage: python benchmarks/quality/leakage.py BENCH CHECKOUT [--right N] [-v]

BENCH holds `leakage_dev.csv`; CHECKOUT is a clone of malusamayo/leakage-analysis, whose `tests/inputs` the labels name.
Prints the files that are judged wrongly (with -v all of them) and the score; exits 1 if fewer than N are right or a
clean one is flagged.
"""

from __future__ import annotations

import argparse
import csv
import json
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

LABELS = "leakage_dev.csv"
RULES = {
    "preprocessing": "preprocessing-leakage",
    "overlap": "overlap-leakage",
    "multi-test": "multi-test-leakage",
    "multitest": "multi-test-leakage",
}


def main() -> int:
    arguments = _arguments()
    with (arguments.bench / LABELS).open(encoding="utf-8", newline="") as stream:
        labels = list(csv.DictReader(stream))
    found = _found(arguments.checkout / "tests" / "inputs")
    right = flagged = 0
    for label in labels:
        lines = found[label["input_file"], RULES[label["leak_type"]]]
        agrees = bool(lines) == (label["label"] == "leak")
        right += agrees
        flagged += bool(lines) and label["label"] != "leak"
        if arguments.verbose or not agrees:
            verdict = "right" if agrees else "wrong"
            where = f"found in lines {', '.join(map(str, lines))}" if lines else "nothing found"
            print(f"{verdict}  {label['input_file']}: {label['leak_type']}, {label['label']}; {where}")
    print(f"{right} of {len(labels)} files right, {flagged} clean ones flagged")
    return int(right < arguments.right or flagged > 0)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bench", type=Path)
    parser.add_argument("checkout", type=Path)
    parser.add_argument("--right", type=int, default=18, help="how many files have to be right")
    parser.add_argument("-v", "--verbose", action="store_true")
    return parser.parse_args()


def _found(inputs: Path) -> dict[tuple[str, str], list[int]]:
    """The lines each rule flags in each file, by (file name, rule)."""
    if not inputs.is_dir():
        sys.exit(f"{inputs} is missing: clone malusamayo/leakage-analysis there")
    with tempfile.TemporaryDirectory() as temporary:
        report = Path(temporary) / "report.json"
        rules = [part for rule in sorted(set(RULES.values())) for part in ("--select", rule)]
        mldebt = [sys.executable, "-m", "mldebt", "scan", str(inputs), *rules, "--format", "json", "-o", str(report)]
        subprocess.run(mldebt, check=True)
        findings = json.loads(report.read_text(encoding="utf-8"))["findings"]
    lines: dict[tuple[str, str], list[int]] = defaultdict(list)
    for finding in findings:
        lines[Path(finding["at"]["path"]).name, finding["rule"]].append(finding["at"]["line"])
    return lines


if __name__ == "__main__":
    sys.exit(main())
