"""Recall on the agreed lines of ML smells that people found in real files.

    python benchmarks/quality/mlsmells.py BENCH CHECKOUT

BENCH holds `mlsmells_dev.csv`, CHECKOUT is KamruzzamanAsif/SpecDetect4AI-B903. A finding counts if it is at most one
line away from the label. Contested labels do not count, and neither do smells that docs/refused.md refuses. Exits with
1 if the recall with all rules is below the floor.
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

Place = tuple[str, str, int]  # rule, path, line
# what we call what they call so
RULES: dict[str, tuple[str, ...]] = {
    "chain-indexing": ("chained-assignment", "chained-indexing"),
    "columns-dtype-not-set": ("read-without-dtype",),
    "df-conversion-values": ("values-attribute",),
    "empty-column-misinitialization": ("placeholder-column",),
    "gradients-not-cleared": ("gradients-not-cleared",),
    "merge-params-not-set": ("merge-without-keys",),
    "nan-comparison": ("nan-comparison",),
    "pytorch-call-misused": ("forward-called-directly",),
    "tensorarray-not-used": ("growing-array-in-loop",),
    "unnecessary-iteration": ("dataframe-row-iteration",),
    "broadcasting-not-used": ("tiled-operand",),
    "hyperparameters-not-set": ("hyper-parameters-implicit",),
}
REFUSED = {
    "matmul-api-misused": "numpy.dot of two matrices",
    "memory-not-freed": "any operation or layer of TensorFlow in a loop",
    "in-place-misused": "inplace=True",
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bench", type=Path)
    parser.add_argument("checkout", type=Path)
    parser.add_argument("--recall", type=float, default=0.85)
    parser.add_argument("--missed", action="store_true", help="list the labels that were not found")
    arguments = parser.parse_args()
    labels = _labels(arguments.bench / "mlsmells_dev.csv")
    paths = sorted({path for _, path, _ in labels})
    every = _findings(arguments.checkout, paths, "--all-rules")
    usual = _findings(arguments.checkout, paths)
    return _report(labels, every, usual, arguments.recall, arguments.missed)


def _labels(file: Path) -> list[Place]:
    with file.open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["status"] == "agreed-smell"]
    return [(row["smell"], row["path_in_repo"], int(row["line"])) for row in rows]


def _findings(checkout: Path, paths: list[str], *options: str) -> list[Place]:
    """Every finding in the labelled files."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        files = [str(checkout / path) for path in paths]
        command = [sys.executable, "-m", "mldebt", "scan", *files, "--format", "json", "-o", str(report), *options]
        subprocess.run(command, check=True)
        findings = json.loads(report.read_text(encoding="utf-8"))["findings"]
    return [(f["rule"], f["at"]["path"], f["at"]["line"]) for f in findings]


def _report(labels: list[Place], every: list[Place], usual: list[Place], floor: float, missed: bool) -> int:
    """Print a line a smell and the whole; 1 if the recall is below the floor."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for label in labels:
        smell = label[0]
        hits = _is_found(label, every), _is_found(label, usual)
        counts[smell] = [n + new for n, new in zip(counts[smell], (1, *hits), strict=True)]
        if missed and not hits[0] and smell not in REFUSED:
            print("missed", *label)
    print(f"{'smell':32} labels  all rules  by default")
    for smell, (total, found, default) in sorted(counts.items()):
        refused = f"  refused: {REFUSED[smell]}" if smell in REFUSED else ""
        print(f"{smell:32} {total:6} {found:10} {default:11}{refused}")
    kept = [count for smell, count in counts.items() if smell not in REFUSED]
    total, found, default = (sum(column) for column in zip(*kept, strict=True))
    print(f"{'without what is refused':32} {total:6} {found:10} {default:11}")
    print(f"recall {found / total:.3f} with all rules (floor {floor}), {default / total:.3f} by default")
    return int(found / total < floor)


def _is_found(label: Place, findings: list[Place]) -> bool:
    smell, path, line = label
    return any(rule in RULES.get(smell, ()) and at == path and abs(n - line) <= 1 for rule, at, n in findings)


if __name__ == "__main__":
    sys.exit(main())
