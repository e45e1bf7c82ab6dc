"""Speed against peers and against the parser, as ratios of one run.

usage: python benchmarks/speed/run.py LARGE MIDDLE SMALL --jscpd PATH [--runs 3]

LARGE is a tree of about a million lines (the `transformers` source distribution: `pip download --no-deps
--no-binary :all: transformers`, unpacked), MIDDLE and SMALL are smaller ones. vulture and radon are taken from this
interpreter's environment; jscpd 5 is `npm install jscpd@5` in a folder of its own, PATH its `node_modules/.bin/jscpd`.

Prints each figure beside its budget (DESIGN §6) and exits 1 if one is over. Commands are run in turn, so that the
machine's drift falls on all of them; figures are medians.
"""

from __future__ import annotations

import argparse
import ast
import math
import os
import shutil
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path
from typing import NamedTuple

from measure import Cost, clock, cost, middle


class Row(NamedTuple):
    """A figure and the most it may be."""

    what: str
    figure: float
    budget: float
    unit: str = ""


def main() -> int:
    arguments = _arguments()
    with tempfile.TemporaryDirectory() as scratch:
        rows = [
            *_whole(arguments.large, arguments.jscpd, arguments.runs, Path(scratch)),
            *_growth([arguments.small, arguments.middle, arguments.large], Path(scratch)),
            *_hook(arguments.large, Path(scratch)),
        ]
    width = max(len(row.what) for row in rows)
    for row in rows:
        mark = "ok  " if row.figure <= row.budget else "OVER"
        print(f"{mark} {row.what:{width}s} {row.figure:8.3f} {row.unit:3s} (at most {row.budget:g})")
    return int(any(row.figure > row.budget for row in rows))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("large", "middle", "small"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--jscpd", type=Path, required=True)
    parser.add_argument("--runs", type=int, default=3)
    return parser.parse_args()


def _mldebt(tree: Path, cache: Path) -> list[str]:
    return [
        sys.executable,
        "-m",
        "mldebt",
        str(tree),
        "--format",
        "json",
        "-o",
        str(cache / "report.json"),
        "--jobs",
        "2",
    ]


def _scan(tree: Path, scratch: Path, cold: bool) -> Cost:
    cache = scratch / "cache"
    if cold:
        shutil.rmtree(cache, ignore_errors=True)
    cache.mkdir(exist_ok=True)
    return cost(_mldebt(tree, cache), {"MLDEBT_CACHE_DIR": str(cache)})


def _whole(tree: Path, jscpd: Path, runs: int, scratch: Path) -> list[Row]:
    peers = {
        "vulture": [sys.executable, "-m", "vulture", str(tree)],
        "radon cc": [sys.executable, "-m", "radon", "cc", str(tree)],
        "jscpd": [str(jscpd), str(tree), "--silent", "--format", "python", "--output", str(scratch / "jscpd")],
    }
    cold, warm, parse = [], [], []
    others: dict[str, list[Cost]] = {name: [] for name in peers}
    for _ in range(runs):
        cold.append(_scan(tree, scratch, cold=True))
        warm.append(_scan(tree, scratch, cold=False))
        parse.append(_parse(tree))
        for name, command in peers.items():
            others[name].append(cost(command, allowed=(0, 1, 3)))
    ours, again, parsed = middle(cold), middle(warm), sorted(parse)[len(parse) // 2]
    together = {name: middle(costs) for name, costs in others.items()}
    print(f"{'':12s} {'wall s':>8s} {'CPU s':>8s} {'peak MB':>8s}")
    for name, figures in {"cold": ours, "warm": again, **together}.items():
        print(f"{name:12s} {figures.wall:8.2f} {figures.cpu:8.2f} {figures.peak:8.0f}")
    print(f"{'ast.parse':12s} {'':8s} {parsed:8.2f}")
    return [
        Row(
            "cold wall / (vulture, then radon cc, then jscpd)", ours.wall / sum(c.wall for c in together.values()), 0.7
        ),
        Row("cold CPU / ast.parse", ours.cpu / parsed, 6),
        Row("warm wall / cold wall", again.wall / ours.wall, 0.10),
        Row("peak memory of the largest process", ours.peak, 600, "MB"),
    ]


def _sources(tree: Path) -> list[str]:
    return [file.read_text(encoding="utf-8", errors="replace") for file in sorted(tree.rglob("*.py")) if file.is_file()]


def _parse(tree: Path) -> float:
    """CPU seconds that `ast.parse` takes for all files of a tree."""
    texts = _sources(tree)

    def parse_all() -> None:
        for text in texts:
            try:
                ast.parse(text)
            except (SyntaxError, ValueError):
                continue

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return clock(parse_all)


def _growth(trees: list[Path], scratch: Path) -> list[Row]:
    """The exponent with which the time grows with the lines, from the smallest tree to the largest."""
    points = []
    for tree in trees:
        lines = sum(text.count("\n") for text in _sources(tree))
        points.append((lines, _scan(tree, scratch, cold=True).cpu))
        print(f"{tree.name}: {lines:,} lines, {points[-1][1]:.2f} s CPU cold")
    (few, quick), (many, slow) = points[0], points[-1]
    return [Row("growth: exponent of CPU over lines", math.log(slow / quick) / math.log(many / few), 1.1, "")]


def _hook(tree: Path, scratch: Path) -> list[Row]:
    """One changed file in a warm repository of 50,000 lines, as the hook for all families sees it."""
    repository = scratch / "repository"
    lines, files = _copied(tree, repository)
    identity = {
        "GIT_AUTHOR_NAME": "a",
        "GIT_AUTHOR_EMAIL": "a@b",
        "GIT_COMMITTER_NAME": "a",
        "GIT_COMMITTER_EMAIL": "a@b",
    }
    environment = {**os.environ, **identity, "MLDEBT_CACHE_DIR": str(scratch / "hook-cache")}
    for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "all"]):
        subprocess.run(["git", "-C", str(repository), *command], check=True, env=environment)
    by_size = sorted(files, key=lambda file: file.stat().st_size)
    figures = {}
    for name, file in (("median", by_size[len(by_size) // 2]), ("largest", by_size[-1])):
        first, *others = [_commit_of(file, turn, repository, environment) for turn in range(6)]
        figures[name] = sorted(others)[2]
        print(f"hook on {lines:,} lines, the {name} file changed: first {first:.2f} s, then {figures[name]:.2f} s")
    return [Row("hook, one changed file of median size, warm", figures["median"], 0.5, "s")]


def _copied(tree: Path, repository: Path) -> tuple[int, list[Path]]:
    """Files of a tree, up to 50,000 lines of them, copied into a new folder."""
    lines, files = 0, []
    for file in sorted(tree.rglob("*.py")):
        if lines < 50_000 and "models" in file.parts:
            target = repository / file.relative_to(tree)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)
            lines += file.read_text(encoding="utf-8", errors="replace").count("\n")
            files.append(target)
    return lines, files


def _commit_of(file: Path, turn: int, repository: Path, environment: dict[str, str]) -> float:
    """Wall seconds of the hook when a new function, dead so far, is staged."""
    text = file.read_text(encoding="utf-8")
    file.write_text(f"{text}\n\ndef added_{turn}():\n    return {turn}\n", encoding="utf-8")
    subprocess.run(["git", "-C", str(repository), "add", "."], check=True)
    script = (
        f"import os; os.chdir({str(repository)!r}); from mldebt_hooks.changed import main; raise SystemExit(main())"
    )
    return cost([sys.executable, "-c", script], environment, allowed=(1,)).wall


if __name__ == "__main__":
    sys.exit(main())
