"""Clone classes of two reports, or of a report and a baseline: which of them is which, and which has grown.

A class is known by its fingerprint, else by where its members stand, whatever was edited in them. A member that has a
name may go to another file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from mldebt.model import Finding, Span

_SAME_MEMBERS = 0.5  # of an old class
_SAME_LENGTH = 0.7  # of the longer of two members
_NONE: Mapping[str, str] = MappingProxyType({})


class CloneClass(NamedTuple):
    """The members as (path, symbol) with how often each occurs; `lines` is the length of the first one."""

    fingerprint: str
    rule: str
    members: Counter[tuple[str, str]]
    lines: int


def clone_classes(findings: Iterable[Finding], renamed: Mapping[str, str] = _NONE) -> dict[str, CloneClass]:
    """The classes among the findings, by fingerprint; `renamed` has the names that files had by those they have."""
    return {f.fingerprint: _class(f, renamed) for f in findings if f.family == "clones"}


def _class(finding: Finding, renamed: Mapping[str, str]) -> CloneClass:
    spans = [(finding.at, finding.symbol or finding.scope), *((span, span.symbol) for span in finding.see)]
    members = Counter((renamed.get(span.path, span.path), symbol or "") for span, symbol in spans)
    return CloneClass(finding.fingerprint, finding.rule, members, _length(finding.at))


def _length(span: Span) -> int:
    return sum(part.end_line - part.line + 1 for part in span.parts or (span,))


def paired(now: Mapping[str, CloneClass], before: Mapping[str, CloneClass]) -> dict[str, CloneClass]:
    """What the classes were before, by the fingerprint they have now; each was one of them at most."""
    left = [old for fingerprint, old in before.items() if fingerprint not in now]
    found: dict[str, CloneClass] = {}
    for fingerprint, one in now.items():
        if fingerprint in before:
            found[fingerprint] = before[fingerprint]
            continue
        old = max((c for c in left if _is_same(one, c)), key=lambda c: c.members.total(), default=None)
        if old is not None:
            left.remove(old)
            found[fingerprint] = old
    return found


def _is_same(now: CloneClass, old: CloneClass) -> bool:
    """Whether half of the members of an old class are still there, about as long as they were, or all are shorter."""
    if now.members <= old.members and now.lines < old.lines:
        return True  # what is left of it
    lengths = now.lines, old.lines
    is_there = old.members.total() - _lost(old, now).total() >= _SAME_MEMBERS * old.members.total()
    return now.rule == old.rule and is_there and min(lengths) >= _SAME_LENGTH * max(lengths)


def has_grown(now: CloneClass, old: CloneClass) -> bool:
    """Whether a class has a member where it had none, and that none of the others is."""
    return bool(_lost(now, old))


def _lost(one: CloneClass, other: CloneClass) -> Counter[str]:
    """The members that only one of two classes has, by name: of those with a name, beyond as many of the other."""
    ours, theirs = _names(one.members - other.members), _names(other.members - one.members)
    nameless = ours.pop("", 0)
    return (ours - theirs) + Counter({"": nameless})


def _names(members: Counter[tuple[str, str]]) -> Counter[str]:
    names: Counter[str] = Counter()
    for (_, name), count in members.items():
        names[name] += count
    return names
