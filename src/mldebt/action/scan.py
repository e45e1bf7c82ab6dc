"""The scan of a job's work tree, against its base if there is one."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from mldebt import app
from mldebt.action.base import Base, Terms, find_base, terms
from mldebt.action.gate import Verdict, judge
from mldebt.action.inputs import Inputs
from mldebt.errors import UsageError
from mldebt.github.event import Event
from mldebt.judge.run import Watch
from mldebt.model import Report


class Scanned(NamedTuple):
    """What a job knows at the end of its scan."""

    root: Path
    report: Report
    base: Base
    terms: Terms
    verdict: Verdict


def scan(inputs: Inputs, event: Event, environment: Mapping[str, str]) -> Scanned:
    """Scan what the inputs name. Raises UsageError, also when the scan takes longer than it may."""
    workspace = environment.get("GITHUB_WORKSPACE") or os.curdir
    folder = Path(workspace, inputs.working_directory)
    where = app.target(str(folder / path) for path in inputs.paths)
    if not where.root.is_relative_to(Path(workspace).resolve()):
        raise UsageError(f"{where.root} lies outside the workspace: give paths inside it")
    is_pull = event.pull is not None and event.pull.number is not None
    if is_pull and not where.in_git:
        raise UsageError("there is no repository in the workspace: let actions/checkout run before mldebt")
    base = find_base(where.root, inputs.base, event) if where.in_git else Base()
    agreed = terms(where.root, inputs, event, base)
    against = app.Against(base.commit, agreed.accepted)
    compared = base.commit is not None and not inputs.baseline
    cache = app.cache_for(where.root)
    watch = Watch(_deadline(inputs))
    report = (app.diff if compared else app.scan)(where, agreed.settings, cache, watch, against)
    cache.close()
    return Scanned(where.root, report, base, agreed, judge(report, inputs, agreed.settings.fail_on))


def _deadline(inputs: Inputs) -> Callable[[str, int, int], None]:
    """What ends a scan that has taken too long; it is asked after each file and each stage."""
    end = time.monotonic() + inputs.seconds

    def tick(*_: object) -> None:
        if time.monotonic() > end:
            raise UsageError(f"the scan took more than {inputs.timeout}: give the input timeout more, or scan less")

    return tick
