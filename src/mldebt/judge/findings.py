"""Hits → findings: price, fingerprint, order."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable

from mldebt.judge.stamped import Stamped
from mldebt.model import Finding, Place, Related, Span
from mldebt.rules.catalogue import Rule


def findings(hits: Iterable[Stamped], rules: dict[str, Rule]) -> tuple[Finding, ...]:
    """The findings by path, cell, line and rule; equal ones are told apart by a counter in that order."""
    ordered = sorted(hits, key=_order)
    seen: Counter[str] = Counter()
    found: list[Finding] = []
    for stamped in ordered:
        mark = "\0".join((stamped.rule, stamped.path, stamped.hit.scope, stamped.hit.identity or stamped.hit.says))
        seen[mark] += 1
        fingerprint = hashlib.sha256(f"{mark}\0{seen[mark]}".encode(errors="surrogateescape")).hexdigest()[:20]
        found.append(_finding(stamped, rules[stamped.rule], fingerprint))
    return tuple(found)


def _order(stamped: Stamped) -> tuple[str, int, int, str, int, str]:
    at = stamped.hit.at
    return stamped.path, at.cell or 0, at.line, stamped.rule, at.column, stamped.hit.says


def _finding(stamped: Stamped, rule: Rule, fingerprint: str) -> Finding:
    hit = stamped.hit
    price = rule.about.minutes
    return Finding(
        rule=rule.name,
        family=rule.about.family,
        category=rule.category,
        kind=hit.kind,
        severity=rule.about.severity,
        confidence=hit.confidence,
        minutes=max(1, round(price.constant + price.per_unit * hit.units)),
        at=_span(stamped.path, hit.at, hit.parts),
        symbol=hit.symbol,
        says=hit.says,
        see=tuple(_related(stamped.path, other) for other in hit.see),
        fingerprint=fingerprint,
        fix=stamped.fix,
    )


def _span(path: str, at: Place, parts: tuple[Place, ...]) -> Span:
    return Span(path, at.line, at.end_line, at.column, at.cell, parts=parts)


def _related(path: str, other: Related) -> Span:
    at = other.at
    return Span(
        other.path or path,
        at.line,
        at.end_line,
        at.column,
        at.cell,
        note=other.note,
        symbol=other.symbol,
        kind=other.kind,
        parts=other.parts,
    )
