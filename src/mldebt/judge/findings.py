"""Hits → findings: price, fingerprint, order."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from mldebt.judge.stamped import Stamped
from mldebt.model import Finding, Place, Related, Span
from mldebt.rules.catalogue import Rule


class Numbered(NamedTuple):
    """A hit with its fingerprint."""

    stamped: Stamped
    fingerprint: str


def number(hits: Iterable[Stamped]) -> list[Numbered]:
    """The hits by path, cell, line and rule, with fingerprints; equal ones are told apart by a counter."""
    seen: Counter[str] = Counter()
    found: list[Numbered] = []
    for stamped in sorted(hits, key=_order):
        mark = "\0".join((stamped.rule, stamped.path, stamped.hit.scope, stamped.hit.identity or stamped.hit.says))
        seen[mark] += 1
        digest = hashlib.sha256(f"{mark}\0{seen[mark]}".encode(errors="surrogateescape")).hexdigest()
        found.append(Numbered(stamped, digest[:20]))
    return found


def findings(numbered: Iterable[Numbered], rules: dict[str, Rule]) -> tuple[Finding, ...]:
    """The findings in the order given."""
    return tuple(_finding(stamped, rules[stamped.rule], fingerprint) for stamped, fingerprint in numbered)


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
        severity=hit.severity or rule.about.severity,
        confidence=hit.confidence,
        minutes=max(1, round(price.constant + price.per_unit * hit.units)),
        at=_span(stamped.path, hit.at, hit.parts),
        symbol=hit.symbol,
        says=hit.says,
        see=tuple(_related(stamped.path, other) for other in hit.see),
        fingerprint=fingerprint,
        fix=stamped.fix,
        removes=stamped.removes,
        rewrites=stamped.rewrites,
        scope=hit.scope,
        identity=hit.identity or "",
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
