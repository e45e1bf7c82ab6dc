"""Clone classes against injected clones and hand-judged pairs.

usage: python benchmarks/quality/clones.py BENCH JUDGED HOST... [--seeds 0 1] [--recall 0.92] [--actionable 0.85]
                                           [--false 0.03] [--reading 0.60]

BENCH holds `clones_dev.csv`, `clone_injection.py`, `convert.py` and `score_clones.py`; JUDGED holds one checkout
OWNER+NAME for each repository of the labels, at the commit they name; the HOSTs are the trees that clones are injected
into. Prints the scorers' tables; exits 1 below the floor of recall, of actionable pairs, or of the pairs that only
reading found, or with more false ones.
"""

from __future__ import annotations

import argparse
import csv
import re
import sys
import tempfile
from pathlib import Path

from checkouts import check, scan, script


def main() -> int:
    arguments = _arguments()
    bench: Path = arguments.bench
    with tempfile.TemporaryDirectory() as folder:
        injected = [_injection(bench, arguments.hosts, seed, Path(folder) / seed) for seed in arguments.seeds]
        judged = _judged(bench, arguments.judged, Path(folder) / "judged")
    recall = min(_figure(r"recall ([\d.]+)", table) for table in injected)
    actionable = _figure(r"^all\s+actionable ([\d.]+)", judged)
    false = _figure(r"^all .* false ([\d.]+)", judged)
    print(
        f"recall {recall} (floor {arguments.recall}), actionable {actionable} (floor {arguments.actionable}),", end=" "
    )
    read = _figure(r"^all .*?(\d+)/\d+ found by reading", judged) / _figure(r"^all .*?/(\d+) found by reading", judged)
    print(f"false {false} (ceiling {arguments.false}), found by reading {read:.2f} (floor {arguments.reading})")
    below = recall < arguments.recall or actionable < arguments.actionable or read < arguments.reading
    return int(below or false > arguments.false)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bench", type=Path)
    parser.add_argument("judged", type=Path)
    parser.add_argument("hosts", type=Path, nargs="+")
    parser.add_argument("--seeds", nargs="+", default=["0", "1"])
    parser.add_argument("--recall", type=float, default=0.92)
    parser.add_argument("--actionable", type=float, default=0.85)
    parser.add_argument("--false", type=float, default=0.03)
    parser.add_argument("--reading", type=float, default=0.60)
    return parser.parse_args()


def _injection(bench: Path, hosts: list[Path], seed: str, folder: Path) -> str:
    """The score of one seed's injected clones."""
    folder.mkdir()
    tree, truth = folder / "tree", folder / "truth.json"
    script(bench, "clone_injection.py", "inject", *hosts, "--out", tree, "--truth", truth, "--seed", seed)
    clones = _clones(bench, tree, folder / "clones.json")
    table = script(bench, "clone_injection.py", "score", "--truth", truth, "--tree", tree, "--report", clones)
    print(f"injection, seed {seed}\n{table}")
    return table


def _judged(bench: Path, checkouts: Path, folder: Path) -> str:
    """The score of the hand-judged pairs."""
    folder.mkdir()
    with (bench / "clones_dev.csv").open(encoding="utf-8", newline="") as stream:
        repositories = sorted({(row["repo"], row["commit"]) for row in csv.DictReader(stream)})
    for repository, commit in repositories:
        name = repository.replace("/", "+")
        check(checkouts / name, commit)
        _clones(bench, checkouts / name, folder / f"{name}.json")
    table = script(bench, "score_clones.py", bench / "clones_dev.csv", folder)
    print(f"judged pairs\n{table}")
    return table


def _clones(bench: Path, tree: Path, target: Path) -> Path:
    """The clone classes of a tree in the form the scorers read."""
    report = target.with_suffix(".report.json")
    scan(tree, report)
    target.write_text(script(bench, "convert.py", "clones", report), encoding="utf-8")
    report.unlink()
    return target


def _figure(pattern: str, table: str) -> float:
    found = re.search(pattern, table, re.MULTILINE)
    if found is None:
        sys.exit(f"the scorer's table was not understood: {table.splitlines()[:1]}")
    return float(found[1])


if __name__ == "__main__":
    sys.exit(main())
