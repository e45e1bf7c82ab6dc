"""A report against another one's: what is new, what was there, what was paid off.

A clone class is known by where its members stand, whatever was edited in them: with one where none was it is new.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from types import MappingProxyType

import msgspec

from mldebt.judge.clone_classes import clone_classes, has_grown, paired
from mldebt.model import Finding, Report

_NONE: Mapping[str, str] = MappingProxyType({})


def compare(report: Report, base: Report, renamed: Mapping[str, str] = _NONE) -> Report:
    """The report with a standing for each finding, and the base's findings that are gone as `fixed`.

    `renamed` has the names that files had in the base, by the ones they have now: their findings went with them.
    """
    classes = clone_classes(report.findings, renamed)
    were = paired(classes, clone_classes(base.findings))
    known = {finding.fingerprint for finding in base.findings}.union(were)
    met = {finding.fingerprint for finding in report.findings}.union(old.fingerprint for old in were.values())
    gone = [finding for finding in base.findings if finding.fingerprint not in met]
    left = Counter(_mark(finding, finding.at.path) for finding in gone)
    marked: list[Finding] = []
    for finding in report.findings:
        if finding.fingerprint in known:
            old = were.get(finding.fingerprint)
            grown = old is not None and has_grown(classes[finding.fingerprint], old)
            marked.append(_stand(finding, "new" if grown else "kept"))
            continue
        mark = _mark(finding, renamed.get(finding.at.path, ""))
        moved = left[mark] > 0
        left[mark] -= moved
        marked.append(_stand(finding, "kept" if moved else "new"))
    for finding in reversed(gone):
        mark = _mark(finding, finding.at.path)
        if left[mark] > 0:
            left[mark] -= 1
            marked.append(_stand(finding, "fixed"))
    marked.sort(key=lambda f: (f.at.path, f.at.cell or 0, f.at.line, f.rule, f.at.column, f.says))
    return msgspec.structs.replace(report, base=base.commit, base_score=base.score, findings=tuple(marked))


def _mark(finding: Finding, path: str) -> tuple[str, ...]:
    """What a finding and the one it was before its file was renamed have in common; `path` is the file's old name."""
    return path, finding.rule, finding.kind, finding.symbol or "", finding.says.replace(finding.at.path, path)


def _stand(finding: Finding, standing: str) -> Finding:
    return msgspec.structs.replace(finding, standing=standing)
