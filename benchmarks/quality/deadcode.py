"""Dead code against hand-judged labels.

usage: python benchmarks/quality/deadcode.py BENCH REPOS [--precision 0.90] [--recall 0.50]
           [--judged benchmarks/quality/judged_deadcode.csv] [--more FOLDER]...

BENCH holds `deadcode_dev.csv`, `convert.py` and `score_deadcode.py`; REPOS, and each folder of --more, holds one
checkout OWNER+NAME for each repository of the labels, at the commit they name. Prints the scorer's table on the shared
labels and exits 1 if that is below either floor. With --judged it also prints the table on those labels and our own
together, and every finding that nobody has judged; a repository of our own labels that is not checked out is named
and left out, its labels too.
"""

from __future__ import annotations

import argparse
import csv
import re
import subprocess
import sys
import tempfile
from pathlib import Path

Row = dict[str, str]
_LISTED = 20  # unjudged findings that the scorer prints


def main() -> int:
    arguments = _arguments()
    bench: Path = arguments.bench
    shared = _rows(bench / "deadcode_dev.csv")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        findings = folder / "findings.jsonl"
        _scan_all(bench, shared, [arguments.repos], findings)
        table = _score(bench, bench / "deadcode_dev.csv", findings)
        print(table)
        if arguments.judged is not None:
            _with_ours(arguments, shared, folder)
    return _verdict(table, arguments.precision, arguments.recall)


def _with_ours(arguments: argparse.Namespace, shared: list[Row], folder: Path) -> None:
    """Print the scores on the shared labels and ours, and what is still unjudged."""
    places = [arguments.repos, *arguments.more]
    ours = _rows(arguments.judged)
    here = {row["repo"] for row in [*shared, *ours] if _checkout(places, row["repo"]) is not None}
    for missing in sorted({row["repo"] for row in ours} - here):
        print(f"{missing} is not checked out: left out")
    rows = [row for row in [*shared, *ours] if row["repo"] in here]
    labels, findings = folder / "labels.csv", folder / "all.jsonl"
    with labels.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    _scan_all(arguments.bench, rows, places, findings)
    table = _score(arguments.bench, labels, findings)
    print(f"with {arguments.judged.name}\n{table.partition('unjudged findings')[0]}")
    unjudged = _unjudged(arguments.bench, labels, findings)
    print(f"{len(unjudged)} findings are unjudged", *unjudged, sep="\n")


def _rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _checkout(places: list[Path], repository: str) -> Path | None:
    """Where a repository is checked out; None if it is nowhere."""
    found = (place / repository.replace("/", "+") for place in places)
    return next((checkout for checkout in found if checkout.is_dir()), None)


def _scan_all(bench: Path, rows: list[Row], places: list[Path], findings: Path) -> None:
    """Write the findings in all repositories of some labels, a JSON object a line."""
    report = findings.with_suffix(".report")
    with findings.open("w", encoding="utf-8") as stream:
        for repository, commit in sorted({(row["repo"], row["commit"]) for row in rows}):
            checkout = _checkout(places, repository) or places[0] / repository.replace("/", "+")
            _check(checkout, commit)
            stream.write(_scan(bench, repository, checkout, report))


def _score(bench: Path, labels: Path, findings: Path) -> str:
    """The scorer's table."""
    command = [sys.executable, str(bench / "score_deadcode.py"), str(labels), str(findings)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def _unjudged(bench: Path, labels: Path, findings: Path) -> list[str]:
    """All findings without a label row: the scorer lists so many of them that it has to be asked in parts."""
    lines = findings.read_text(encoding="utf-8").splitlines(keepends=True)
    part = findings.with_suffix(".part")
    found: list[str] = []
    for start in range(0, len(lines), _LISTED):
        part.write_text("".join(lines[start : start + _LISTED]), encoding="utf-8")
        found.extend(_score(bench, labels, part).partition("unjudged findings")[2].splitlines()[1:])
    return found


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bench", type=Path)
    parser.add_argument("repos", type=Path)
    parser.add_argument("--precision", type=float, default=0.90)
    parser.add_argument("--recall", type=float, default=0.50)
    parser.add_argument("--judged", type=Path)
    parser.add_argument("--more", type=Path, action="append", default=[])
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
