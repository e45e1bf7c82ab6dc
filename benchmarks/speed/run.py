"""Speed against peers and against the parser, as ratios of one run.

usage: python benchmarks/speed/run.py LARGE [OTHER ...] --jscpd PATH [--runs 3]

LARGE is a tree of about a million lines (the `transformers` source distribution: `pip download --no-deps
--no-binary :all: transformers`, unpacked), OTHER are smaller ones. vulture and radon are taken from this interpreter's
environment; jscpd 5 is `npm install jscpd@5` in a folder of its own, PATH its `node_modules/.bin/jscpd`. mldebt is what
this interpreter imports: its files must not change meanwhile, since a changed rule makes every cache stale.

Prints each figure beside its budget (DESIGN §6) and exits 1 if one is over; budgets are for LARGE, the other trees are
shown for comparison. Commands are run in turn, so that the machine's drift falls on all of them; figures are medians.
Wall time is only what it says on a machine with two idle cores.
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
    """A figure and the most it may be; None if it is only shown."""

    what: str
    figure: float
    budget: float | None = None
    unit: str = ""

    @property
    def is_over(self) -> bool:
        return self.budget is not None and self.figure > self.budget


def main() -> int:
    arguments = _arguments()
    with tempfile.TemporaryDirectory() as scratch:
        checkout = _checkout(arguments.large, Path(scratch))
        rows = [
            *_whole(arguments.large, arguments.jscpd, arguments.runs, Path(scratch)),
            *_growth(arguments.large, arguments.runs, Path(scratch)),
            *_hook(checkout),
            *_diff(checkout),
        ]
        for tree in arguments.other:
            rows += [
                Row(f"{tree.name}: {row.what}", row.figure, unit=row.unit)
                for row in _whole(tree, arguments.jscpd, arguments.runs, Path(scratch))
            ]
    width = max(len(row.what) for row in rows)
    for row in rows:
        mark = "" if row.budget is None else "OVER" if row.is_over else "ok"
        limit = "" if row.budget is None else f"(at most {row.budget:g})"
        print(f"{mark:4s} {row.what:{width}s} {row.figure:8.3f} {row.unit:3s} {limit}".rstrip())
    return int(any(row.is_over for row in rows))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("large", type=Path)
    parser.add_argument("other", type=Path, nargs="*")
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
    print(f"\n{tree.name}")
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


def _growth(tree: Path, runs: int, scratch: Path) -> list[Row]:
    """The exponent with which the CPU time grows with the lines, from the first 100,000 lines of a tree to all."""
    part = scratch / "part"
    few, _ = _copied(tree, part, 100_000)
    many = sum(text.count("\n") for text in _sources(tree))
    costs = [(_scan(part, scratch, cold=True).cpu, _scan(tree, scratch, cold=True).cpu) for _ in range(runs)]
    quick, slow = (sorted(column)[runs // 2] for column in zip(*costs, strict=True))
    print(f"\n{few:,} lines {quick:.2f} s CPU, {many:,} lines {slow:.2f} s")
    return [Row("growth: exponent of CPU over lines", math.log(slow / quick) / math.log(many / few), 1.1)]


class Checkout(NamedTuple):
    """A repository of 50,000 lines with one commit, its files by size, and the environment to run git and mldebt in."""

    folder: Path
    lines: int
    files: list[Path]
    environment: dict[str, str]


def _checkout(tree: Path, scratch: Path) -> Checkout:
    repository = scratch / "repository"
    lines, files = _copied(tree, repository, 50_000)
    identity = {
        "GIT_AUTHOR_NAME": "a",
        "GIT_AUTHOR_EMAIL": "a@b",
        "GIT_COMMITTER_NAME": "a",
        "GIT_COMMITTER_EMAIL": "a@b",
    }
    environment = {**os.environ, **identity, "MLDEBT_CACHE_DIR": str(scratch / "hook-cache")}
    for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "all"]):
        subprocess.run(["git", "-C", str(repository), *command], check=True, env=environment)
    return Checkout(repository, lines, sorted(files, key=lambda file: file.stat().st_size), environment)


def _hook(at: Checkout) -> list[Row]:
    """One changed file in a warm repository of 50,000 lines, as the hook for all families sees it."""
    figures = {}
    for name, file in (("median", at.files[len(at.files) // 2]), ("largest", at.files[-1])):
        first, *others = [_commit_of(file, turn, at.folder, at.environment) for turn in range(6)]
        figures[name] = middle(others)
        then = f"{figures[name].wall:.2f} s wall, {figures[name].cpu:.2f} s CPU"
        print(f"hook on {at.lines:,} lines, the {name} file changed: first {first.wall:.2f} s, then {then}")
    return [
        Row("hook, one changed file of median size, warm: wall", figures["median"].wall, 0.5, "s"),
        Row("hook, the same: CPU", figures["median"].cpu, unit="s"),
    ]


def _diff(at: Checkout) -> list[Row]:
    """`mldebt diff` with ten files of all sizes changed against a commit that the cache knows."""
    subprocess.run(["git", "-C", str(at.folder), "commit", "-qam", "more"], check=True, env=at.environment)
    ten = at.files[:: max(1, len(at.files) // 10)][:10]
    command = [sys.executable, "-m", "mldebt", "diff", str(at.folder), "--base", "HEAD", "--fail-on", "none", "-q"]
    costs = []
    for turn in range(4):
        for file in ten:
            with file.open("a", encoding="utf-8") as stream:
                stream.write(f"\n\ndef _changed_{turn}():\n    return {turn}\n")
        costs.append(cost(command, at.environment))
    warm = middle(costs[1:])
    print(f"diff on {at.lines:,} lines, ten files changed: first {costs[0].wall:.2f} s, then {warm.wall:.2f} s wall")
    return [
        Row("diff, ten changed files, warm: wall", warm.wall, 1.0, "s"),
        Row("diff, the same: CPU", warm.cpu, unit="s"),
    ]


def _copied(tree: Path, folder: Path, at_most: int) -> tuple[int, list[Path]]:
    """The files of a tree that come first, about so many lines of them, copied into a new folder."""
    lines, files = 0, []
    for file in sorted(tree.rglob("*.py")):
        if lines < at_most:
            target = folder / file.relative_to(tree)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)
            lines += file.read_text(encoding="utf-8", errors="replace").count("\n")
            files.append(target)
    return lines, files


def _commit_of(file: Path, turn: int, repository: Path, environment: dict[str, str]) -> Cost:
    """What the hook takes when a new function, dead so far, is staged."""
    text = file.read_text(encoding="utf-8")
    file.write_text(f"{text}\n\ndef _added_{turn}():\n    return {turn}\n", encoding="utf-8")
    subprocess.run(["git", "-C", str(repository), "add", "."], check=True)
    script = (
        f"import os; os.chdir({str(repository)!r}); from mldebt_hooks.changed import main; raise SystemExit(main())"
    )
    return cost([sys.executable, "-c", script], environment, allowed=(1,))


if __name__ == "__main__":
    sys.exit(main())
