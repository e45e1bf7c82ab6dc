"""One command, run to its end: wall and CPU seconds of all its processes, and the memory of the largest."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple


class Cost(NamedTuple):
    """Seconds, and megabytes of the largest process."""

    wall: float
    cpu: float
    peak: float


# run by an interpreter of its own, so that the children counted are those of this command alone
_REPORTER = """
import resource, subprocess, sys, time
begin = time.perf_counter()
code = subprocess.run(sys.argv[2:], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL).returncode
wall = time.perf_counter() - begin
used = resource.getrusage(resource.RUSAGE_CHILDREN)
with open(sys.argv[1], "w") as stream:
    print(code, wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, file=stream)
"""


def cost(command: Sequence[str], environment: Mapping[str, str] | None = None, allowed: Sequence[int] = (0,)) -> Cost:
    """What a command takes. Exits with its words if its exit code is not one of those allowed."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "cost"
        done = subprocess.run(
            [sys.executable, "-c", _REPORTER, str(report), *command],
            env={**os.environ, **(environment or {})},
            stderr=subprocess.PIPE,
            check=False,
        )
        words = report.read_text(encoding="utf-8").split() if report.exists() else []
    if not words or int(words[0]) not in allowed:
        sys.exit(f"{' '.join(command[:4])} … failed:\n{done.stderr.decode(errors='replace')[-2000:]}")
    return Cost(*map(float, words[1:]))


def middle(costs: Sequence[Cost]) -> Cost:
    """The median of each figure."""
    return Cost(*(median(figures) for figures in zip(*costs, strict=True)))


def clock(function: object) -> float:
    """CPU seconds of a call in this process."""
    begin = time.process_time()
    function()  # type: ignore[operator]  # a callable without arguments
    return time.process_time() - begin
