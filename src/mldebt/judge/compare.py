"""A report against another one's: what is new, what was there, what was paid off.

A clone class is known by where its members stand, whatever was edited in them: with one where none was it is new.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from types import MappingProxyType

import msgspec

from mldebt.model import Finding, Report, Span

_SAME_MEMBERS = 0.5  # of an old class
_SAME_LENGTH = 0.7  # of the longer of two members
_NONE: Mapping[str, str] = MappingProxyType({})


def compare(report: Report, base: Report, renamed: Mapping[str, str] = _NONE) -> Report:
    """The report with a standing for each finding, and the base's findings that are gone as `fixed`.

    `renamed` has the names that files had in the base, by the ones they have now: their findings went with them.
    """
    before = {finding.fingerprint: finding for finding in base.findings}
    now = {finding.fingerprint for finding in report.findings}
    edited = _same_classes([f for f in report.findings if f.fingerprint not in before], base, now, renamed)
    met = now.union(old.fingerprint for old in edited.values())
    gone = [finding for finding in base.findings if finding.fingerprint not in met]
    left = Counter(_mark(finding, finding.at.path) for finding in gone)
    marked: list[Finding] = []
    for finding in report.findings:
        known = before.get(finding.fingerprint) or edited.get(finding.fingerprint)
        if known is not None:
            marked.append(_stand(finding, "new" if _has_grown(finding, known, renamed) else "kept"))
            continue
        old = _mark(finding, renamed.get(finding.at.path, ""))
        moved = left[old] > 0
        left[old] -= moved
        marked.append(_stand(finding, "kept" if moved else "new"))
    for finding in reversed(gone):
        mark = _mark(finding, finding.at.path)
        if left[mark] > 0:
            left[mark] -= 1
            marked.append(_stand(finding, "fixed"))
    marked.sort(key=lambda f: (f.at.path, f.at.cell or 0, f.at.line, f.rule, f.at.column, f.says))
    return msgspec.structs.replace(report, base=base.commit, findings=tuple(marked))


def _has_grown(finding: Finding, old: Finding, renamed: Mapping[str, str]) -> bool:
    """Whether a clone class has a member where it had none."""
    return finding.family == "clones" and bool(_places(finding, renamed) - _places(old, _NONE))


def _same_classes(
    candidates: list[Finding], base: Report, now: set[str], renamed: Mapping[str, str]
) -> dict[str, Finding]:
    """What the clone classes among the candidates were in the base, by fingerprint; each was one of them at most."""
    left = [f for f in base.findings if f.family == "clones" and f.fingerprint not in now]
    found: dict[str, Finding] = {}
    for finding in candidates:
        if finding.family == "clones":
            places = _places(finding, renamed)
            old = max((f for f in left if _is_same(finding, places, f)), key=lambda f: len(f.see), default=None)
            if old is not None:
                left.remove(old)
                found[finding.fingerprint] = old
    return found


def _places(finding: Finding, renamed: Mapping[str, str]) -> Counter[tuple[str, str]]:
    spans = [(finding.at, finding.symbol), *((span, span.symbol) for span in finding.see)]
    return Counter((renamed.get(span.path, span.path), symbol or "") for span, symbol in spans)


def _is_same(finding: Finding, places: Counter[tuple[str, str]], old: Finding) -> bool:
    """Whether half of the members of an old class are still there, about as long as they were."""
    before = _places(old, _NONE)
    lengths = [_length(finding.at), _length(old.at)]
    is_there = (before & places).total() >= _SAME_MEMBERS * before.total()
    return finding.rule == old.rule and is_there and min(lengths) >= _SAME_LENGTH * max(lengths)


def _length(span: Span) -> int:
    return sum(part.end_line - part.line + 1 for part in span.parts or (span,))


def _mark(finding: Finding, path: str) -> tuple[str, ...]:
    """What a finding and the one it was before its file was renamed have in common; `path` is the file's old name."""
    return path, finding.rule, finding.kind, finding.symbol or "", finding.says.replace(finding.at.path, path)


def _stand(finding: Finding, standing: str) -> Finding:
    return msgspec.structs.replace(finding, standing=standing)
