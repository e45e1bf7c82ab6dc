"""The reference set that measured debt is compared with: minutes for each 1,000 lines by category, sorted.

usage: python benchmarks/quality/reference.py --reports FOLDER [--write] REPO...

Scans each REPO whose report is not in FOLDER yet, and prints the quartiles of each category. With --write they go
to src/mldebt/judge/reference.json, without names. Repositories of fewer than 200 lines are left out.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from checkouts import scan

from mldebt.model import CATEGORIES

TARGET = Path(__file__).parents[2] / "src" / "mldebt" / "judge" / "reference.json"
FEWEST_LINES = 200


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("repositories", type=Path, nargs="+")
    parser.add_argument("--reports", type=Path, required=True)
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    paths = {path.name: path for path in arguments.repositories}
    reports = [report for path in paths.values() if (report := read(path, arguments.reports)) is not None]
    table = {name: sorted(round(rate(report, name), 2) for report in reports) for name in CATEGORIES}
    for name, figures in table.items():
        quartiles = [figures[len(figures) * part // 4] for part in (1, 2, 3)]
        print(f"{name:11} {len(figures)} repositories, quartiles {quartiles}, most {figures[-1]}")
    if arguments.write:
        TARGET.write_text(json.dumps(table) + "\n", encoding="utf-8")
    return 0


def read(repository: Path, folder: Path) -> dict[str, Any] | None:
    """The report of a repository, scanned if it is not there yet; None if it is too small or cannot be scanned."""
    file = folder / f"{repository.name}.json"
    folder.mkdir(parents=True, exist_ok=True)
    if not file.exists():
        try:
            scan(repository, file)
        except subprocess.CalledProcessError as error:
            print(f"{repository.name} cannot be scanned: exit code {error.returncode}", file=sys.stderr)
            return None
    report: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return report if report["files"]["lines"] >= FEWEST_LINES else None


def rate(report: dict[str, Any], category: str) -> float:
    """Minutes of debt for each 1,000 lines."""
    minutes: float = report["score"]["categories"][category]["minutes"]
    return 1000 * minutes / float(report["files"]["lines"])


if __name__ == "__main__":
    sys.exit(main())
