"""What the pre-commit hooks run: file names in, a line a finding out.

Reported is what the staged change adds against HEAD, in the files named. With nothing staged, as in `pre-commit run
--all-files`, it is all that the files named hold. Either way the verdict on a file does not depend on the others named.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from mldebt.door import DEBT, OK, exit_code
from mldebt.model import Finding


def run(families: tuple[str, ...], arguments: Sequence[str]) -> int:
    """Check the files named for these families (none: for all); the exit code."""
    return exit_code(lambda: _check(families, arguments), arguments)


def _check(families: tuple[str, ...], arguments: Sequence[str]) -> int:
    from mldebt import app
    from mldebt.settings import load

    where = app.target([os.curdir])
    settings = load(where.root)
    cache = app.cache_for(where.root)
    order = app.order_of(settings, families)
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


def _line(finding: Finding) -> str:
    from mldebt.report.excerpt import plain

    at = finding.at
    cell = f"cell {at.cell}:" if at.cell is not None else ""
    return f"{Path(plain(at.path)).as_posix()}:{cell}{at.line}:{at.column}: {finding.rule} {plain(finding.says)}"
