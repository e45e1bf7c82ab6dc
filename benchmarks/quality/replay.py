"""Merged changes of real repositories replayed: what `mldebt diff` says each added and paid off, to judge by reading.

usage: python benchmarks/quality/replay.py CHECKOUT [COMMIT] [--pick N] [--seed S] [--keep FOLDER]

CHECKOUT is a git checkout with its history; it is cloned, never touched. COMMIT is compared with its first parent.
Without one, N commits of the first-parent history are drawn that changed 3 to 25 Python files or notebooks and 60 lines
or more. For each, its findings are printed, `+` new and `-` fixed, with the places they speak of.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

_FILES = range(3, 26)
_LINES = 60
_LAST = 1500  # commits looked at
_SHOWN = 4  # related places


def main() -> int:
    arguments = _arguments()
    with tempfile.TemporaryDirectory() as folder:
        copy = arguments.keep or Path(folder) / arguments.checkout.name
        if not copy.exists():
            _git(arguments.checkout, "clone", "--quiet", "--shared", "--no-checkout", ".", str(copy.absolute()))
        commits = [arguments.commit] if arguments.commit else _drawn(copy, arguments.pick, arguments.seed)
        for commit in commits:
            try:
                _replay(copy, commit)
            except subprocess.CalledProcessError as error:
                print(f"cannot be replayed, is its history all there? {error.stderr.decode(errors='replace').strip()}")
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkout", type=Path)
    parser.add_argument("commit", nargs="?")
    parser.add_argument("--pick", type=int, default=1)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--keep", type=Path, help="where to leave the clone")
    return parser.parse_args()


def _git(where: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=where, capture_output=True, check=True)
    return done.stdout.decode(errors="surrogateescape")


def _drawn(copy: Path, count: int, seed: int) -> list[str]:
    """Commits of a reviewable size, oldest first."""
    log = ["log", "--first-parent", "-m", f"-{_LAST}", "--no-renames", "--numstat", "--format=commit %H"]
    sized: list[tuple[str, int, int]] = []
    for line in _git(copy, *log, "--", "*.py", "*.ipynb").splitlines():
        if line.startswith("commit "):
            sized.append((line.split()[1], 0, 0))
        elif line:
            commit, files, lines = sized[-1]
            added, removed, _ = line.split("\t", 2)
            counted = int(added) + int(removed) if added.isdigit() else 0
            sized[-1] = commit, files + 1, lines + counted
    fit = [commit for commit, files, lines in sized if files in _FILES and lines >= _LINES]
    picked = set(random.Random(seed).sample(fit, min(count, len(fit))))
    return [commit for commit in reversed(fit) if commit in picked]


def _replay(copy: Path, commit: str) -> None:
    _git(copy, "checkout", "--quiet", "--force", "--detach", commit)
    print(f"\n## {copy.name} {_git(copy, 'log', '-1', '--format=%h %s', commit).strip()}")
    print(_git(copy, "diff", "--shortstat", f"{commit}^1", commit).strip())
    began = time.perf_counter()
    command = [sys.executable, "-m", "mldebt", "diff", str(copy), "--base", f"{commit}^1", "--format", "json"]
    done = subprocess.run(command, capture_output=True, check=True)
    report = json.loads(done.stdout)
    marks = {"new": "+", "fixed": "-"}
    told = [finding for finding in report["findings"] if finding["standing"] in marks]
    for finding in told:
        print(marks[finding["standing"]], _shown(finding))
    print(f"{len(told)} of {len(report['findings'])} findings, {time.perf_counter() - began:.1f} s")


def _shown(finding: dict[str, Any]) -> str:
    head = f"{_place(finding['at'])} {finding['rule']} ({finding['kind']}) {finding['says']}"
    see = [f"      {_place(span)} {span['note']}" for span in finding["see"][:_SHOWN]]
    more = len(finding["see"]) - _SHOWN
    return "\n".join([head, *see, *([f"      and {more} more"] if more > 0 else [])])


def _place(span: dict[str, Any]) -> str:
    cell = f"cell {span['cell']}:" if span["cell"] is not None else ""
    return f"{span['path']}:{cell}{span['line']}-{span['end_line']}"


if __name__ == "__main__":
    sys.exit(main())
