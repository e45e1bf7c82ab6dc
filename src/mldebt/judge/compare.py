"""A report against another one's: what is new, what was there, what was paid off."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from types import MappingProxyType

import msgspec

from mldebt.model import Finding, Report

_NONE: Mapping[str, str] = MappingProxyType({})


def compare(report: Report, base: Report, renamed: Mapping[str, str] = _NONE) -> Report:
    """The report with a standing for each finding, and the base's findings that are gone as `fixed`.

    `renamed` has the names that files had in the base, by the ones they have now: their findings went with them.
    """
    before = {finding.fingerprint for finding in base.findings}
    now = {finding.fingerprint for finding in report.findings}
    gone = [finding for finding in base.findings if finding.fingerprint not in now]
    left = Counter(_mark(finding, finding.at.path) for finding in gone)
    marked: list[Finding] = []
    for finding in report.findings:
        old = _mark(finding, renamed.get(finding.at.path, ""))
        moved = finding.fingerprint not in before and left[old] > 0
        left[old] -= moved
        marked.append(_stand(finding, "kept" if moved or finding.fingerprint in before else "new"))
    for finding in reversed(gone):
        mark = _mark(finding, finding.at.path)
        if left[mark] > 0:
            left[mark] -= 1
            marked.append(_stand(finding, "fixed"))
    marked.sort(key=lambda f: (f.at.path, f.at.cell or 0, f.at.line, f.rule, f.at.column, f.says))
    return msgspec.structs.replace(report, base=base.commit, findings=tuple(marked))


def _mark(finding: Finding, path: str) -> tuple[str, ...]:
    """What a finding and the one it was before its file was renamed have in common; `path` is the file's old name."""
    return path, finding.rule, finding.kind, finding.symbol or "", finding.says.replace(finding.at.path, path)


def _stand(finding: Finding, standing: str) -> Finding:
    return msgspec.structs.replace(finding, standing=standing)
