"""`mldebt fix` on copies of real repositories: what is left parses, binds its names and is found clean.

usage: python benchmarks/quality/fix.py BENCH REPOS [--unsafe] [--keep FOLDER]

BENCH holds `deadcode_dev.csv`; REPOS holds one checkout OWNER+NAME for each repository of the labels. Without BENCH's
file every checkout in REPOS is taken. Of each copy: every Python file that was changed parses; `ruff` finds no name
unbound and none redefined that it did not find before; notebooks are the same bytes outside the sources of their
cells; a second scan offers nothing to take out but what the first run said it left; a second run changes nothing.
Exits 1 if anything of that does not hold.
"""

from __future__ import annotations

import argparse
import ast
import csv
import json
import re
import shutil
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from checkouts import scan, unbound

_SOURCE = re.compile(r'"(?:source|input)"\s*:\s*(?=["\[])')
_LEFT = re.compile(r"^(?P<place>.+?:\d+): (?P<says>.*), left: (?P<why>.*)$")


def main() -> int:
    arguments = _arguments()
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        top = arguments.keep or Path(folder)
        for checkout in _checkouts(arguments.bench, arguments.repos):
            copy = top / checkout.name
            shutil.copytree(checkout, copy, symlinks=True)
            wrong += _try(checkout, copy, ["--unsafe"] if arguments.unsafe else [])
    print(f"{wrong} checks failed" if wrong else "every check holds")
    return int(wrong > 0)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bench", type=Path)
    parser.add_argument("repos", type=Path)
    parser.add_argument("--unsafe", action="store_true", help="also what may change what runs")
    parser.add_argument("--keep", type=Path, help="where to leave the fixed copies")
    return parser.parse_args()


def _checkouts(bench: Path, repos: Path) -> list[Path]:
    labels = bench / "deadcode_dev.csv"
    if not labels.is_file():
        return sorted(path for path in repos.iterdir() if path.is_dir())
    with labels.open(encoding="utf-8", newline="") as stream:
        names = sorted({row["repo"].replace("/", "+") for row in csv.DictReader(stream)})
    return [repos / name for name in names]


def _try(original: Path, copy: Path, options: list[str]) -> int:
    """Fix a copy and print its row and what does not hold; the number of checks that failed."""
    before = unbound(copy)
    done = _fix(copy, "-v", *options)
    left = {match["place"]: match["why"] for line in done.splitlines() if (match := _LEFT.match(line))}
    changed = [path for path in _code(original) if _bytes(copy / path) != _bytes(original / path)]
    failures = [*_broken(original, copy, changed), *(f"ruff: {item}" for item in (unbound(copy) - before).elements())]
    failures.extend(_offered_again(copy, left, options))
    summary = next(line for line in done.splitlines() if re.match(r"\d[\d,]* findings? fixed|nothing to fix", line))
    print(f"{copy.name}: {summary}; {_removed(original, copy, changed):,} lines fewer in {len(changed)} files")
    for failure in failures:
        print(f"  FAILED {failure}")
    return len(failures)


def _fix(folder: Path, *options: str) -> str:
    command = [sys.executable, "-m", "mldebt", "fix", str(folder), *options]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return done.stdout + done.stderr


def _code(folder: Path) -> list[Path]:
    found = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return sorted(path for path in found if ".git" not in path.parts)


def _bytes(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def _broken(original: Path, copy: Path, changed: list[Path]) -> Iterator[str]:
    for path in changed:
        before, after = (original / path).read_bytes(), _bytes(copy / path)
        if path.suffix == ".ipynb" and after is not None and _frame(after) != _frame(before):
            yield f"{path} changed outside its cells' sources"
        elif path.suffix != ".ipynb" and after is not None and not _parses(after):
            yield f"{path} does not parse"


def _frame(data: bytes) -> str:
    """A notebook's text without the sources of its cells; of a text that is JSON."""
    text = data.decode()
    json.loads(text)
    rows: list[str] = []
    at = 0
    for match in _SOURCE.finditer(text):
        if match.start() >= at:
            rows.append(text[at : match.end()])
            _, at = json.JSONDecoder().raw_decode(text, match.end())
    return "".join([*rows, text[at:]])


def _parses(data: bytes) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(data)
    except (SyntaxError, ValueError):
        return False
    return True


def _offered_again(copy: Path, left: dict[str, str], options: list[str]) -> Iterator[str]:
    """What a second scan would take out that the first run did not say it left, and what a second run changes."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        scan(copy, report)
        findings: list[dict[str, Any]] = json.loads(report.read_bytes())["findings"]
    for finding in findings:
        at = finding["at"]
        cell = f"cell {at['cell']}:" if at["cell"] is not None else ""
        place = f"{at['path']}:{cell}{at['line']}"
        if finding["fix"] and (finding["fix"]["safe"] or options) and place not in left:
            yield f"{place} {finding['says']}: found again"
    again = _fix(copy, "-q", *options)
    if not again.startswith("nothing to fix"):
        yield f"a second run: {again.strip()}"


def _removed(original: Path, copy: Path, changed: list[Path]) -> int:
    return sum(
        (original / path).read_bytes().count(b"\n") - (_bytes(copy / path) or b"").count(b"\n") for path in changed
    )


if __name__ == "__main__":
    sys.exit(main())
