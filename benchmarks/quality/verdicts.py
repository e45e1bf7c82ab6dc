"""What reading said of findings of the ML rules, and what of it reports still say.

usage: python benchmarks/quality/verdicts.py [--judged benchmarks/quality/judged_ml.csv] [--reports FOLDER]

Prints, for each sample and each rule, how many findings were judged right, wrong and contested. The samples `first`,
`second` and `third` are 60 findings drawn at random from ten repositories each, five of them with notebooks, at most
three of one rule in a repository; what was wrong was mended before the next was drawn. `rare` is what rules say that
seldom speak, from some 220 repositories. With --reports, a folder of `OWNER+NAME.json` (reports of
`mldebt scan --format json --select ...`), it also prints each wrong one that is still reported and each right one that
is not.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections import Counter
from pathlib import Path

Row = dict[str, str]
Key = tuple[str, str, str, str]  # rule, path, line, cell
_VERDICTS = ("right", "wrong", "contested")


def main() -> None:
    arguments = _arguments()
    with arguments.judged.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    for column in ("sample", "rule"):
        _print_table(rows, column)
    if arguments.reports is not None:
        _print_changes(rows, arguments.reports)


def _print_table(rows: list[Row], column: str) -> None:
    counts = Counter((row[column], row["verdict"]) for row in rows)
    print(f"{column:38}" + "".join(f"{verdict:>10}" for verdict in _VERDICTS))
    for name in sorted({name for name, _ in counts}):
        print(f"{name:38}" + "".join(f"{counts[name, verdict]:>10}" for verdict in _VERDICTS))


def _print_changes(rows: list[Row], reports: Path) -> None:
    """Print the verdicts that the reports no longer agree with; a repository without one is left out."""
    for repo in sorted({row["repo"] for row in rows}):
        file = reports / f"{repo.replace('/', '+')}.json"
        if not file.exists():
            continue
        said = {_key(finding) for finding in json.loads(file.read_text(encoding="utf-8"))["findings"]}
        for row in (row for row in rows if row["repo"] == repo):
            is_said = (row["rule"], row["path"], row["line"], row["cell"]) in said
            if is_said == (row["verdict"] == "wrong") and row["verdict"] != "contested":
                what = "wrong, still said" if is_said else "right, no longer said"
                print(f"{what}: {repo} {row['rule']} {row['path']}:{row['line']}")


def _key(finding: dict[str, object]) -> Key:
    at = finding["at"]
    assert isinstance(at, dict), "every finding has a place"
    return str(finding["rule"]), at["path"], str(at["line"]), "" if at["cell"] is None else str(at["cell"])


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--judged", type=Path, default=Path(__file__).with_name("judged_ml.csv"))
    parser.add_argument("--reports", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    main()
