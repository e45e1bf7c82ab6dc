"""Dead code against hand-judged labels.

usage: python benchmarks/quality/deadcode.py BENCH REPOS [--precision 0.90] [--recall 0.50]

BENCH holds `deadcode_dev.csv`, `convert.py` and `score_deadcode.py`; REPOS holds one checkout OWNER+NAME for each
repository of the labels, at the commit they name. Prints the scorer's table; exits 1 below either floor.
"""

from __future__ import annotations

import argparse
import csv
import re
import subprocess
import sys
import tempfile
from pathlib import Path


def main() -> int:
    arguments = _arguments()
    bench: Path = arguments.bench
    with (bench / "deadcode_dev.csv").open(encoding="utf-8", newline="") as stream:
        repositories = sorted({(row["repo"], row["commit"]) for row in csv.DictReader(stream)})
    with tempfile.TemporaryDirectory() as folder:
        findings = Path(folder) / "findings.jsonl"
        for repository, commit in repositories:
            checkout = arguments.repos / repository.replace("/", "+")
            _check(checkout, commit)
            with findings.open("a", encoding="utf-8") as stream:
                stream.write(_scan(bench, repository, checkout, Path(folder) / "report.json"))
        command = [sys.executable, str(bench / "score_deadcode.py"), str(bench / "deadcode_dev.csv"), str(findings)]
        table = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    print(table)
    return _verdict(table, arguments.precision, arguments.recall)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bench", type=Path)
    parser.add_argument("repos", type=Path)
    parser.add_argument("--precision", type=float, default=0.90)
    parser.add_argument("--recall", type=float, default=0.50)
    return parser.parse_args()


def _check(checkout: Path, commit: str) -> None:
    head = subprocess.run(
        ["git", "-C", str(checkout), "rev-parse", "HEAD"], check=False, capture_output=True, text=True
    )
    if head.stdout.strip() != commit:
        sys.exit(f"{checkout} is not at {commit}: clone the repository there and check that commit out")


def _scan(bench: Path, repository: str, checkout: Path, report: Path) -> str:
    """The dead-code findings of one repository, a JSON object a line."""
    mldebt = [sys.executable, "-m", "mldebt", "scan", str(checkout), "--format", "json", "-o", str(report)]
    subprocess.run(mldebt, check=True)
    convert = [sys.executable, str(bench / "convert.py"), "deadcode", repository, str(report)]
    return subprocess.run(convert, check=True, capture_output=True, text=True).stdout


def _verdict(table: str, precision: float, recall: float) -> int:
    first = re.search(r"^all .*? P\s+\d+/\d+\s+(\S+)\s+R\s+\d+/\d+\s+(\S+)", table, re.MULTILINE)
    if first is None:
        sys.exit(f"the scorer's first line was not understood: {table.splitlines()[:1]}")
    reached = float(first[1]), float(first[2])
    print(f"precision {reached[0]:.3f} (floor {precision}), recall {reached[1]:.3f} (floor {recall})")
    return int(reached[0] < precision or reached[1] < recall)


if __name__ == "__main__":
    sys.exit(main())
