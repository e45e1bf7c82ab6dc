"""What `mldebt fix` says: a line a file, what is left, a summary."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from mldebt.model import Finding
from mldebt.report.excerpt import plain

_PLURALS = {"class": "classes", "unreachable": "unreachable blocks", "commented_code": "commented-out blocks"}
_SINGULARS = {"unreachable": "unreachable block", "commented_code": "commented-out block"}
_REWRITTEN = "rewritten"
_SHORT = (
    "may change what runs",
    "may change what a cell shows",
    "without a patch",
    "imported elsewhere",
    "data of tests, it seems",
)


def of_file(path: str, kinds: Mapping[str, int], lines: int, gone: bool) -> str:
    """What went from a file."""
    size = f" ({lines:,} line{'' if lines == 1 else 's'})" if lines else ""
    if gone:
        return f"{plain(path)}: deleted{size}"
    ranked = sorted(kinds.items(), key=lambda p: (-p[1], p[0]))
    gone_parts = ", ".join(f"{number} {_word(kind, number)}" for kind, number in ranked if kind != _REWRITTEN)
    parts = [f"{gone_parts} removed"] if gone_parts else []
    if number := kinds.get(_REWRITTEN, 0):
        parts.append(f"{number} expression{'' if number == 1 else 's'} rewritten")
    return f"{plain(path)}: {', '.join(parts)}{size}"


def of_finding(finding: Finding, why: str) -> str:
    """What is left, and why."""
    at = finding.at
    cell = f"cell {at.cell}:" if at.cell is not None else ""
    return f"{plain(at.path)}:{cell}{at.line}: {plain(finding.says)}, left: {plain(why)}"


def summary(fixed: int, files: int, left: Iterable[str], written: bool) -> str:
    """How much was fixed and how much is left, by reason."""
    reasons = Counter(why if why in _SHORT else "not to be taken out by a program" for why in left)
    done = f"{fixed:,} finding{'' if fixed == 1 else 's'} {'' if written else 'would be '}fixed in {files:,} file"
    done = f"{done}{'' if files == 1 else 's'}" if files else "nothing to fix"
    if not reasons:
        return done
    counts = ", ".join(f"{number:,} {why}" for why, number in sorted(reasons.items(), key=lambda p: (-p[1], p[0])))
    unsafe = " (--unsafe takes what may)" if not reasons.keys().isdisjoint(_SHORT[:2]) else ""
    return f"{done}, {sum(reasons.values()):,} left for you: {counts}{unsafe}"


def _word(kind: str, number: int) -> str:
    if number == 1:
        return _SINGULARS.get(kind, kind)
    return _PLURALS.get(kind, f"{kind}s")
