"""A report against another one's: what is new, what was there, what was paid off.

A finding is the one it was if its fingerprint is, or if it went with its file to another name, or with its definition
to another file. A clone class is known by where its members stand, whatever was edited in them; one more makes it new.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

import msgspec

from mldebt.judge.clone_classes import clone_classes, has_grown, paired
from mldebt.model import Finding, Report

_NONE: Mapping[str, str] = MappingProxyType({})
_CLONES = ("type-1", "type-2", "type-3")  # kinds of clone classes
_DEFINITIONS = ("function", "class", "method")

Mark = tuple[str, ...]


def compare(
    report: Report,
    base: Report,
    renamed: Mapping[str, str] = _NONE,
    is_edited: Callable[[Finding], bool] = lambda _: True,
) -> Report:
    """The report with a standing for each finding, and the base's findings that are gone as `fixed`.

    `renamed` has the names that files had in the base, by the ones they have now: their findings went with them. A
    clone class is new only if `is_edited` says that one of its members was.
    """
    classes = clone_classes(report.findings, renamed)
    were = paired(classes, clone_classes(base.findings))
    met = {finding.fingerprint for finding in report.findings}.union(old.fingerprint for old in were.values())
    gone = [finding for finding in base.findings if finding.fingerprint not in met]
    known = {finding.fingerprint for finding in base.findings}.union(were)
    grown = {key for key, old in were.items() if has_grown(classes[key], old)}
    fresh = [finding for finding in report.findings if finding.fingerprint not in known]
    fresh, gone = _without_pairs(fresh, gone, lambda finding: _renamed(finding, renamed), _in_file)
    fresh, gone = _without_pairs(fresh, gone, _moved, _moved)
    new = {f.fingerprint for f in fresh if f.kind not in _CLONES or is_edited(f)} | grown
    marked = [_stand(f, "new" if f.fingerprint in new else "kept") for f in report.findings]
    marked.extend(_stand(finding, "fixed") for finding in gone)
    return msgspec.structs.replace(report, base=base.commit, base_score=base.score, findings=tuple(in_order(marked)))


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """The findings as a report has them: by path, cell, line and rule."""
    return sorted(findings, key=lambda f: (f.at.path, f.at.cell or 0, f.at.line, f.rule, f.at.column, f.says))


def _without_pairs(
    fresh: list[Finding], gone: list[Finding], now: Callable[[Finding], Mark], before: Callable[[Finding], Mark]
) -> tuple[list[Finding], list[Finding]]:
    """Both lists without those that are one: of equals the first ones. No mark is no pair."""
    pairs = Counter(map(before, gone)) & Counter(map(now, fresh))
    del pairs[()]
    return _less(fresh, now, pairs), _less(gone, before, pairs)


def _less(findings: Iterable[Finding], mark: Callable[[Finding], Mark], pairs: Counter[Mark]) -> list[Finding]:
    left = Counter(pairs)
    kept: list[Finding] = []
    for finding in findings:
        of = mark(finding)
        if left[of] > 0:
            left[of] -= 1
        else:
            kept.append(finding)
    return kept


def _renamed(finding: Finding, renamed: Mapping[str, str]) -> Mark:
    """The mark that a finding had when its file had another name."""
    before = renamed.get(finding.at.path)
    return _mark(finding, before) if before is not None else ()


def _in_file(finding: Finding) -> Mark:
    return _mark(finding, finding.at.path)


def _moved(finding: Finding) -> Mark:
    """What a finding keeps when its definition goes to another file; nothing if it lies in none.

    Clone classes are compared by their members.
    """
    has_definition = finding.scope or (finding.symbol and finding.kind in _DEFINITIONS)
    return _mark(finding, "") if has_definition and finding.family != "clones" else ()


def _mark(finding: Finding, path: str) -> Mark:
    """What a finding is, wherever its file is; `path` takes the place of the file's own."""
    what = (finding.identity or finding.says).replace(finding.at.path, path)
    return path, finding.rule, finding.kind, finding.scope, finding.symbol or "", what


def _stand(finding: Finding, standing: str) -> Finding:
    return msgspec.structs.replace(finding, standing=standing)
