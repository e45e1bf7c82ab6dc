"""Suggested abstractions carried out: do the skeletons hold?

usage: python benchmarks/quality/extractions.py REPO... [--classes 3] [--keep FOLDER]

Of each checkout the dearest clone findings with a suggested abstraction are taken, at most `--classes`. Each is carried
out in a copy of its files: the skeleton goes into a module of its own, or into the file if the copies are all in one,
and each copy gives way to what the report says takes its place. Then every file has to compile, `ruff` must find no
name unbound or redefined that it did not find before, and each copy is run before and after, on stand-ins for all that
it reads from outside: both have to do the same, step by step, and give the same. `reordered` means that some object is
built earlier than it was; what does not come to its end on stand-ins counts as compiled. Exits 1 if a skeleton does
not hold.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import warnings
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from carrying import carried, given_name
from checkouts import scan, unbound
from programs import programs
from tasks import SHARED, NotCarried, Task, along, task_of, text_of

_SECONDS = 120
_TRACES = Path(__file__).with_name("traces.py")


def main() -> int:
    arguments = _arguments()
    warnings.simplefilter("ignore")  # of the code of others
    totals: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        top: Path = arguments.keep or Path(folder)
        for checkout in arguments.repos:
            for number, finding in enumerate(_chosen(checkout, top / checkout.name, arguments.classes)):
                verdict, members = _tried(checkout, finding, top / checkout.name / str(number))
                totals[verdict.partition(":")[0]] += 1
                totals["members"] += members
                print(_row(checkout, finding, members, verdict), flush=True)
    print(", ".join(f"{count} {word}" for word, count in sorted(totals.items())))
    return int(any(totals[word] for word in ("different", "broken")))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("repos", type=Path, nargs="+")
    parser.add_argument("--classes", type=int, default=3, help="of each repository")
    parser.add_argument("--keep", type=Path, help="where to leave the files before and after")
    return parser.parse_args()


def _chosen(checkout: Path, folder: Path, most: int) -> list[dict[str, Any]]:
    """The dearest findings with a skeleton."""
    folder.mkdir(parents=True, exist_ok=True)
    report = folder / "report.json"
    scan(checkout, report)
    found = [f for f in json.loads(report.read_bytes())["findings"] if (f.get("suggestion") or {}).get("skeleton")]
    return sorted(found, key=lambda f: (-f["minutes"], f["at"]["path"], f["at"]["line"], f["fingerprint"]))[:most]


def _row(checkout: Path, finding: dict[str, Any], members: int, verdict: str) -> str:
    at, suggestion = finding["at"], finding["suggestion"]
    cell = f"cell {at['cell']}:" if at["cell"] is not None else ""
    place = f"{checkout.name} {at['path']}:{cell}{at['line']}"
    return f"{verdict:<10} {members:>3} members  {place}  {suggestion['kind']}: {suggestion['signature']}"


def _tried(checkout: Path, finding: dict[str, Any], folder: Path) -> tuple[str, int]:
    """The verdict on a suggestion, and how many members it replaces."""
    members = len(finding["suggestion"]["members"])
    try:
        task = task_of(checkout, finding)
        texts = carried(checkout, task)
    except NotCarried as error:
        return f"left: {error}", members
    before = {path: text_of(checkout / path) for path in texts if (checkout / path).exists()}
    _write(folder / "before", before)
    _write(folder / "after", texts)
    failures = list(_failures(task, folder, texts))
    if failures:
        return f"broken: {'; '.join(failures)}", members
    return _ran(task, folder), members


def _write(folder: Path, texts: dict[str, str]) -> None:
    for path, text in texts.items():
        target = folder / (f"{path}.py" if path.endswith(".ipynb") else path)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")


def _failures(task: Task, folder: Path, texts: dict[str, str]) -> Iterator[str]:
    """Files that do not compile, and names that lost their meaning."""
    for path, text in sorted(texts.items()):
        known = folder / "before" / (f"{path}.py" if path.endswith(".ipynb") else path)
        if not _compiles(text) and (not known.exists() or _compiles(known.read_text(encoding="utf-8"))):
            yield f"{path} does not compile"
    for item in (unbound(folder / "after") - unbound(folder / "before")).elements():
        path = item.partition(" ")[0]
        is_shared = path == f"{SHARED}.py" and not along(task)
        if " F811 " not in item or is_shared or given_name(task) in item:
            yield item  # an import that nobody reads any more may well be there twice


def _compiles(text: str) -> bool:
    try:
        compile(text, "m", "exec", dont_inherit=True)
    except SyntaxError:
        return False
    return True


def _ran(task: Task, folder: Path) -> str:
    """The verdict of running each member before and after: the worst of them."""
    try:
        jobs = [programs(task, number) for number in range(len(task.pieces))]
    except NotCarried as error:
        return f"compiled: {error}"
    (folder / "job.json").write_text(json.dumps(jobs), encoding="utf-8")
    command = [sys.executable, "-E", "-s", str(_TRACES)]
    try:
        done = subprocess.run(
            command, input=json.dumps(jobs), capture_output=True, text=True, timeout=_SECONDS, cwd=folder, check=True
        )
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as error:
        return f"compiled: {str(error.stderr)[-300:]}"
    verdicts: list[str] = json.loads(done.stdout)
    for word in ("different", "reordered", "same"):
        found = [verdict for verdict in verdicts if verdict.startswith(word)]
        if found:
            ended = sum(not verdict.startswith("unfinished") for verdict in verdicts)
            return found[0] if word == "different" else f"{word}: {ended} ran"
    return f"compiled: {verdicts[0]}"


if __name__ == "__main__":
    sys.exit(main())
