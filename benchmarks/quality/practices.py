"""Practice verdicts against hand-judged repositories, with the facts on each repository inferred.

usage: python benchmarks/quality/practices.py BENCH REPOS [--reports FOLDER] [-v]

BENCH holds `practices_dev.csv` and `score_practices.py`; REPOS holds one checkout OWNER+NAME for each repository of the
labels. Prints the scorer's table (with -v each cell that differs); exits 1 below a floor. `--reports` keeps the scans.
"""

from __future__ import annotations

import argparse
import csv
import re
import sys
import tempfile
from pathlib import Path

from checkouts import scan, script

LABELS = "practices_dev.csv"
_FIRST = re.compile(
    r"^all\s+equal (?P<equal>\S+) of\s+(?P<cells>\d+)\s+swaps\s+(?P<swaps>\d+)"
    r"\s+present: precision (?P<precision>\S+) recall (?P<recall>\S+)\s+n-a agrees (?P<agrees>\S+)",
    re.MULTILINE,
)


def main() -> int:
    arguments = _arguments()
    with (arguments.bench / LABELS).open(encoding="utf-8", newline="") as stream:
        repositories = sorted({row["repo"].replace("/", "+") for row in csv.DictReader(stream)})
    with tempfile.TemporaryDirectory() as temporary:
        reports: Path = arguments.reports or Path(temporary)
        reports.mkdir(parents=True, exist_ok=True)
        for name in repositories:
            if not (arguments.repos / name).is_dir():
                sys.exit(f"{arguments.repos / name} is missing: clone the repository there")
            scan(arguments.repos / name, reports / f"{name}.json")
        verbose = ("-v",) if arguments.verbose else ()
        table = script(arguments.bench, "score_practices.py", arguments.bench / LABELS, reports, *verbose)
    print(table)
    return _verdict(table, arguments)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bench", type=Path)
    parser.add_argument("repos", type=Path)
    parser.add_argument("--reports", type=Path)
    parser.add_argument("-v", "--verbose", action="store_true")
    parser.add_argument("--equal", type=float, default=0.92)
    parser.add_argument("--swaps", type=float, default=0.01, help="share of the applicable cells")
    parser.add_argument("--precision", type=float, default=0.96)
    parser.add_argument("--recall", type=float, default=0.94)
    parser.add_argument("--agrees", type=float, default=0.95)
    return parser.parse_args()


def _verdict(table: str, floors: argparse.Namespace) -> int:
    first = _FIRST.search(table)
    if first is None:
        sys.exit(f"the scorer's first line was not understood: {table.splitlines()[:1]}")
    low = [name for name in ("equal", "precision", "recall", "agrees") if float(first[name]) < getattr(floors, name)]
    if int(first["swaps"]) > floors.swaps * int(first["cells"]):
        low.append("swaps")
    print(f"below the floor: {', '.join(low)}" if low else "no figure is below its floor")
    return int(bool(low))


if __name__ == "__main__":
    sys.exit(main())
