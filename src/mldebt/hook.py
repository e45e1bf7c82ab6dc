"""What the pre-commit hooks run: file names in, a line a finding out.

Reported is what the staged change adds against HEAD, in the files named. With nothing staged, as in `pre-commit run
--all-files`, it is all that the files named hold. Either way the verdict on a file does not depend on the others named.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from mldebt.door import DEBT, OK, exit_code
from mldebt.model import Finding, Outcome


def run(families: tuple[str, ...], arguments: Sequence[str]) -> int:
    """Check the files named for these families (none: for all); the exit code."""
    return exit_code(lambda: _check(families, arguments), arguments)


def _check(families: tuple[str, ...], arguments: Sequence[str]) -> int:
    from mldebt import app
    from mldebt.settings import load

    where = app.target([os.curdir])
    settings = load(where.root)
    cache = app.cache_for(where.root)
    order = app.order_of(settings, families)._replace(asked=None)  # a hook speaks of findings
    named = frozenset(app.inside(where.root, arguments))
    report = app.staged(where.root, order, cache) if where.in_git else None
    if report is None:
        report = app.in_files(where, order, cache, named)
    cache.close()
    kept = app.narrow(report, tuple(sorted(named)) or ("",), settings.exclude, once=True)
    found = [finding for finding in kept.findings if finding.standing == "new"]
    for finding in found:
        print(_line(finding))
    return DEBT if found else OK


def run_baseline() -> int:
    """Check that the staged baseline holds nothing that is gone; the exit code."""
    return exit_code(_baseline, ())


def _baseline() -> int:
    from mldebt import app, ledger
    from mldebt.report.ledger import gone
    from mldebt.settings import load

    where = app.target([os.curdir])._replace(paths=("",))
    settings = load(where.root)
    cache = app.cache_for(where.root)
    count = ledger.stale(where, settings, cache)
    cache.close()
    if count:
        print(f".mldebt-baseline.json: {gone(count)}")
    return DEBT if count else OK


def run_practices() -> int:
    """Check that the staged change takes no practice away; the exit code."""
    return exit_code(_practices, ())


def _practices() -> int:
    from mldebt import app
    from mldebt.lapse import lapses
    from mldebt.settings import load

    where = app.target([os.curdir])
    settings = load(where.root)
    cache = app.cache_for(where.root)
    found = lapses(where.root, settings, cache) if where.in_git else []
    cache.close()
    for lapse in found:
        print(_lapse(lapse.before, lapse.now))
    return DEBT if found else OK


def _lapse(before: Outcome, now: Outcome) -> str:
    from mldebt.report.excerpt import plain

    shown = next((item for item in before.evidence if item.path), None)
    line = f":{shown.line}" if shown is not None and shown.line else ""
    place = f"{plain(shown.path)}{line}" if shown is not None else "the repository"
    return f"{place}: practice {now.practice} was present and is {now.status}: {plain(now.why)}"


def _line(finding: Finding) -> str:
    from mldebt.report.excerpt import plain

    at = finding.at
    cell = f"cell {at.cell}:" if at.cell is not None else ""
    return f"{Path(plain(at.path)).as_posix()}:{cell}{at.line}:{at.column}: {finding.rule} {plain(finding.says)}"
